import * as client from '../../client-views.ts'
import { Age } from '../../parts/age.tsx'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { ErrorNote, Note } from '../../parts/states.tsx'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { keepView, views } from '../../state/views.ts'
import { t } from '../../text/index.ts'

const words = t.cameras.view

/** That a camera is covered, out of focus or turned; and the way to say that this is how it is meant to be. */
export function ViewNote({ cameraId }: { cameraId: string }) {
  useResource(views)
  const task = useTask()
  const view = views.data.value?.find((each) => each.cameraId === cameraId)
  if (!view || view.state === 'fine') return null
  const { title, text } = words[view.state]
  const accept = () =>
    task.run(async () => {
      keepView(await client.acceptView(cameraId))
      showToast({ tone: 'done', text: words.accepted })
    })
  return (
    <Note tone="warning" title={title}>
      <p>{text}</p>
      {view.since !== null && (
        <p class="quiet">
          <Age at={view.since} say={t.cameras.page.since} />
        </p>
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
      {may('cameras.edit') && (
        <Button icon="check" busy={task.busy.value} onPress={() => void accept()}>
          {words.accept}
        </Button>
      )}
    </Note>
  )
}
