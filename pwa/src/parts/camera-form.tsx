import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../text/index.ts'
import type { ObjectClass } from '../wire.ts'
import { Button } from './button.tsx'
import { Connection } from './camera-connection.tsx'
import { OBJECT_CLASSES } from './camera-source.ts'
import type { CameraDraft } from './camera-source.ts'
import { useCameraTest } from './camera-test.tsx'
import { Chips } from './chips.tsx'
import { Field } from './field.tsx'
import { useTask } from './form.ts'
import { ErrorNote } from './states.tsx'

const words = t.cameras.form

export interface CameraFormProps {
  start: CameraDraft
  submit: string
  /** A stored password stays when the field is left empty. */
  hasPassword?: boolean
  /** Failures are shown by the form. */
  onSubmit: (draft: CameraDraft) => Promise<void>
}

/** Name, address and credentials, with a picture from the camera before anything is stored. */
export function CameraForm({ start, submit, hasPassword, onSubmit }: CameraFormProps) {
  const [draft, tried] = [useSignal(start), useSignal(false)]
  const task = useTask()
  const test = useCameraTest(draft)
  const change = (part: Partial<CameraDraft>) => (draft.value = { ...draft.value, ...part })
  const { name, address, classes } = draft.value
  const wrong = tried.value
    ? {
        name: name.trim() === '' ? words.missingName : task.error.value?.fields.get('name'),
        address: address.trim() === '' ? words.missingAddress : undefined,
        classes: classes.length === 0 ? words.missingClasses : undefined,
      }
    : {}
  useEffect(() => () => test.stop(), [])
  const save = async () => {
    tried.value = true
    if (name.trim() === '' || address.trim() === '' || classes.length === 0) return
    await task.run(() => onSubmit({ ...draft.value, name: name.trim() }))
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Field
        label={words.name}
        hint={words.nameHint}
        value={name}
        maxLength={64}
        error={wrong.name}
        onInput={(v) => change({ name: v })}
      />
      <Field
        label={words.address}
        hint={words.addressHint}
        value={address}
        inputMode="url"
        maxLength={2_000}
        error={wrong.address}
        onInput={(v) => change({ address: v })}
      />
      <Connection draft={draft} hasPassword={hasPassword === true} />
      <Classes chosen={classes} error={wrong.classes} onChange={(next) => change({ classes: next })} />
      <Place place={draft.value.place} onChange={(place) => change({ place })} />
      {test.view}
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div class="row-buttons">
        <Button busy={test.busy} onPress={() => void test.start()}>
          {words.test}
        </Button>
        <Button type="submit" look="main" busy={task.busy.value}>
          {submit}
        </Button>
      </div>
    </form>
  )
}

/** What it shares with other cameras. */
export function Place({ place, onChange }: { place: string; onChange: (place: string) => void }) {
  return <Field label={words.place} hint={words.placeHint} value={place} maxLength={64} onInput={onChange} />
}

interface ClassesProps {
  chosen: readonly ObjectClass[]
  error: string | undefined
  onChange: (classes: readonly ObjectClass[]) => void
}

/** What the camera tells about. */
export function Classes({ chosen, error, onChange }: ClassesProps) {
  return (
    <fieldset class="fieldset">
      <legend>{words.watchFor}</legend>
      <Chips
        label={words.watchFor}
        options={OBJECT_CLASSES.map((value) => ({ value, label: t.incidents.classes[value] }))}
        chosen={chosen}
        onToggle={(value) => onChange(toggled(chosen, value))}
      />
      {error && <p class="field-error">{error}</p>}
    </fieldset>
  )
}

function toggled(classes: readonly ObjectClass[], value: ObjectClass): ObjectClass[] {
  const next = new Set(classes)
  if (!next.delete(value)) next.add(value)
  return OBJECT_CLASSES.filter((each) => next.has(each))
}
