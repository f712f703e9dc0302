import { useSignal } from '@preact/signals'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Note } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { findingWords } from '../../text/finding.ts'
import { StepHead } from './step-head.tsx'
import type { Refused, Wizard } from './wizard.ts'

const words = findingWords.login

/** One user name and password for all that are chosen; those that refuse it stay, for another. */
export function LoginStep({ wizard }: { wizard: Wizard }) {
  const [username, password, shown] = [useSignal(''), useSignal(''), useSignal(false)]
  const task = useTask()
  const { chosen, refused, drafts, step } = wizard
  const send = () => task.run(() => wizard.signIn({ username: username.value.trim(), password: password.value }))
  const back = () => {
    wizard.stop()
    step.value = 'look'
  }
  const show = (
    <button type="button" class="field-aside" aria-pressed={shown.value} onClick={() => (shown.value = !shown.value)}>
      {shown.value ? words.hide : words.show}
    </button>
  )
  return (
    <>
      <StepHead title={words.title(chosen.value.length)} lead={words.lead(chosen.value.length)} onBack={back} />
      <div role="status">
        {refused.value.length > 0 && !task.busy.value && <Refusals refused={refused.value} />}
        {task.busy.value && <p class="quiet">{words.asking}</p>}
      </div>
      {refused.value.length === 0 && (
        <ul class="rows">
          {chosen.value.map(({ address, label }) => (
            <li key={address}>
              <span class="row-words">
                <span>{label}</span>
                {label !== address && <span class="quiet">{hostOf(address)}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      <TaskForm task={task} send={words.ask} onSubmit={() => void send()}>
        <Field
          label={words.username}
          value={username.value}
          maxLength={256}
          autoFocus
          onInput={(value) => (username.value = value)}
        />
        <Field
          label={words.password}
          type={shown.value ? 'text' : 'password'}
          value={password.value}
          maxLength={256}
          hint={words.empty}
          aside={show}
          onInput={(value) => (password.value = value)}
        />
      </TaskForm>
      {drafts.value.length > 0 && (
        <Button wide onPress={() => (step.value = 'name')}>
          {words.goOn(drafts.value.length)}
        </Button>
      )}
    </>
  )
}

/** Why each did not let Lares in, and what helps. */
function Refusals({ refused }: { refused: readonly Refused[] }) {
  return (
    <Note tone="problem" title={words.refused(refused.length)}>
      {refused.map(({ candidate, reason, message }) => (
        <div key={candidate.address}>
          {refused.length > 1 && <p class="note-title">{`${candidate.label}, ${hostOf(candidate.address)}`}</p>}
          <p>{message}</p>
          {reason && <p>{words.remedies[reason]}</p>}
        </div>
      ))}
    </Note>
  )
}

/** Of a service's address what a person knows it by. */
function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address
}
