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
