import type { Camera } from '../api/cameras.ts'
import type { StreamInfo } from '../media/index.ts'
import type { Trouble } from './problems.ts'

export type WatchState = 'starting' | 'live' | 'stalled' | 'failed'

/** How a camera's runner is doing. */
export interface WatchStatus {
  state: WatchState
  trouble: Trouble | null
  info: StreamInfo | null
  /** Which stream is looked at and why, who decodes it, at what pace; null before anything is known. */
  streams: Camera['streams']
}

export const BY_PROCESSOR = 'the processor'

/** Whether the difference is worth telling: the state, what is wrong, the stream's size, the streams. */
export function isSameStatus(a: WatchStatus, b: WatchStatus): boolean {
  const sameStreams = JSON.stringify(a.streams) === JSON.stringify(b.streams)
  return a.state === b.state && a.trouble?.reason === b.trouble?.reason && a.info === b.info && sameStreams
}
