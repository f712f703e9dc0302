/** What measures, by the identity of the outlet: a plug that is removed and comes back goes on with its history. */
export interface EnergyMetersTable {
  /** Small, because each reading carries it. */
  id: number
  mac: string
  outlet: string
  created_at: number
}

/** What a meter said, once and for ever: rows are added, never changed. */
export interface EnergyReadingsTable {
  meter: number
  /** Epoch milliseconds. */
  at: number
  power_mw: number
  /** The device's own counter; null when it has none. */
  counter_mwh: number | null
  /** Used since the reading before, milliwatt-hours. */
  energy_mwh: number
  /** Bits: 1 estimated from power, 2 after a gap, 4 the counter began anew. 0: measured by the counter. */
  quality: number
}
