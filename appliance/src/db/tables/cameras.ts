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
  created_at: number
  updated_at: number
}
