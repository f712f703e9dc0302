import type { ComponentChildren } from 'preact'
import * as client from '../../client-updates.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { ErrorNote, Note } from '../../parts/states.tsx'
import { may } from '../../state/session.ts'
import { updates } from '../../state/updates.ts'
import { up } from '../../text/updates.ts'
import type { Updates } from '../../wire-updates.ts'
import { whenOf } from './when.ts'

type Act = (work: () => Promise<Updates>) => void
interface StepProps {
  known: Updates
  act: Act
  busy: boolean
}

/** How far the update is, and the one thing to do next. */
export function Step({ known }: { known: Updates }) {
  const task = useTask()
  const act: Act = (work) =>
    void task.run(async () => {
      const now = await work()
      updates.patch(() => now)
    })
  return (
    <>
      {known.problem !== null && (
        <Note tone="problem" title={up.failed}>
          <p>{known.problem}</p>
        </Note>
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Now known={known} act={act} busy={task.busy.value} />
    </>
  )
}

function Now(props: StepProps) {
  const { known } = props
  const version = known.bundle?.version ?? known.history[0]?.to ?? ''
  switch (known.phase) {
    case 'received':
      return <Received {...props} />
    case 'verified':
      return <Verified {...props} version={version} />
    case 'installing':
      return <Working title={up.installing(version)} known={known} />
    case 'installed':
      return <Installed {...props} version={version} />
    case 'restarting':
      return (
        <Note tone="info" title={up.restarting}>
          <p>{up.restartingText}</p>
        </Note>
      )
    case 'proving':
    case 'proven':
      return <Proving known={known} version={version} />
    case 'done':
      return (
        <Note tone="good" title={up.done(version)}>
          <Seen {...props} />
        </Note>
      )
    case 'rolled-back':
      return <RolledBack {...props} />
    default:
      return known.progress && known.phase === 'receiving' ? <Working title={up.take} known={known} /> : null
  }
}

function Working({ title, known: { progress } }: { title: string; known: Updates }) {
  return (
    <Note tone="info" title={title}>
      <p>
        <progress max={1} value={progress?.part} aria-label={title} /> {progress?.words}
      </p>
    </Note>
  )
}

function Buttons({ children }: { children: ComponentChildren }) {
  return may('system.edit') ? <div class="row-buttons">{children}</div> : null
}

function Received({ act, busy }: StepProps) {
  return (
    <Note tone="info" title={up.received}>
      <Buttons>
        <Button onPress={() => act(client.giveUpBundle)}>{up.giveUp}</Button>
        <Button look="main" busy={busy} onPress={() => act(() => client.verifyBundle(false))}>
          {up.check}
        </Button>
      </Buttons>
      <details>
        <summary>{up.older}</summary>
        <p>{up.olderText}</p>
        <Buttons>
          <Button busy={busy} onPress={() => act(() => client.verifyBundle(true))}>
            {up.takeAnyway}
          </Button>
        </Buttons>
      </details>
    </Note>
  )
}

function Verified({ known, act, busy, version }: StepProps & { version: string }) {
  return (
    <Note tone="good" title={up.verified(version)}>
      {known.bundle?.notes && <p class="update-notes">{known.bundle.notes}</p>}
      <p>{up.installText}</p>
      <Buttons>
        <Button onPress={() => act(client.giveUpBundle)}>{up.giveUp}</Button>
        <Button look="main" busy={busy} onPress={() => act(client.installBundle)}>
          {up.install}
        </Button>
      </Buttons>
    </Note>
  )
}

function Installed({ known, act, busy, version }: StepProps & { version: string }) {
  return (
    <Note tone="good" title={up.installed(version)}>
      <p>{known.restartAt === null ? up.installedText : up.tonight(whenOf(known.restartAt))}</p>
      <Buttons>
        {known.restartAt === null ? (
          <Button onPress={() => act(() => client.restartInto('tonight'))}>{up.restartTonight}</Button>
        ) : (
          <Button onPress={() => act(client.giveUpBundle)}>{up.notTonight}</Button>
        )}
        <Button look="main" busy={busy} onPress={() => act(() => client.restartInto('now'))}>
          {up.restartNow}
        </Button>
      </Buttons>
    </Note>
  )
}

function Proving({ known: { proof }, version }: { known: Updates; version: string }) {
  return (
    <Note tone="info" title={up.proving(version)}>
      <p>{up.provingText}</p>
      {proof.length > 0 && (
        <p>
          {up.provingWaits} {proof.join('; ')}.
        </p>
      )}
    </Note>
  )
}

function RolledBack(props: StepProps) {
  const last = props.known.history[0]
  return (
    <Note tone="problem" title={up.rolledBack(last?.to ?? '')}>
      <p>{last?.reason}</p>
      {last?.lost && <p>{last.lost}</p>}
      <Seen {...props} />
    </Note>
  )
}

function Seen({ act, busy }: StepProps) {
  return (
    <Buttons>
      <Button busy={busy} onPress={() => act(client.putAwayOutcome)}>
        {up.seen}
      </Button>
    </Buttons>
  )
}
