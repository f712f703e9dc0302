/** One thing that is drawn on a camera's picture. Goes with its camera. */
export interface CameraZonesTable {
  id: string
  camera_id: string
  /** zone, line, ignored, motion-mask, privacy-mask. */
  role: string
  /** JSON without the id. */
  definition: string
  /** Order within its role. */
  position: number
}

/** What is set for a camera's picture as a whole. */
export interface CameraZoneSettingsTable {
  camera_id: string
  /** JSON list of limits by class. */
  limits: string
  /** Counts changes, so that two people at once do not overwrite each other unseen. */
  revision: number
}
