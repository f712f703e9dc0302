import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import * as client from '../client.ts'
import { asClientError } from '../client-error.ts'
import type { ClientError } from '../client-error.ts'
import { t } from '../text/index.ts'
import type { TestCameraReply } from '../wire.ts'
import { sourceOf } from './camera-source.ts'
import type { CameraDraft } from './camera-source.ts'
import { ErrorNote, Note } from './states.tsx'

const words = t.cameras.form

export interface CameraTest {
  busy: boolean
  /** The camera's picture, or why there is none and what to do. */
  view: ComponentChildren
  start(): Promise<void>
  stop(): void
}

/** Tries the typed address without storing anything. */
export function useCameraTest(draft: Signal<CameraDraft>): CameraTest {
  const busy = useSignal(false)
  const reply = useSignal<TestCameraReply | null>(null)
  const error = useSignal<ClientError | null>(null)
  const abort = useRef<AbortController | null>(null)
  return {
    busy: busy.value,
    view: <Outcome busy={busy.value} reply={reply.value} error={error.value} />,
    async start() {
      abort.current?.abort()
      const own = (abort.current = new AbortController())
      busy.value = true
      reply.value = error.value = null
      try {
        reply.value = await client.testCamera(sourceOf(draft.value), own.signal)
      } catch (failure) {
        if (!own.signal.aborted) error.value = asClientError(failure)
      } finally {
        if (abort.current === own) busy.value = false
      }
    },
    stop() {
      abort.current?.abort()
    },
  }
}

function Outcome({ busy, reply, error }: { busy: boolean; reply: TestCameraReply | null; error: ClientError | null }) {
  if (busy) {
    return (
      <div class="preview">
        <div class="skeleton is-picture" />
        <p role="status">{words.testing}</p>
      </div>
    )
  }
  if (error) return <ErrorNote error={error} />
  if (!reply) return null
  if (!reply.ok) {
    return (
      <Note tone="problem" title={reply.problem.message}>
        <p>{t.cameras.remedies[reply.problem.reason]}</p>
      </Note>
    )
  }
  const { width, height, framesPerSecond } = reply.picture
  return (
    <div class="preview">
      <img src={reply.preview} alt={words.preview} width={width} height={height} />
      <p role="status">{words.works(width, height, framesPerSecond)}</p>
    </div>
  )
}
