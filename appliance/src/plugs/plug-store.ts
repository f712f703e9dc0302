import { z } from 'zod'
import { plugReading, type PlugAddress } from '../api/plugs.ts'
import type { Db } from '../db/database.ts'

/** What survives a restart of a plug's state; shown grey, with its age, until the plug answers again. */
export interface LastState {
  on: boolean | null
  brightness: number | null
  reading: z.infer<typeof plugReading> | null
  seenAt: number | null
}

/** A picture in the media folder. */
export interface StoredPicture {
  file: string
  width: number
  height: number
}

/** One outlet. What belongs to the whole device is a `StoredDevice`. */
export interface StoredPlug {
  id: string
  mac: string
  outlet: string
  position: number
  name: string
  named: boolean
  roomId: string | null
  notes: string
  picture: StoredPicture | null
  last: LastState
}

export const UNKNOWN_STATE: LastState = { on: null, brightness: null, reading: null, seenAt: null }
const lastStateSchema = z.object({
  on: z.boolean().nullable(),
  // Not there in rows of the first release.
  brightness: z.int().nullable().default(null),
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
    position: row.position,
    name: row.name,
    named: row.named === 1,
    roomId: row.room_id,
    notes: row.notes,
    picture: row.picture === null ? null : (JSON.parse(row.picture) as StoredPicture),
    last: readLastState(row.last_state),
  }))
}

function readLastState(json: string | null): LastState {
  if (json === null) return UNKNOWN_STATE
  try {
    return lastStateSchema.parse(JSON.parse(json))
  } catch {
    // Only a memory: the plug itself tells the truth in a moment.
    return UNKNOWN_STATE
  }
}

export async function insertPlug(db: Db, plug: StoredPlug, now: number): Promise<void> {
  const { id, mac, outlet, position, name, named, roomId, notes, picture, last } = plug
  const row = {
    ...{ id, mac, outlet, position, name, notes },
    named: named ? (1 as const) : (0 as const),
    room_id: roomId,
    picture: picture && JSON.stringify(picture),
    last_state: JSON.stringify(last),
    created_at: now,
    updated_at: now,
  }
  await db.insertInto('plugs').values(row).execute()
}

/** What the owner says of a plug; only what is given changes. */
export interface PlugWords {
  name?: string
  named?: boolean
  roomId?: string | null
  notes?: string
  picture?: StoredPicture | null
  position?: number
}

export async function savePlugWords(db: Db, id: string, words: PlugWords, now: number): Promise<void> {
  const { name, named, roomId, notes, picture, position } = words
  const values = {
    ...(name !== undefined && { name }),
    ...(named !== undefined && { named: named ? (1 as const) : (0 as const) }),
    ...(roomId !== undefined && { room_id: roomId }),
    ...(notes !== undefined && { notes }),
    ...(picture !== undefined && { picture: picture && JSON.stringify(picture) }),
    ...(position !== undefined && { position }),
    updated_at: now,
  }
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

/** Newest first. */
export async function listAddresses(db: Db, mac: string): Promise<PlugAddress[]> {
  const rows = await db
    .selectFrom('plug_addresses')
    .selectAll()
    .where('mac', '=', mac)
    .orderBy('last_seen_at', 'desc')
    .orderBy('first_seen_at', 'desc')
    .execute()
  return rows.map(({ host, first_seen_at, last_seen_at }) => ({
    host,
    firstSeenAt: Number(first_seen_at),
    lastSeenAt: Number(last_seen_at),
  }))
}
