import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { changePlug, removePicture, setPicture } from '../../client-plugs.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { TextArea } from '../../parts/text-area.tsx'
import { keepPlug } from '../../state/plugs.ts'
import { plugHome } from '../../state/plug-home.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { plugWords } from '../../text/plugs.ts'
import type { Plug } from '../../wire.ts'
import type { PlugDetail } from '../../wire-plugs.ts'
import { PlugPicture } from '../plugs/plug-picture.tsx'
import { preparePicture } from './prepare-picture.ts'

const words = plugWords.page.about

export interface AboutProps {
  plug: PlugDetail
  /** What the owner said of it is other now. */
  onChanged: (change: Partial<PlugDetail>) => void
}

/** What the owner says of a plug: name, room, notes, picture. */
export function About({ plug, onChanged }: AboutProps) {
  const editing = useSignal(false)
  const room = plugHome.data.value?.rooms.find(({ id }) => id === plug.roomId)
  const isEmpty = !room && plug.notes === '' && !plug.picture
  if (isEmpty && !may('devices.edit')) return null
  return (
    <Section title={words.title}>
      {plug.picture && <PlugPicture path={plug.picture} alt={words.pictureOf(plug.name)} class="plug-photo" />}
      {(room || plug.notes !== '') && (
        <dl class="facts">
          {room && (
            <div>
              <dt>{words.room}</dt>
              <dd>{room.name}</dd>
            </div>
          )}
          {plug.notes !== '' && (
            <div class="is-long">
              <dt>{words.notes}</dt>
              <dd>{plug.notes}</dd>
            </div>
          )}
        </dl>
      )}
      {may('devices.edit') && (
        <>
          <div class="row-buttons">
            <Button icon="edit" onPress={() => (editing.value = true)}>
              {words.edit}
            </Button>
          </div>
          <PictureButtons plug={plug} onChanged={onChanged} />
        </>
      )}
      {editing.value && <Edit plug={plug} onChanged={onChanged} onClose={() => (editing.value = false)} />}
    </Section>
  )
}

function PictureButtons({ plug, onChanged }: AboutProps) {
  const input = useRef<HTMLInputElement>(null)
  const task = useTask()
  const unreadable = useSignal(false)
  const keep = (changed: Plug) => {
    keepPlug(changed)
    onChanged({ picture: changed.picture })
  }
  const choose = async (file: File | undefined) => {
    if (!file) return
    unreadable.value = false
    await task.run(async () => {
      const picture = await preparePicture(file)
      if (picture === null) unreadable.value = true
      else keep(await setPicture(plug.id, picture))
    })
  }
  return (
    <>
      {task.error.value && <ErrorNote error={task.error.value} />}
      {unreadable.value && (
        <p class="field-error" role="alert">
          {words.pictureUnreadable}
        </p>
      )}
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        accept="image/jpeg,image/png,image/webp"
        tabIndex={-1}
        aria-label={words.picture}
        onChange={(event) => {
          const { currentTarget } = event
          void choose(currentTarget.files?.[0]).then(() => (currentTarget.value = ''))
        }}
      />
      <div class="row-buttons">
        <Button icon="camera" busy={task.busy.value} onPress={() => input.current?.click()}>
          {plug.picture ? words.changePicture : words.addPicture}
        </Button>
        {plug.picture && (
          <Button onPress={() => void task.run(async () => keep(await removePicture(plug.id)))}>
            {words.removePicture}
          </Button>
        )}
      </div>
    </>
  )
}

const MOST_NOTES = 2_000

function Edit({ plug, onChanged, onClose }: AboutProps & { onClose: () => void }) {
  const name = useSignal(plug.name)
  const roomId = useSignal(plug.roomId ?? '')
  const notes = useSignal(plug.notes)
  const task = useTask()
  const missing = name.value.trim() === '' ? words.nameMissing : undefined
  const apply = async (change: { name: string; roomId: string | null; notes: string }) => {
    const changed = await changePlug(plug.id, change)
    keepPlug(changed)
    onChanged({ ...changed, notes: change.notes.trim() })
  }
  const save = async () => {
    if (missing) return
    const change = { name: name.value.trim(), roomId: roomId.value || null, notes: notes.value }
    if (!(await task.run(() => apply(change)))) return
    const before = { name: plug.name, roomId: plug.roomId, notes: plug.notes }
    showToast({ tone: 'done', text: t.shell.saved, action: { label: t.shell.undo, run: () => void apply(before) } })
    onClose()
  }
  const rooms = plugHome.data.value?.rooms ?? []
  return (
    <Sheet title={words.edit} onClose={onClose}>
      <TaskForm task={task} send={words.save} onSubmit={() => void save()}>
        <Field
          label={words.name}
          value={name.value}
          maxLength={64}
          error={missing}
          onInput={(value) => (name.value = value)}
        />
        <Select
          label={words.room}
          value={roomId.value}
          options={[{ value: '', label: words.noRoom }, ...rooms.map(({ id, name: label }) => ({ value: id, label }))]}
          onChange={(value) => (roomId.value = value)}
        />
        <TextArea
          label={words.notes}
          hint={words.notesHint}
          value={notes.value}
          maxLength={MOST_NOTES}
          prose
          onInput={(value) => (notes.value = value)}
        />
      </TaskForm>
    </Sheet>
  )
}
