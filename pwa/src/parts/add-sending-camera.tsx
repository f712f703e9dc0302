import { useSignal } from '@preact/signals'
import * as client from '../client.ts'
import { cameras, keepCamera } from '../state/cameras.ts'
import { t } from '../text/index.ts'
import { Button } from './button.tsx'
import { USUAL_CLASSES } from './camera-source.ts'
import { bodyOf, SendingCameraForm } from './sending-camera-form.tsx'
import { UploadSetup } from './upload-setup.tsx'

/** front_door → Front door */
function nameOf(folder: string): string {
  const words = folder.replace(/[_-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** First the camera, then what to type into it, until its first picture is there. */
export function AddSendingCamera({ folder, onClose }: { folder: string; onClose: () => void }) {
  const id = useSignal<string | null>(null)
  const added = cameras.data.value?.find((camera) => camera.id === id.value)
  if (added) {
    return (
      <>
        <UploadSetup camera={added} isNew />
        <Button look="main" wide onPress={onClose}>
          {t.uploads.done}
        </Button>
      </>
    )
  }
  const start = { name: nameOf(folder), folder, expectEveryHours: null, classes: USUAL_CLASSES, place: '' }
  return (
    <SendingCameraForm
      start={start}
      submit={t.uploads.next}
      onSubmit={async (draft) => {
        const camera = await client.createCamera(bodyOf(draft))
        keepCamera(camera)
        id.value = camera.id
      }}
    />
  )
}
