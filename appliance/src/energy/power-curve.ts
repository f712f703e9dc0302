import type { EnergyQuality, PowerCurvePoint } from '../api/energy.ts'
import { COUNTER_RESET, ESTIMATED, GAP } from './energy-since.ts'

/** Readings of one slot, added up where they lie. */
export interface SlotSum {
  slot: number
  meanMw: number
  maxMw: number
  energyMwh: number
  hasEstimated: boolean
  hasGap: boolean
  hasReset: boolean
  hasMeasured: boolean
}

/** Every slot from `from`, in order; one that nothing is known of has null power. */
export function curvePoints(
  sums: readonly SlotSum[],
  { from, stepMs, count }: { from: number; stepMs: number; count: number },
): PowerCurvePoint[] {
  const known = new Map(sums.map((sum) => [sum.slot, sum]))
  return Array.from({ length: count }, (_, slot) => {
    const at = from + slot * stepMs
    const sum = known.get(slot)
    if (!sum) return { at, meanMw: null, maxMw: null, energyMwh: 0, quality: [] }
    return { at, meanMw: Math.round(sum.meanMw), maxMw: sum.maxMw, energyMwh: sum.energyMwh, quality: qualityOf(sum) }
  })
}

function qualityOf(sum: SlotSum): EnergyQuality[] {
  const all: [boolean, EnergyQuality][] = [
    [sum.hasMeasured, 'measured'],
    [sum.hasEstimated, 'estimated'],
    [sum.hasGap, 'gap'],
    [sum.hasReset, 'counter-reset'],
  ]
  return all.filter(([has]) => has).map(([, quality]) => quality)
}

export const QUALITY_BITS = { estimated: ESTIMATED, gap: GAP, reset: COUNTER_RESET } as const
