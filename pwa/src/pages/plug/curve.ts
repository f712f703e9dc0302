// The power curve as lines to draw, in the units of the drawing. Pure.
import type { PowerCurve, PowerCurvePoint } from '../../wire-plugs.ts'

export const WIDTH = 600
export const HEIGHT = 160

/** The top of the axis: a round number of watts that nothing goes beyond. */
export function topWatts(points: readonly PowerCurvePoint[]): number {
  const most = Math.max(1, ...points.map(({ maxMw }) => (maxMw ?? 0) / 1_000))
  const step = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((factor) => factor * step).find((top) => top >= most) ?? most
}

export interface Stretch {
  /** Path of the line. */
  line: string
  /** The same, closed at the bottom. */
  area: string
}

/** One stretch for each time without a gap: nothing is drawn where nothing is known. */
export function stretches({ points }: Pick<PowerCurve, 'points'>, top: number): Stretch[] {
  const x = (index: number): string => ((index / Math.max(1, points.length - 1)) * WIDTH).toFixed(1)
  const y = (mw: number): string => (HEIGHT - Math.min(1, Math.max(0, mw / 1_000 / top)) * HEIGHT).toFixed(1)
  const all: Stretch[] = []
  let from: number | null = null
  const close = (to: number): void => {
    if (from === null) return
    const inside = points.slice(from, to).map(({ meanMw }, offset) => `${x((from ?? 0) + offset)} ${y(meanMw ?? 0)}`)
    // A single slot is a dot that round line ends make visible.
    const line = `M${inside.join('L')}${inside.length === 1 ? 'h0' : ''}`
    all.push({ line, area: `${line}L${x(to - 1)} ${String(HEIGHT)}L${x(from)} ${String(HEIGHT)}Z` })
    from = null
  }
  for (const [index, { meanMw }] of points.entries()) {
    if (meanMw === null) close(index)
    else from ??= index
  }
  close(points.length)
  return all
}

export interface HourRow {
  at: number
  /** Watts; null: not known. */
  mean: number | null
  most: number | null
  wattHours: number
}

const HOUR_MS = 3_600_000

/** The same, hour by hour, for the table. */
export function hours({ points }: Pick<PowerCurve, 'points'>): HourRow[] {
  const groups = Map.groupBy(points, ({ at }) => Math.floor(at / HOUR_MS) * HOUR_MS)
  return [...groups].map(([at, inside]) => {
    const known = inside.flatMap(({ meanMw }) => (meanMw === null ? [] : [meanMw]))
    const most = inside.flatMap(({ maxMw }) => (maxMw === null ? [] : [maxMw]))
    return {
      at,
      mean: known.length === 0 ? null : known.reduce((sum, mw) => sum + mw, 0) / known.length / 1_000,
      most: most.length === 0 ? null : Math.max(...most) / 1_000,
      wattHours: inside.reduce((sum, { energyMwh }) => sum + energyMwh, 0) / 1_000,
    }
  })
}

/** Beginnings of every sixth hour of the house's clock inside the curve, with how far along they are (0–1). */
export function hourMarks(
  { from, to }: Pick<PowerCurve, 'from' | 'to'>,
  hourOf: (at: number) => number,
): { at: number; share: number }[] {
  const marks: { at: number; share: number }[] = []
  for (let at = Math.ceil(from / HOUR_MS) * HOUR_MS; at < to; at += HOUR_MS)
    if (hourOf(at) % 6 === 0) marks.push({ at, share: (at - from) / (to - from) })
  return marks
}
