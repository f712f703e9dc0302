import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Recording } from '../recording/types.ts'
import { fileOf } from './open-incident.ts'
import type { IncidentWriter } from './writer.ts'

const PRE_ROLL_MS = 5_000
const POST_ROLL_MS = 5_000
/** The longest clip; a longer incident keeps its beginning. */
export const LONGEST_CLIP_MS = 3 * 60_000
/** When an incident is this old, its whole clip has happened. */
export const CLIP_COMPLETE_AFTER_MS = LONGEST_CLIP_MS - PRE_ROLL_MS

export interface ClipJob {
  id: string
  cameraId: string
  openedAt: number
  lastSeenAt: number
}

/** Makes clips one after another, so that a busy evening does not take the cores away from watching. */
export interface ClipMaker {
  start(): void
  add(job: ClipJob): void
  /** Takes no more, and waits for the one in hand. What waits is found again at the next start. */
  stop(): Promise<void>
}

export interface ClipMakerDeps {
  recording: Pick<Recording, 'cutClip'>
  writer: Pick<IncidentWriter, 'setClip'>
  clock: Clock
  log: Log
}

export function createClipMaker({ recording, writer, log }: ClipMakerDeps): ClipMaker {
  let stopped = true
  let tail: Promise<void> = Promise.resolve()

  async function make({ id, cameraId, openedAt, lastSeenAt }: ClipJob): Promise<void> {
    if (stopped) return
    const fromMs = openedAt - PRE_ROLL_MS
    const toMs = Math.min(lastSeenAt + POST_ROLL_MS, fromMs + LONGEST_CLIP_MS)
    try {
      const clip = await recording.cutClip({ cameraId, fromMs, toMs, file: fileOf(id, '.mp4') })
      await writer.setClip(id, { state: 'ready', ...clip })
    } catch (error) {
      const reason =
        error instanceof LaresError && error.kind !== 'internal' ? error.message : 'The clip could not be made.'
      log.warn({ incident: id, err: messageOf(error) }, 'An incident has no clip')
      await writer.setClip(id, { state: 'missing', reason })
    }
  }

  return {
    start: () => void (stopped = false),
    add(job) {
      tail = tail
        .then(() => make(job))
        .catch((error: unknown) => {
          log.error({ incident: job.id, err: messageOf(error) }, 'What became of a clip could not be stored')
        })
    },
    async stop() {
      stopped = true
      await tail
    },
  }
}
