import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { EnergySince, MeterState } from './energy-since.ts'
import { QUALITY_BITS, type SlotSum } from './power-curve.ts'

/** The hardware identity of what measures. */
export interface MeterIdentity {
  mac: string
  outlet: string
}

export interface StoredReading extends MeterState, EnergySince {
  meter: number
}

export async function findMeter(db: Db, { mac, outlet }: MeterIdentity): Promise<number | null> {
  const row = await db
    .selectFrom('energy_meters')
    .select('id')
    .where('mac', '=', mac)
    .where('outlet', '=', outlet)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Only inside a write transaction: nobody else counts on meanwhile. */
export async function insertMeter(db: Db, { mac, outlet }: MeterIdentity, now: number): Promise<number> {
  const last = await db
    .selectFrom('energy_meters')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst()
  const id = Number(last?.id ?? 0) + 1
  await db.insertInto('energy_meters').values({ id, mac, outlet, created_at: now }).execute()
  return id
}

export async function lastReading(db: Db, meter: number): Promise<MeterState | null> {
  const row = await db
    .selectFrom('energy_readings')
    .select(['at', 'power_mw', 'counter_mwh'])
    .where('meter', '=', meter)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  return {
    at: Number(row.at),
    powerMw: row.power_mw,
    counterMwh: row.counter_mwh === null ? null : Number(row.counter_mwh),
  }
}

const ROWS_AT_ONCE = 100

/** A second reading of the same moment is the same reading. */
export async function insertReadings(db: Db, readings: readonly StoredReading[]): Promise<void> {
  for (let from = 0; from < readings.length; from += ROWS_AT_ONCE) {
    const rows = readings.slice(from, from + ROWS_AT_ONCE).map((reading) => ({
      meter: reading.meter,
      at: reading.at,
      power_mw: reading.powerMw,
      counter_mwh: reading.counterMwh,
      energy_mwh: reading.energyMwh,
      quality: reading.quality,
    }))
    await db
      .insertInto('energy_readings')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['meter', 'at']).doNothing())
      .execute()
  }
}

/** Sums of the readings in `from` ≤ at < `to`, by slots of `stepMs`. */
export async function sumSlots(
  db: Db,
  meter: number,
  { from, to, stepMs }: { from: number; to: number; stepMs: number },
): Promise<SlotSum[]> {
  const has = (bit: number) => sql<number>`max(case when (quality & ${bit}) <> 0 then 1 else 0 end)`
  const rows = await db
    .selectFrom('energy_readings')
    .select((eb) => [
      sql<number>`cast((at - ${from}) / ${stepMs} as integer)`.as('slot'),
      eb.fn.avg<number>('power_mw').as('mean'),
      eb.fn.max('power_mw').as('most'),
      eb.fn.sum<number>('energy_mwh').as('energy'),
      has(QUALITY_BITS.estimated).as('estimated'),
      has(QUALITY_BITS.gap).as('gap'),
      has(QUALITY_BITS.reset).as('reset'),
      sql<number>`max(case when quality = 0 then 1 else 0 end)`.as('measured'),
    ])
    .where('meter', '=', meter)
    .where('at', '>=', from)
    .where('at', '<', to)
    .groupBy('slot')
    .orderBy('slot')
    .execute()
  return rows.map((row) => ({
    slot: Number(row.slot),
    meanMw: Number(row.mean),
    maxMw: Number(row.most),
    energyMwh: Number(row.energy),
    hasEstimated: Number(row.estimated) === 1,
    hasGap: Number(row.gap) === 1,
    hasReset: Number(row.reset) === 1,
    hasMeasured: Number(row.measured) === 1,
  }))
}
