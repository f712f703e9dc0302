import { z } from 'zod'
import { plugReading } from '../api/plugs.ts'
import type { Db } from '../db/database.ts'

/** What survives a restart of a plug's state; shown grey, with its age, until the plug answers again. */
export interface LastState {
  on: boolean | null
  reading: z.infer<typeof plugReading> | null
  seenAt: number | null
}

export interface StoredPlug {
  id: string
  mac: string
  outlet: string
  name: string
  named: boolean
  model: string
  host: string
  port: number
  canMeter: boolean
  last: LastState
}

const UNKNOWN: LastState = { on: null, reading: null, seenAt: null }
const lastStateSchema = z.object({
  on: z.boolean().nullable(),
  reading: plugReading.nullable(),
  seenAt: z.int().nullable(),
})

/** In the order they were added. */
export async function listPlugs(db: Db): Promise<StoredPlug[]> {
  const rows = await db.selectFrom('plugs').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    mac: row.mac,
    outlet: row.outlet,
    name: row.name,
    named: row.named === 1,
    model: row.model,
    host: row.host,
    port: row.port,
    canMeter: row.can_meter === 1,
    last: readLastState(row.last_state),
  }))
}

function readLastState(json: string | null): LastState {
  if (json === null) return UNKNOWN
  try {
    return lastStateSchema.parse(JSON.parse(json))
  } catch {
    // Only a memory: the plug itself tells the truth in a moment.
    return UNKNOWN
  }
}

export async function insertPlug(db: Db, plug: StoredPlug, now: number): Promise<void> {
  const { id, mac, outlet, name, model, host, port } = plug
  const row = {
    id,
    mac,
    outlet,
    name,
    model,
    host,
    port,
    named: plug.named ? (1 as const) : (0 as const),
    can_meter: plug.canMeter ? (1 as const) : (0 as const),
    last_state: JSON.stringify(plug.last),
    created_at: now,
    updated_at: now,
  }
  await db.insertInto('plugs').values(row).execute()
}

/** For every outlet of the device. */
export async function saveAddress(db: Db, mac: string, host: string, port: number, now: number): Promise<void> {
  await db.updateTable('plugs').set({ host, port, updated_at: now }).where('mac', '=', mac).execute()
}

export async function saveModel(db: Db, mac: string, model: string, canMeter: boolean, now: number): Promise<void> {
  const can_meter = canMeter ? 1 : 0
  await db.updateTable('plugs').set({ model, can_meter, updated_at: now }).where('mac', '=', mac).execute()
}

export async function saveName(db: Db, id: string, name: string, named: boolean, now: number): Promise<void> {
  const values = { name, named: named ? (1 as const) : (0 as const), updated_at: now }
  await db.updateTable('plugs').set(values).where('id', '=', id).execute()
}

export async function saveLastState(db: Db, id: string, last: LastState): Promise<void> {
  await db
    .updateTable('plugs')
    .set({ last_state: JSON.stringify(last) })
    .where('id', '=', id)
    .execute()
}

export async function deletePlug(db: Db, id: string): Promise<void> {
  await db.deleteFrom('plugs').where('id', '=', id).execute()
}
