import type { Part } from '../core/part.ts'

export interface ClipRequest {
  cameraId: string
  /** Epoch milliseconds; pre-roll and post-roll already included. */
  fromMs: number
  toMs: number
  /** Where the MP4 goes, relative to the media folder. */
  file: string
}

export interface Clip {
  file: string
  /** Epoch milliseconds of its first picture; may lie a little before `fromMs` (key frame). */
  startsAt: number
  durationMs: number
}

/** Keeps the last minutes of every camera on disk, copied not re-encoded, and cuts clips out of them. */
export interface Recording extends Part {
  /** Throws `unavailable` with a plain reason when nothing of that time was kept. */
  cutClip(request: ClipRequest): Promise<Clip>
  /** Removes what was recorded so far; what is being written just now stays. */
  forget(cameraId: string): Promise<void>
}
