import type { ObjectClass } from '../api/common.ts'
import type { Db } from '../db/index.ts'
import type { StoredSource } from './sources/index.ts'

/** A camera as it is kept. `sealedCredentials` opens with the secret box, context `camera:<id>`. */
export interface CameraRecord {
  id: string
  name: string
  source: StoredSource
  sealedCredentials: string | null
  enabled: boolean
  place: string
  classes: ObjectClass[]
  createdAt: number
  updatedAt: number
}

export async function listCameras(db: Db): Promise<CameraRecord[]> {
  const rows = await db.selectFrom('cameras').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    source: JSON.parse(row.source) as StoredSource,
    sealedCredentials: row.credentials,
    enabled: row.enabled === 1,
    place: row.place,
    classes: JSON.parse(row.classes) as ObjectClass[],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }))
}

function toColumns(record: CameraRecord) {
  return {
    name: record.name,
    kind: record.source.kind,
    source: JSON.stringify(record.source),
    credentials: record.sealedCredentials,
    enabled: record.enabled ? (1 as const) : (0 as const),
    place: record.place,
    classes: JSON.stringify(record.classes),
    updated_at: record.updatedAt,
  }
}

export async function insertCamera(db: Db, record: CameraRecord): Promise<void> {
  await db
    .insertInto('cameras')
    .values({ id: record.id, created_at: record.createdAt, ...toColumns(record) })
    .execute()
}

export async function updateCamera(db: Db, record: CameraRecord): Promise<void> {
  await db.updateTable('cameras').set(toColumns(record)).where('id', '=', record.id).execute()
}

export async function deleteCamera(db: Db, id: string): Promise<void> {
  await db.deleteFrom('cameras').where('id', '=', id).execute()
}
