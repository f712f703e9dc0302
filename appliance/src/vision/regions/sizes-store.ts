import type { Db } from '../../db/index.ts'
import type { SizeGridState } from './size-grid.ts'

/** The grid of each camera; what cannot be read is left out and learnt again. */
export async function listSizes(db: Db): Promise<Map<string, SizeGridState>> {
  const rows = await db.selectFrom('camera_sizes').select(['camera_id', 'cells']).execute()
  return new Map(rows.map(({ camera_id: id, cells }) => [id, parse(cells)]))
}

/** Does nothing for a camera that was removed meanwhile. */
export async function saveSizes(db: Db, cameraId: string, state: SizeGridState, at: number): Promise<void> {
  const camera = await db.selectFrom('cameras').select('id').where('id', '=', cameraId).executeTakeFirst()
  if (!camera) return
  const row = { cells: JSON.stringify(state), updated_at: at }
  await db
    .insertInto('camera_sizes')
    .values({ camera_id: cameraId, ...row })
    .onConflict((conflict) => conflict.column('camera_id').doUpdateSet(row))
    .execute()
}

function parse(cells: string): SizeGridState {
  try {
    const state: unknown = JSON.parse(cells)
    return Array.isArray(state) ? state.map((cell: unknown) => (Array.isArray(cell) ? cell.map(Number) : [])) : []
  } catch {
    return []
  }
}
