/** Bits of `energy_readings.quality`; 0 is measured. */
export const ESTIMATED = 1
export const GAP = 2
export const COUNTER_RESET = 4

/** What counts of a reading for the next one. */
export interface MeterState {
  at: number
  powerMw: number
  /** The device's own counter, milliwatt-hours; null when it has none. */
  counterMwh: number | null
}

export interface EnergySince {
  energyMwh: number
  quality: number
}

/** Polls are at most 60 s apart while a plug answers, and three may fail before it counts as gone. */
const LONGEST_STEP_MS = 150_000
const HOUR_MS = 3_600_000
/** No outlet in a home delivers more (16 A at 250 V, and some); a counter that says so was changed, not counted. */
const MOST_POWER_MW = 5_000_000
/** Counters count whole watt-hours: between two close readings one may fall twice. */
const COUNTER_SLACK_MWH = 2_000

/**
 * What was used between two readings of a meter. A counter is believed where it goes forward by a possible amount;
 * otherwise power over time estimates, as long as no gap lies between. Nothing is invented for a gap.
 */
export function energySince(before: MeterState | null, now: MeterState): EnergySince {
  if (before === null) return { energyMwh: 0, quality: GAP }
  const elapsedMs = now.at - before.at
  const isGap = elapsedMs > LONGEST_STEP_MS || elapsedMs <= 0
  const gap = isGap ? GAP : 0
  const counted = countedSince(before, now, elapsedMs)
  if (counted !== null && counted !== 'reset') return { energyMwh: counted, quality: gap }
  const reset = counted === 'reset' ? COUNTER_RESET : 0
  if (!isGap) return { energyMwh: byPower(before, now, elapsedMs), quality: ESTIMATED | reset }
  // After a reset the counter still tells what came since; what came before is lost.
  const since = reset && elapsedMs > 0 ? Math.max(0, now.counterMwh ?? 0) : 0
  return { energyMwh: isPossible(since, elapsedMs) ? since : 0, quality: gap | reset }
}

/** null: nobody counts. */
function countedSince(before: MeterState, now: MeterState, elapsedMs: number): number | 'reset' | null {
  if (before.counterMwh === null || now.counterMwh === null) return null
  const counted = now.counterMwh - before.counterMwh
  return counted >= 0 && isPossible(counted, elapsedMs) ? counted : 'reset'
}

const isPossible = (energyMwh: number, elapsedMs: number): boolean =>
  energyMwh <= COUNTER_SLACK_MWH + (MOST_POWER_MW * Math.max(0, elapsedMs)) / HOUR_MS

const byPower = (before: MeterState, now: MeterState, elapsedMs: number): number =>
  Math.round(((Math.max(0, before.powerMw) + Math.max(0, now.powerMw)) / 2) * (elapsedMs / HOUR_MS))
