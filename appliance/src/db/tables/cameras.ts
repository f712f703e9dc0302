import type { Generated } from 'kysely'

export interface CamerasTable {
  id: string
  name: string
  /** rtsp, file. */
  kind: string
  /** JSON of the source without credentials. */
  source: string
  /** JSON `{username, password}`, sealed (context `camera:<id>`); null without credentials. */
  credentials: string | null
  enabled: 0 | 1
  /** JSON list of classes that open an incident. */
  classes: string
  /** Cameras of the same place see one visit together; empty: of none. */
  place: Generated<string>
  created_at: number
  updated_at: number
}

/** Where the smaller stream of a camera was found, see `cameras/found-streams.ts`. Goes with the camera. */
export interface CameraFoundStreamsTable {
  camera_id: string
  /** Holds as long as the main stream is still at this address. */
  main_address: string
  brand: string
  /** Which of the brand table's places for that address, from 0. */
  nth: number
  found_at: number
}
