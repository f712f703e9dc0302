/**
 * One picture of a camera: planar YUV 4:2:0, video range (the luma plane first, so `data.subarray(0, width * height)` is
 * the gray picture motion looks at). Width and height are even. Newest wins: nobody queues frames.
 *
 * Every frame has bytes of its own that nobody writes to again, so keeping one is safe and costs its size only. They are
 * shared by all who listen: nobody may change them or transfer their buffer; who sends them to a worker sends a copy.
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
}

/** Bytes of a frame of this size. */
export function frameBytes(width: number, height: number): number {
  return (width * height * 3) / 2
}
