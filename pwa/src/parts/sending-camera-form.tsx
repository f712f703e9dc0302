import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { t } from '../text/index.ts'
import type { CreateCamera, ObjectClass } from '../wire.ts'
import { Button } from './button.tsx'
import { Classes, Place } from './camera-form.tsx'
import { Field, Select } from './field.tsx'
import { useTask } from './form.ts'
import { ErrorNote } from './states.tsx'

const words = t.uploads
const form = t.cameras.form

/** What somebody says of a camera that sends its pictures. */
export interface SendingDraft {
  name: string
  folder: string
  expectEveryHours: number | null
  classes: readonly ObjectClass[]
  place: string
}

/** "Front door" → front_door */
export function folderOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase()
  return plain
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 32)
}

export function bodyOf({ name, folder, expectEveryHours, classes, place }: SendingDraft) {
  const source = { kind: 'upload' as const, folder: folder.trim() || folderOf(name), expectEveryHours }
  return { name: name.trim(), place: place.trim(), classes: [...classes], source } satisfies CreateCamera
}

export interface SendingCameraFormProps {
  start: SendingDraft
  submit: string
  /** Failures are shown by the form. */
  onSubmit: (draft: SendingDraft) => Promise<void>
}

/** Name, folder, and how long it may be silent. There is no address: the camera comes to the box. */
export function SendingCameraForm({ start, submit, onSubmit }: SendingCameraFormProps) {
  const [draft, tried] = [useSignal(start), useSignal(false)]
  const task = useTask()
  const change = (part: Partial<SendingDraft>) => (draft.value = { ...draft.value, ...part })
  const { name, folder, classes, place } = draft.value
  const isNameMissing = name.trim() === ''
  const isFolderMissing = !isNameMissing && folder.trim() === '' && folderOf(name) === ''
  const folderError = tried.value && isFolderMissing ? words.missingFolder : task.error.value?.fields.get('source')
  const save = async () => {
    tried.value = true
    if (isNameMissing || isFolderMissing || classes.length === 0) return
    await task.run(() => onSubmit(draft.value))
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
        label={form.name}
        hint={form.nameHint}
        value={name}
        maxLength={64}
        error={tried.value && isNameMissing ? form.missingName : task.error.value?.fields.get('name')}
        onInput={(v) => change({ name: v })}
      />
      <FolderFields draft={draft} folderError={folderError} />
      <Classes
        chosen={classes}
        error={tried.value && classes.length === 0 ? form.missingClasses : undefined}
        onChange={(next) => change({ classes: next })}
      />
      <Place place={place} onChange={(v) => change({ place: v })} />
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button type="submit" look="main" wide busy={task.busy.value}>
        {submit}
      </Button>
    </form>
  )
}

/** Where its pictures lie, and how long it may be silent. */
function FolderFields({ draft, folderError }: { draft: Signal<SendingDraft>; folderError: string | undefined }) {
  const change = (part: Partial<SendingDraft>) => (draft.value = { ...draft.value, ...part })
  const { name, folder, expectEveryHours } = draft.value
  return (
    <>
      <Field
        label={words.folder}
        hint={words.folderHint}
        value={folder === '' ? folderOf(name) : folder}
        maxLength={63}
        error={folderError}
        onInput={(v) => change({ folder: v })}
      />
      <Select
        label={words.expect}
        hint={words.expectHint}
        value={expectEveryHours === null ? '' : String(expectEveryHours)}
        options={words.expectOptions}
        onChange={(v) => change({ expectEveryHours: v === '' ? null : Number(v) })}
      />
    </>
  )
}
