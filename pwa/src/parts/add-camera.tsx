import { useSignal } from '@preact/signals'
import * as client from '../client.ts'
import { keepCamera } from '../state/cameras.ts'
import { showToast } from '../state/toasts.ts'
import { t } from '../text/index.ts'
import { AddSendingCamera } from './add-sending-camera.tsx'
import { CameraForm } from './camera-form.tsx'
import { USUAL_CLASSES, sourceOf } from './camera-source.ts'
import { Select } from './field.tsx'
import { Sheet } from './sheet.tsx'

const EMPTY = {
  name: '',
  address: '',
  username: '',
  password: '',
  transport: 'tcp',
  classes: USUAL_CLASSES,
  place: '',
} as const

/** `folder`: of a camera that sends already and was offered. */
export function AddCamera({ folder = '', onClose }: { folder?: string | undefined; onClose: () => void }) {
  const way = useSignal<'ask' | 'send'>(folder === '' ? 'ask' : 'send')
  const words = t.uploads
  return (
    <Sheet title={t.cameras.form.addTitle} onClose={onClose}>
      <Select
        label={words.ways}
        value={way.value}
        options={[
          { value: 'ask', label: words.way.ask },
          { value: 'send', label: words.way.send },
        ]}
        onChange={(v) => (way.value = v === 'send' ? 'send' : 'ask')}
      />
      {way.value === 'send' ? <AddSendingCamera folder={folder} onClose={onClose} /> : <AddAsked onClose={onClose} />}
    </Sheet>
  )
}

function AddAsked({ onClose }: { onClose: () => void }) {
  return (
    <CameraForm
      start={EMPTY}
      submit={t.cameras.form.addButton}
      onSubmit={async (draft) => {
        keepCamera(
          await client.createCamera({
            ...{ name: draft.name, place: draft.place.trim() },
            ...{ source: sourceOf(draft), classes: [...draft.classes] },
          }),
        )
        showToast({ tone: 'done', text: t.cameras.form.added(draft.name) })
        onClose()
      }}
    />
  )
}
