import { useSignal } from '@preact/signals'
import { useLocation, useRoute } from 'preact-iso'
import * as client from '../../client.ts'
import { Age } from '../../parts/age.tsx'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Page, Section } from '../../parts/page.tsx'
import { Ask } from '../../parts/sheet.tsx'
import { Empty, ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { Still } from '../../parts/still.tsx'
import { UploadSetup } from '../../parts/upload-setup.tsx'
import { cameras, forgetCamera, keepCamera } from '../../state/cameras.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { Camera as CameraData } from '../../wire.ts'
import { EditCamera } from './edit-camera.tsx'
import { ViewNote } from './view-note.tsx'

const words = t.cameras.page
const BACK = { href: '/cameras', label: t.cameras.title }

export default function Camera() {
  useResource(cameras)
  const { params } = useRoute()
  const camera = cameras.data.value?.find(({ id }) => id === params.id)
  return (
    <Page title={camera?.name ?? t.cameras.title} back={BACK}>
      <Loaded of={cameras} skeleton={<Skeleton shape="picture" />}>
        {() =>
          camera ? (
            <OneCamera key={camera.id} camera={camera} />
          ) : (
            <Empty icon="cameras" title={t.shell.notFound.title} text={t.cameras.gone}>
              <ButtonLink href="/cameras">{t.cameras.title}</ButtonLink>
            </Empty>
          )
        }
      </Loaded>
    </Page>
  )
}

function OneCamera({ camera }: { camera: CameraData }) {
  const { problem, source } = camera
  return (
    <>
      <div class="big-still">
        <Still camera={camera} />
      </div>
      {problem && (
        <Note tone="problem" title={t.cameras.states[camera.state]}>
          <p>
            {problem.message} {words.kept}
          </p>
          <p class="quiet">
            <Age at={problem.since} say={words.since} />
          </p>
        </Note>
      )}
      <ViewNote cameraId={camera.id} />
      <Health camera={camera} />
      {source.kind === 'upload' && may('cameras.edit') && <UploadSetup key={source.address} camera={camera} />}
      <ButtonLink href={`/incidents?camera=${camera.id}`} icon="incidents">
        {words.incidents}
      </ButtonLink>
      <ButtonLink href={`/cameras/${camera.id}/zones`} icon="frame">
        {words.zones}
      </ButtonLink>
      {may('cameras.edit') && <Actions camera={camera} />}
    </>
  )
}

const sendsSinglePictures = (kind: CameraData['source']['kind']): boolean => kind === 'mjpeg' || kind === 'still'

function Health({ camera }: { camera: CameraData }) {
  const { picture, lastFrameAt, source, streams } = camera
  return (
    <Section title={words.health}>
      <dl class="facts">
        <div>
          <dt>{words.state}</dt>
          <dd>
            {t.cameras.states[camera.state]}
            {camera.state !== 'live' && lastFrameAt !== null && (
              <>
                {' · '}
                <Age at={lastFrameAt} say={t.cameras.lastPicture} />
              </>
            )}
          </dd>
        </div>
        {picture && (
          <div>
            <dt>{words.picture}</dt>
            <dd>{words.codec(picture.width, picture.height, picture.codec)}</dd>
          </div>
        )}
        {streams && (
          <div>
            <dt>{words.streams}</dt>
            <dd>
              {words.looksAt[streams.detection]}. {streams.why} {words.decodedBy(streams.decodedBy)}{' '}
              {(sendsSinglePictures(source.kind) ? words.singlePaces : words.paces)[streams.pace]}
            </dd>
          </div>
        )}
        <div>
          <dt>{words.watches}</dt>
          <dd>{camera.classes.map((each) => t.incidents.classes[each]).join(', ')}</dd>
        </div>
        <div>
          <dt>{source.kind === 'upload' ? t.uploads.folder : words.address}</dt>
          <dd class="break">{source.address}</dd>
        </div>
      </dl>
    </Section>
  )
}

function Actions({ camera }: { camera: CameraData }) {
  const { route } = useLocation()
  const open = useSignal<'edit' | 'remove' | null>(null)
  const task = useTask()
  const close = () => (open.value = null)
  const setEnabled = (enabled: boolean) =>
    task.run(async () => keepCamera(await client.changeCamera(camera.id, { enabled })))
  const remove = async () => {
    const gone = await task.run(async () => void (await client.removeCamera(camera.id)))
    close()
    if (!gone) return
    forgetCamera(camera.id)
    showToast({ tone: 'done', text: t.cameras.removeAsk.removed(camera.name) })
    route('/cameras', true)
  }
  return (
    <>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div class="row-buttons">
        <Button icon="edit" onPress={() => (open.value = 'edit')}>
          {words.edit}
        </Button>
        <Button icon="power" onPress={() => void setEnabled(!camera.enabled)}>
          {camera.enabled ? words.switchOff : words.switchOn}
        </Button>
        <Button look="danger" icon="trash" onPress={() => (open.value = 'remove')}>
          {words.remove}
        </Button>
      </div>
      {open.value === 'edit' && <EditCamera camera={camera} onClose={close} />}
      {open.value === 'remove' && (
        <Ask
          title={t.cameras.removeAsk.title(camera.name)}
          text={t.cameras.removeAsk.text}
          confirm={t.cameras.removeAsk.confirm}
          busy={task.busy.value}
          onConfirm={() => void remove()}
          onClose={close}
        />
      )}
    </>
  )
}
