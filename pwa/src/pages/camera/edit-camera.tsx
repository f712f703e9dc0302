import * as client from '../../client.ts'
import { CameraForm } from '../../parts/camera-form.tsx'
import { sourceOf } from '../../parts/camera-source.ts'
import type { CameraDraft } from '../../parts/camera-source.ts'
import { Sheet } from '../../parts/sheet.tsx'
import { keepCamera } from '../../state/cameras.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { Camera } from '../../wire.ts'

export function EditCamera({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { source, name, classes, place } = camera
  const start: CameraDraft = {
    name,
    classes,
    place,
    address: source.address,
    username: source.username ?? '',
    password: '',
    transport: source.transport ?? 'tcp',
    subAddress: source.subAddress ?? '',
    anyCertificate: source.anyCertificate ?? false,
    ...(source.kind === 'mjpeg' || source.kind === 'still' ? { web: source.kind } : {}),
    ...(source.intervalS === undefined ? {} : { intervalS: source.intervalS }),
  }
  return (
    <Sheet title={t.cameras.form.editTitle} onClose={onClose}>
      <CameraForm
        start={start}
        submit={t.shell.save}
        hasPassword={source.hasPassword}
        onSubmit={async (draft) => {
          const same = !draft.password && JSON.stringify(sourceOf(draft)) === JSON.stringify(sourceOf(start))
          const change = {
            ...{ name: draft.name, classes: [...draft.classes] },
            ...(draft.place.trim() === place ? {} : { place: draft.place.trim() }),
            ...(same ? {} : { source: sourceOf(draft) }),
          }
          keepCamera(await client.changeCamera(camera.id, change))
          showToast({ tone: 'done', text: t.shell.saved })
          onClose()
        }}
      />
    </Sheet>
  )
}
