import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { supervise } from '../core/supervise.ts'
import type { Database, Trx } from '../db/database.ts'
import type { Measurement } from '../plugs/types.ts'
import { energySince, type MeterState } from './energy-since.ts'
import { findMeter, insertMeter, insertReadings, lastReading, type StoredReading } from './store.ts'

export interface ReadingWriter extends Part {
  note(measurement: Measurement): void
  /** Writes what waits, for somebody who wants to read it now. Rejects when the disk takes nothing. */
  flush(): Promise<void>
}

/**
 * A power cut loses the readings of this time; their energy comes back with the plug's own counter. Each write reaches
 * the card before it counts, which takes a dozen blocks however little it is, and a card wears out by being written: one
 * a minute would be 70 MB a day, of all plugs together.
 */
export const WRITE_EVERY_MS = 300_000
/** While the disk takes nothing: about a day of ten plugs; then the oldest go. */
const MOST_WAITING = 50_000

interface KnownMeter {
  id: number
  last: MeterState | null
}

/** Gathers readings and writes them together: a disk that wears out must not be written for every plug and poll. */
export function createReadingWriter(deps: { database: Database; clock: Clock; log: Log }): ReadingWriter {
  const { database, clock, log } = deps
  let waiting: Measurement[] = []
  const meters = new Map<string, KnownMeter>()

  async function meterOf(trx: Trx, fresh: Map<string, KnownMeter>, measurement: Measurement): Promise<KnownMeter> {
    const key = `${measurement.mac} ${measurement.outlet}`
    const known = fresh.get(key) ?? meters.get(key)
    if (known) return known
    const found = await findMeter(trx, measurement)
    const id = found ?? (await insertMeter(trx, measurement, clock.now()))
    const meter = { id, last: found === null ? null : await lastReading(trx, id) }
    fresh.set(key, meter)
    return meter
  }

  /** Nothing is remembered of a transaction that did not happen. */
  async function writeBatch(batch: readonly Measurement[]): Promise<void> {
    const fresh = new Map<string, KnownMeter>()
    await database.transaction(async (trx) => {
      const rows: StoredReading[] = []
      for (const measurement of batch) {
        const { id, last } = await meterOf(trx, fresh, measurement)
        const now = { at: measurement.at, powerMw: measurement.powerMw, counterMwh: counterOf(measurement) }
        rows.push({ meter: id, ...now, ...energySince(last, now) })
        fresh.set(`${measurement.mac} ${measurement.outlet}`, { id, last: now })
      }
      await insertReadings(trx, rows)
    })
    for (const [key, meter] of fresh) meters.set(key, meter)
  }

  async function write(): Promise<void> {
    if (waiting.length === 0) return
    const batch = waiting
    waiting = []
    try {
      await writeBatch(batch)
    } catch (error) {
      waiting = [...batch, ...waiting].slice(-MOST_WAITING)
      throw error
    }
  }

  // One after the other: each goes on from the meters that the one before has left.
  let writing: Promise<void> = Promise.resolve()
  const flush = (): Promise<void> => (writing = writing.then(write, write))

  const loop = supervise({ name: 'energy: write readings', clock, log, pauseMs: WRITE_EVERY_MS, runOnce: flush })
  return {
    name: 'energy readings',
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      await flush()
    },
    note: (measurement) => void waiting.push(measurement),
    flush,
  }
}

/** A counter for life where there is one; else the one that begins anew each midnight. */
function counterOf({ lifetimeWh, todayWh }: Measurement): number | null {
  const wh = lifetimeWh ?? todayWh
  return wh === null ? null : wh * 1_000
}
