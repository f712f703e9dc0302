import { useSignal } from '@preact/signals'
import * as client from '../../client-risk.ts'
import { Button } from '../../parts/button.tsx'
import { OBJECT_CLASSES } from '../../parts/camera-source.ts'
import { Check } from '../../parts/check.tsx'
import { Chips } from '../../parts/chips.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Sheet } from '../../parts/sheet.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { cameras } from '../../state/cameras.ts'
import { expectations } from '../../state/expectations.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { risk } from '../../text/risk.ts'
import type { Expectation, ExpectationBody, Weekday } from '../../wire-risk.ts'

const words = risk.expected.form
const WEEKDAYS = Object.keys(risk.expected.days) as Weekday[]
const WHO = Object.keys(risk.expected.who) as Expectation['who'][]

const NEW: ExpectationBody = {
  ...{ name: '', who: 'visitor', classes: ['person'], cameras: null, from: '10:00', to: '13:00', enabled: true },
  weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
}

/** Out when it is in, in when it is out, in the order of `all`. */
function toggled<T extends string>(all: readonly T[], chosen: readonly T[], value: T): T[] {
  return all.filter((each) => (each === value ? !chosen.includes(value) : chosen.includes(each)))
}

export function EditExpected({ of: known, onClose }: { of: Expectation | null; onClose: () => void }) {
  const draft = useSignal<ExpectationBody>(known ? bodyOf(known) : NEW)
  const tried = useSignal(false)
  const task = useTask()
  const removing = useTask()
  const change = (part: Partial<ExpectationBody>) => (draft.value = { ...draft.value, ...part })
  const wrong = tried.value ? mistakes(draft.value) : {}
  const finish = (text: string) => {
    void expectations.load()
    showToast({ tone: 'done', text })
    onClose()
  }
  const save = async () => {
    tried.value = true
    const body = { ...draft.value, name: draft.value.name.trim() }
    if (Object.keys(mistakes(body)).length > 0) return
    const send = () => (known ? client.changeExpectation(known.id, body) : client.addExpectation(body))
    if (await task.run(async () => void (await send()))) finish(words.saved)
  }
  const remove = async (id: string) => {
    if (await removing.run(async () => void (await client.removeExpectation(id)))) finish(words.removed)
  }
  return (
    <Sheet title={known ? words.edit : words.add} onClose={onClose}>
      <TaskForm task={task} send={t.shell.save} onSubmit={() => void save()}>
        <Field
          label={words.name}
          hint={words.nameHint}
          value={draft.value.name}
          maxLength={64}
          error={wrong.name}
          onInput={(name) => change({ name })}
        />
        <Select
          label={words.who}
          value={draft.value.who}
          options={WHO.map((value) => ({ value, label: risk.expected.who[value] }))}
          onChange={(value) => change({ who: WHO.find((each) => each === value) ?? 'visitor' })}
        />
        <Choices draft={draft.value} wrong={wrong} onChange={change} />
        {known && (
          <div class="checks">
            <Check
              label={words.active}
              hint={words.activeHint}
              checked={draft.value.enabled}
              onChange={(enabled) => change({ enabled })}
            />
          </div>
        )}
      </TaskForm>
      {known && (
        <Button look="danger" busy={removing.busy.value} onPress={() => void remove(known.id)}>
          {words.remove}
        </Button>
      )}
    </Sheet>
  )
}

interface ChoicesProps {
  draft: ExpectationBody
  wrong: Mistakes
  onChange: (part: Partial<ExpectationBody>) => void
}

/** What, when and where. */
function Choices({ draft: { classes, weekdays, from, to, cameras: chosen }, wrong, onChange }: ChoicesProps) {
  const all = cameras.data.value ?? []
  const ids = all.map(({ id }) => id)
  const choose = (id: string) => {
    const next = toggled(ids, chosen ?? [], id)
    onChange({ cameras: next.length === 0 ? null : next })
  }
  return (
    <>
      <fieldset class="fieldset">
        <legend>{words.classes}</legend>
        <Chips
          label={words.classes}
          options={OBJECT_CLASSES.map((value) => ({ value, label: t.incidents.classes[value] }))}
          chosen={classes}
          onToggle={(value) => onChange({ classes: toggled(OBJECT_CLASSES, classes, value) })}
        />
        {wrong.classes && <p class="field-error">{wrong.classes}</p>}
      </fieldset>
      <fieldset class="fieldset">
        <legend>{words.days}</legend>
        <Chips
          label={words.days}
          options={WEEKDAYS.map((value) => ({ value, label: risk.expected.days[value] }))}
          chosen={weekdays}
          onToggle={(value) => onChange({ weekdays: toggled(WEEKDAYS, weekdays, value) })}
        />
        {wrong.weekdays && <p class="field-error">{wrong.weekdays}</p>}
      </fieldset>
      <Field label={words.from} type="time" value={from} onInput={(value) => onChange({ from: value || from })} />
      <Field
        label={words.to}
        type="time"
        hint={words.timesHint}
        value={to}
        onInput={(value) => onChange({ to: value || to })}
      />
      {all.length > 0 && (
        <fieldset class="fieldset">
          <legend>{words.cameras}</legend>
          <Chips
            label={words.cameras}
            options={all.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={chosen ?? []}
            onToggle={choose}
          />
        </fieldset>
      )}
    </>
  )
}

type Mistakes = Partial<Record<'name' | 'classes' | 'weekdays', string>>

function mistakes({ name, classes, weekdays }: ExpectationBody): Mistakes {
  return {
    ...(name.trim() === '' && { name: words.nameMissing }),
    ...(classes.length === 0 && { classes: words.classesMissing }),
    ...(weekdays.length === 0 && { weekdays: words.daysMissing }),
  }
}

function bodyOf({ id: _, createdAt: _created, ...body }: Expectation): ExpectationBody {
  return body
}
