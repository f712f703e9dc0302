import * as client from '../client.ts'
import { keepCamera } from '../state/cameras.ts'
import { showToast } from '../state/toasts.ts'
import { t } from '../text/index.ts'
import { CameraForm } from './camera-form.tsx'
import { USUAL_CLASSES, sourceOf } from './camera-source.ts'
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

export function AddCamera({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title={t.cameras.form.addTitle} onClose={onClose}>
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
    </Sheet>
  )
}
