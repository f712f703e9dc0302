import type { Box } from '../../api/common.ts'
import type { Frame, StreamInfo } from '../../media/index.ts'
import type { Refusal } from './refusal.ts'

/** A camera that gets what lies in its folder. */
export interface UploadReceiver {
  cameraId: string
  cameraName: string
  /** As it is called on disk. */
  folder: string
  /** What nobody shall see, in fractions of the picture: a clip is kept only with that drawn over. */
  hidden(): readonly Box[]
  onFrame(frame: Omit<Frame, 'cameraId' | 'sequence'>): void
  /** A file was read; `info` is what the camera sends. */
  onTaken(takenAt: number, info: StreamInfo): void
  /** A file was not taken. */
  onRefused(refusal: Refusal): void
}

export interface UnknownFolder {
  folder: string
  /** A name for a camera, as somebody would type it. */
  suggestedName: string
  files: number
  lastAt: number
}

/** The folder that cameras send into, as cameras see it. */
export interface UploadBox {
  /** From now on the camera gets what lies in the folder; the returned function ends that. */
  join(folder: string, receiver: UploadReceiver): () => void
  /** Throws `invalid` in words for a name that cannot be a folder, `unavailable` when it cannot be made. */
  prepare(folder: string): Promise<void>
  /** When the last picture of a folder was taken, also before the last start. */
  lastTakenAt(folder: string): number | null
  refusals(folder: string): Refusal[]
  waiting(folder: string): number
  unknown(): UnknownFolder[]
  /** Absolute. */
  root(): string
}
