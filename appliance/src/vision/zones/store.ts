import { NO_ZONES, type CameraZones } from '../../api/zones.ts'
import type { Db } from '../../db/index.ts'

/** The lists by the name that their rows have. */
const ROLES = {
  zone: 'zones',
  line: 'lines',
  ignored: 'ignored',
  'motion-mask': 'motionMasks',
  'privacy-mask': 'privacyMasks',
} as const satisfies Record<string, keyof CameraZones>

type Role = keyof typeof ROLES
const ROLE_NAMES = Object.keys(ROLES) as Role[]

/** Of every camera that has any. */
export async function listZones(db: Db): Promise<Map<string, CameraZones>> {
  const found = new Map<string, CameraZones>()
  for (const row of await db.selectFrom('camera_zone_settings').selectAll().execute()) {
    const limits = JSON.parse(row.limits) as CameraZones['limits']
    const empty = { zones: [], lines: [], ignored: [], motionMasks: [], privacyMasks: [] }
    found.set(row.camera_id, { ...empty, limits, revision: row.revision })
  }
  for (const row of await db.selectFrom('camera_zones').selectAll().orderBy('position').execute()) {
    const list = found.get(row.camera_id)?.[ROLES[row.role as Role]] as { id: string }[] | undefined
    list?.push({ id: row.id, ...(JSON.parse(row.definition) as object) })
  }
  return found
}

export async function revisionOf(db: Db, cameraId: string): Promise<number> {
  const row = await db
    .selectFrom('camera_zone_settings')
    .select('revision')
    .where('camera_id', '=', cameraId)
    .executeTakeFirst()
  return row?.revision ?? NO_ZONES.revision
}

/** In the place of what was there. */
export async function saveZones(db: Db, cameraId: string, zones: CameraZones): Promise<void> {
  const settings = { limits: JSON.stringify(zones.limits), revision: zones.revision }
  await db
    .insertInto('camera_zone_settings')
    .values({ camera_id: cameraId, ...settings })
    .onConflict((conflict) => conflict.column('camera_id').doUpdateSet(settings))
    .execute()
  await db.deleteFrom('camera_zones').where('camera_id', '=', cameraId).execute()
  const rows = ROLE_NAMES.flatMap((role) =>
    zones[ROLES[role]].map(({ id, ...rest }, position) => ({
      ...{ id, camera_id: cameraId, role, definition: JSON.stringify(rest), position },
    })),
  )
  if (rows.length > 0) await db.insertInto('camera_zones').values(rows).execute()
}
