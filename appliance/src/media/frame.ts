/**
 * One picture of a camera: planar YUV 4:2:0, video range (the luma plane first, so `data.subarray(0, width * height)` is
 * the gray picture motion looks at). Width and height are even. Newest wins: nobody queues frames.
 *
 * A frame is lent: its bytes stay as they are for at least a second, then their memory is taken back and `data` is empty
 * (never another picture). Who needs it longer, or sends it to a worker, copies it. Nobody may change or transfer it.
 */
export interface Frame {
  readonly cameraId: string
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
  /** Epoch milliseconds when its last byte arrived. */
  readonly capturedAt: number
  /** Counts from 0 since the stream began; a gap means frames were skipped. */
  readonly sequence: number
  /** Sent by the camera when it liked to: `capturedAt` is when it was taken, which may be hours ago. */
  readonly isSent?: boolean
  /**
   * A picture by itself, not one of a stream: it is always looked at (`first`), and again when something may be there
   * (`second`: drawn anew, a little closer).
   */
  readonly still?: 'first' | 'second'
}

/** Bytes of a frame of this size. */
export function frameBytes(width: number, height: number): number {
  return (width * height * 3) / 2
}
