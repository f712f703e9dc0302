import type { Db } from '../../db/index.ts'
import type { Reference, Tint } from './view-watch.ts'

const MICRO = 1_000_000

export async function listViews(db: Db): Promise<Map<string, Reference[]>> {
  const rows = await db.selectFrom('camera_views').selectAll().orderBy('camera_id').execute()
  const views = new Map<string, Reference[]>()
  for (const row of rows) {
    const picture = Float32Array.from(Buffer.from(row.picture, 'base64'))
    // What does not fit together (a restored file, a damaged row) is as good as none: it is learnt anew.
    if (picture.length !== row.width * row.height) continue
    const brightness = picture.reduce((sum, value) => sum + value, 0) / picture.length
    const reference: Reference = {
      ...{ width: row.width, height: row.height, picture, brightness, tint: row.tint as Tint },
      ...{ structure: row.structure / MICRO, sharpness: row.sharpness / MICRO },
    }
    views.set(row.camera_id, [...(views.get(row.camera_id) ?? []), reference])
  }
  return views
}

/** All references of a camera at once: those that are not among them are gone. */
export async function putViews(db: Db, cameraId: string, references: readonly Reference[], at: number): Promise<void> {
  await db.deleteFrom('camera_views').where('camera_id', '=', cameraId).execute()
  for (const { tint, width, height, picture, structure, sharpness } of references) {
    const bytes = Buffer.from(Uint8ClampedArray.from(picture)).toString('base64')
    const figures = { structure: Math.round(structure * MICRO), sharpness: Math.round(sharpness * MICRO) }
    await db
      .insertInto('camera_views')
      .values({ camera_id: cameraId, tint, width, height, picture: bytes, ...figures, updated_at: at })
      .execute()
  }
}

export async function deleteViews(db: Db, cameraId: string): Promise<void> {
  await db.deleteFrom('camera_views').where('camera_id', '=', cameraId).execute()
}
