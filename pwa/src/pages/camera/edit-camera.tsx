import * as client from '../../client.ts'
import { CameraForm } from '../../parts/camera-form.tsx'
import { sourceOf } from '../../parts/camera-source.ts'
import type { CameraDraft } from '../../parts/camera-source.ts'
import { bodyOf, SendingCameraForm } from '../../parts/sending-camera-form.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { keepCamera } from '../../state/cameras.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { Camera } from '../../wire.ts'

export function EditCamera({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  if (camera.source.kind === 'upload') return <EditSending camera={camera} onClose={onClose} />
  return <EditAsked camera={camera} onClose={onClose} />
}

/** One that sends its pictures itself. */
function EditSending({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { source, name, classes, place } = camera
  const start = { name, classes, place, folder: source.address, expectEveryHours: source.expectEveryHours ?? null }
  return (
    <Sheet title={t.cameras.form.editTitle} onClose={onClose}>
      <SendingCameraForm
        start={start}
        submit={t.shell.save}
        onSubmit={async (draft) => {
          keepCamera(await client.changeCamera(camera.id, bodyOf(draft)))
          showToast({ tone: 'done', text: t.shell.saved })
          onClose()
        }}
      />
    </Sheet>
  )
}

/** One that is asked for its pictures. */
function EditAsked({ camera, onClose }: { camera: Camera; onClose: () => void }) {
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
