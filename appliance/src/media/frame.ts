/**
 * One picture of a camera: planar YUV 4:2:0 (the luma plane first, so `data.subarray(0, width * height)` is the gray
 * picture motion looks at). Width and height are even. Newest wins: nobody queues frames.
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
