import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database, Db } from '../db/index.ts'

/** Which of the places that `sources/sub-streams` names for a main address it was. No address of its own: it may hold a secret. */
export interface FoundPlace {
  /** As shown, nothing secret in it. */
  mainAddress: string
  brand: string
  nth: number
}

/** Where cameras' smaller streams were found, so that a start needs no search. Kept beside the cameras; goes with them. */
export interface FoundStreams {
  /** Reads what is kept; before the cameras start. */
  load(): Promise<void>
  recall(cameraId: string): FoundPlace | null
  /** At once for `recall`, on disk soon: losing it costs a search. */
  remember(cameraId: string, place: FoundPlace): void
  forget(cameraId: string): void
}

export interface FoundStreamsDeps {
  database: Database
  clock: Clock
  log: Log
}

export function createFoundStreams({ database, clock, log }: FoundStreamsDeps): FoundStreams {
  const places = new Map<string, FoundPlace>()
  const write = (work: Promise<void>): void =>
    void work.catch((error: unknown) => log.warn({ err: messageOf(error) }, 'A found stream cannot be kept'))

  return {
    async load() {
      for (const [cameraId, place] of await listPlaces(database.reader)) places.set(cameraId, place)
    },
    recall: (cameraId) => places.get(cameraId) ?? null,
    remember(cameraId, place) {
      places.set(cameraId, place)
      write(savePlace(database.writer, cameraId, place, clock.now()))
    },
    forget(cameraId) {
      if (places.delete(cameraId)) write(deletePlace(database.writer, cameraId))
    },
  }
}

async function listPlaces(db: Db): Promise<[string, FoundPlace][]> {
  const rows = await db.selectFrom('camera_found_streams').selectAll().execute()
  return rows.map(({ camera_id: id, main_address: mainAddress, brand, nth }) => [id, { mainAddress, brand, nth }])
}

/** Does nothing for a camera that was removed meanwhile. */
async function savePlace(db: Db, cameraId: string, { mainAddress, brand, nth }: FoundPlace, at: number): Promise<void> {
  const camera = await db.selectFrom('cameras').select('id').where('id', '=', cameraId).executeTakeFirst()
  if (!camera) return
  const row = { main_address: mainAddress, brand, nth, found_at: at }
  await db
    .insertInto('camera_found_streams')
    .values({ camera_id: cameraId, ...row })
    .onConflict((conflict) => conflict.column('camera_id').doUpdateSet(row))
    .execute()
}

async function deletePlace(db: Db, cameraId: string): Promise<void> {
  await db.deleteFrom('camera_found_streams').where('camera_id', '=', cameraId).execute()
}
