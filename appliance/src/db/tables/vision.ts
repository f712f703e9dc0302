/** What looking at a camera has taught about its picture. Goes with the camera. */
export interface CameraSizesTable {
  camera_id: string
  /** JSON of the size grid, see `vision/regions/size-grid.ts`. */
  cells: string
  updated_at: number
}
