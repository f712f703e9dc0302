import type { StreamInfo } from '../media/index.ts'
import type { Trouble } from './problems.ts'

export type WatchState = 'starting' | 'live' | 'stalled' | 'failed'

/** How a camera's runner is doing. */
export interface WatchStatus {
  state: WatchState
  trouble: Trouble | null
  info: StreamInfo | null
}
