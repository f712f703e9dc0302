/** How a camera looked when all was well, by day and with infrared light: to tell when it was covered or turned. */
export interface CameraViewsTable {
  /** No reference: a view of a camera that is gone is deleted by whoever hears of it. */
  camera_id: string
  /** colour, gray. */
  tint: string
  width: number
  height: number
  /** Base64, a byte a pixel. */
  picture: string
  /** Micro-units. */
  structure: number
  sharpness: number
  updated_at: number
}
