import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import * as client from '../../client-people.ts'
import { Button } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { useTask } from '../../parts/form.ts'
import { OnceSheet } from '../../parts/once.tsx'
import { Section } from '../../parts/page.tsx'
import { Ask, Sheet } from '../../parts/sheet.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { forgetPerson, keepPerson } from '../../state/people.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { care } from '../../text/people.ts'
import type { Person } from '../../wire-people.ts'
import { changeAndOffer } from './change-person.tsx'

const words = care.people.person

/** What is done when a phone is lost, a password forgotten, or somebody moves out. */
export function LookAfter({ person, barred }: { person: Person; barred: boolean }) {
  const open = useSignal<'reset' | 'remove' | null>(null)
  const task = useTask()
  const { id, displayName, active } = person
  const setActive = (to: boolean) =>
    task.run(() =>
      changeAndOffer(
        person,
        { active: to },
        { active: !to },
        to ? words.activated(displayName) : words.deactivated(displayName),
      ),
    )
  const endSessions = () =>
    task.run(async () => {
      await client.endSessionsOf(id)
      keepPerson({ ...person, sessions: 0 })
      showToast({ tone: 'done', text: words.endedSessions(displayName) })
    })
  return (
    <Section title={words.looking}>
      {!active && <p class="quiet">{words.isOff}</p>}
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div class="row-buttons">
        {active && (
          <Button icon="key" onPress={() => (open.value = 'reset')}>
            {words.reset}
          </Button>
        )}
        {person.sessions > 0 && (
          <Button icon="leave" busy={task.busy.value} onPress={() => void endSessions()}>
            {words.endSessions}
          </Button>
        )}
        {!barred && (
          <>
            <Button icon="power" busy={task.busy.value} onPress={() => void setActive(!active)}>
              {active ? words.deactivate : words.activate}
            </Button>
            <Button look="danger" icon="trash" onPress={() => (open.value = 'remove')}>
              {words.remove}
            </Button>
          </>
        )}
      </div>
      {open.value === 'reset' && <Reset person={person} onClose={() => (open.value = null)} />}
      {open.value === 'remove' && <Remove person={person} onClose={() => (open.value = null)} />}
    </Section>
  )
}

function Reset({ person, onClose }: { person: Person; onClose: () => void }) {
  const ask = care.people.resetAsk
  const withFactor = useSignal(false)
  const made = useSignal<string | null>(null)
  const task = useTask()
  const reset = () =>
    task.run(async () => {
      const { temporaryPassword } = await client.resetPerson(person.id, withFactor.value)
      const lost = withFactor.value ? { hasTotp: false, passkeys: 0 } : {}
      keepPerson({ ...person, ...lost, sessions: 0, mustChangePassword: true })
      made.value = temporaryPassword
    })
  if (made.value !== null) {
    return (
      <OnceSheet
        title={ask.done(person.displayName)}
        lead={ask.lead}
        label={ask.label}
        secret={made.value}
        onClose={onClose}
      />
    )
  }
  return (
    <Sheet title={ask.title(person.displayName)} onClose={onClose}>
      <p>{ask.text}</p>
      {(person.hasTotp || person.passkeys > 0) && (
        <div class="checks">
          <Check
            label={ask.factor}
            hint={ask.factorHint}
            checked={withFactor.value}
            onChange={(on) => (withFactor.value = on)}
          />
        </div>
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div class="row-buttons">
        <Button onPress={onClose}>{t.shell.cancel}</Button>
        <Button look="danger" busy={task.busy.value} onPress={() => void reset()}>
          {ask.confirm}
        </Button>
      </div>
    </Sheet>
  )
}

function Remove({ person, onClose }: { person: Person; onClose: () => void }) {
  const { route } = useLocation()
  const ask = care.people.removeAsk
  const task = useTask()
  const remove = async () => {
    if (!(await task.run(async () => void (await client.removePerson(person.id))))) return
    onClose()
    showToast({ tone: 'done', text: ask.removed(person.displayName) })
    route('/more/people', true)
    forgetPerson(person.id)
  }
  if (task.error.value) {
    return (
      <Sheet title={ask.title(person.displayName)} onClose={onClose}>
        <ErrorNote error={task.error.value} />
      </Sheet>
    )
  }
  return (
    <Ask
      title={ask.title(person.displayName)}
      text={ask.text(person.displayName)}
      confirm={ask.confirm}
      busy={task.busy.value}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  )
}
