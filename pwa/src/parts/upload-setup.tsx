import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import * as client from '../client-uploads.ts'
import { asClientError } from '../client-error.ts'
import type { ClientError } from '../client-error.ts'
import { changeSetting } from '../client-people.ts'
import { may } from '../state/session.ts'
import { t } from '../text/index.ts'
import type { Camera } from '../wire.ts'
import type { CameraUploads, FtpPassword, UploadsReply } from '../wire-uploads.ts'
import { Age } from './age.tsx'
import { Button } from './button.tsx'
import { useTask } from './form.ts'
import { CopyButton, Secret } from './once.tsx'
import { Section } from './page.tsx'
import { ErrorNote, Note, Skeleton } from './states.tsx'
import { Still } from './still.tsx'

const words = t.uploads

interface Both {
  box: UploadsReply
  own: CameraUploads
}

/** All that has to be typed into a camera that sends, what came of it, and what was not taken. */
export function UploadSetup({ camera, isNew = false }: { camera: Camera; isNew?: boolean }) {
  const both = useSignal<Both | null>(null)
  const error = useSignal<ClientError | null>(null)
  const read = async () => {
    try {
      const [box, own] = await Promise.all([client.readUploads(), client.readCameraUploads(camera.id)])
      both.value = { box, own }
      error.value = null
    } catch (failure) {
      error.value = asClientError(failure)
    }
  }
  // Each picture that comes may have changed what was refused.
  useEffect(() => void read(), [camera.id, camera.lastFrameAt])
  if (error.value) return <ErrorNote error={error.value} onRetry={() => void read()} />
  if (!both.value) return <Skeleton shape="card" />
  const { box, own } = both.value
  return (
    <>
      {isNew && <FirstPicture camera={camera} />}
      <Section title={words.setup}>
        <p class="quiet">{words.setupLead}</p>
        {box.ftp.state === 'running' ? <Typed camera={camera} box={box} own={own} /> : <FtpOff box={box} read={read} />}
        <dl class="facts">
          <Fact label={words.share} text={own.path} />
        </dl>
      </Section>
      <Refused own={own} />
    </>
  )
}

function FirstPicture({ camera }: { camera: Camera }) {
  if (camera.lastFrameAt === null) {
    return (
      <div class="preview">
        <div class="skeleton is-picture" />
        <p role="status">
          {words.waiting} <span class="quiet">{words.waitingHint}</span>
        </p>
      </div>
    )
  }
  return (
    <div class="preview">
      <Still camera={camera} caption={false} />
      <p role="status">{words.came}</p>
    </div>
  )
}

function Fact({ label, text, children }: { label: string; text: string; children?: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="break">
        {text} {children}
      </dd>
    </div>
  )
}

function FtpOff({ box, read }: { box: UploadsReply; read: () => Promise<void> }) {
  const task = useTask()
  const switchOn = () =>
    task.run(async () => {
      await changeSetting('ftp.enabled', { value: true })
      await read()
    })
  return (
    <>
      <Note tone={box.ftp.problem ? 'problem' : 'info'} title={box.ftp.problem ?? words.ftpOff} />
      {task.error.value && <ErrorNote error={task.error.value} />}
      {may('system.edit') && !box.ftp.enabled && (
        <Button busy={task.busy.value} onPress={() => void switchOn()}>
          {words.ftpOn}
        </Button>
      )}
    </>
  )
}

function Typed({ camera, box, own }: { camera: Camera; box: UploadsReply; own: CameraUploads }) {
  const made = useSignal<FtpPassword | null>(null)
  const task = useTask()
  const make = () => task.run(async () => void (made.value = await client.makeFtpPassword(camera.id)))
  const username = made.value?.username ?? own.username
  const { addresses, port, tls } = box.ftp
  return (
    <>
      <dl class="facts">
        <Fact label={words.server} text={addresses.join(', ')} />
        <Fact label={words.port} text={String(port)} />
        {username !== null && <Fact label={words.user} text={username} />}
        {own.username !== null && !made.value && <Fact label={words.password} text={words.has} />}
        <Fact label={words.mode} text={words.passive} />
        <Fact label={words.encryptionLabel} text={words.encryption[tls]} />
        <Fact label={words.path} text={words.pathValue} />
      </dl>
      {made.value && (
        <>
          <Secret label={words.password} text={made.value.password} />
          <p class="quiet">{words.shownOnce}</p>
          <CopyButton text={made.value.password} main />
        </>
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
      {!made.value && (
        <>
          <Button look={own.username === null ? 'main' : 'plain'} busy={task.busy.value} onPress={() => void make()}>
            {own.username === null ? words.makePassword : words.newPassword}
          </Button>
          {own.username !== null && <p class="field-hint">{words.newPasswordHint}</p>}
        </>
      )}
    </>
  )
}

function Refused({ own }: { own: CameraUploads }) {
  if (own.refused.length === 0) return null
  return (
    <Section title={words.refused}>
      <p class="quiet">{words.refusedLead}</p>
      <dl class="facts">
        {own.refused.slice(0, 8).map(({ file, words: why, at }) => (
          <div key={`${file}${String(at)}`}>
            <dt class="break">
              {file} · <Age at={at} />
            </dt>
            <dd>{why}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
