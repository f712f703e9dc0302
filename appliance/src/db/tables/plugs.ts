export interface PlugsTable {
  id: string
  /** Upper case with colons; with `outlet` the identity, whatever the address. */
  mac: string
  /** Empty for a single plug, the outlet's own id on a strip. */
  outlet: string
  name: string
  /** 1 when the owner named it: the device's own alias no longer changes it. */
  named: 0 | 1
  model: string
  host: string
  port: number
  can_meter: 0 | 1
  /** JSON of the last known state {on, reading, seenAt}. */
  last_state: string | null
  created_at: number
  updated_at: number
}
