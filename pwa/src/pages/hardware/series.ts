// Readings as lines to draw, in the units of the drawing. Pure.
import type { MachineReading } from '../../wire-hardware.ts'

export const WIDTH = 240
export const HEIGHT = 48

export interface Series {
  id: string
  name: string
  kind: 'temperature' | 'load'
  /** Oldest first; null: not read then. */
  values: readonly (number | null)[]
  last: number
  /** From here on it is too hot; null for loads. */
  limit: number | null
}

/** One line for each sensor that the last reading still has. */
export function seriesOf(readings: readonly MachineReading[]): Series[] {
  const last = readings.at(-1)
  if (!last) return []
  const temperatures = last.temperatures.map(({ id, name, celsius, limitCelsius }): Series => {
    const values = readings.map((each) => each.temperatures.find((one) => one.id === id)?.celsius ?? null)
    return { id: `t-${id}`, name, kind: 'temperature', values, last: celsius, limit: limitCelsius }
  })
  const loads = last.loads.map(({ id, name, percent }): Series => {
    const values = readings.map((each) => each.loads.find((one) => one.id === id)?.percent ?? null)
    return { id: `l-${id}`, name, kind: 'load', values, last: percent, limit: null }
  })
  return [...temperatures, ...loads]
}

/** Temperatures between 20 °C and a little above the limit, loads between nothing and everything. */
export function rangeOf({ kind, limit }: Series): [number, number] {
  return kind === 'load' ? [0, 100] : [20, (limit ?? 85) + 10]
}

export function heightOf(series: Series, value: number): number {
  const [least, most] = rangeOf(series)
  const share = Math.min(1, Math.max(0, (value - least) / (most - least)))
  return HEIGHT - share * HEIGHT
}

/** Path of the line, broken where nothing was read. */
export function pathOf(series: Series): string {
  const step = WIDTH / Math.max(1, series.values.length - 1)
  let path = ''
  let isDown = false
  for (const [index, value] of series.values.entries()) {
    if (value === null) isDown = false
    else {
      path += `${isDown ? 'L' : 'M'}${(index * step).toFixed(1)} ${heightOf(series, value).toFixed(1)}`
      isDown = true
    }
  }
  return path
}

export function spanOf({ values }: Series): [number, number] {
  const known = values.filter((value) => value !== null)
  return [Math.min(...known), Math.max(...known)]
}
