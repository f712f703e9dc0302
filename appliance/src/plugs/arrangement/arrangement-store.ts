import type { PlugGroup, PlugHome, PlugScene, Room, SceneStep } from '../../api/plug-home.ts'
import type { Db } from '../../db/database.ts'

/** Rooms in their order, groups and scenes by name, each with its plugs in the order they were added. */
export async function readArrangement(db: Db): Promise<PlugHome> {
  const rooms = await db.selectFrom('rooms').select(['id', 'name']).orderBy('position').orderBy('id').execute()
  return { rooms, groups: await readGroups(db), scenes: await readScenes(db) }
}

async function readGroups(db: Db): Promise<PlugGroup[]> {
  const groups = await db.selectFrom('plug_groups').select(['id', 'name']).orderBy('name').execute()
  const members = await db.selectFrom('plug_group_members').selectAll().orderBy('plug_id').execute()
  return groups.map(({ id, name }) => ({
    ...{ id, name },
    plugIds: members.filter(({ group_id }) => group_id === id).map(({ plug_id }) => plug_id),
  }))
}

async function readScenes(db: Db): Promise<PlugScene[]> {
  const scenes = await db.selectFrom('plug_scenes').select(['id', 'name']).orderBy('name').execute()
  const rows = await db.selectFrom('plug_scene_steps').selectAll().orderBy('plug_id').execute()
  const stepsOf = (id: string): SceneStep[] =>
    rows
      .filter(({ scene_id }) => scene_id === id)
      .map(({ plug_id, on_state, brightness }) => ({ plugId: plug_id, on: on_state === 1, brightness }))
  return scenes.map(({ id, name }) => ({ id, name, steps: stepsOf(id) }))
}

/** At the end of the list. */
export async function insertRoom(db: Db, { id, name }: Room, now: number): Promise<void> {
  const last = await db
    .selectFrom('rooms')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirst()
  const position = Number(last?.position ?? -1) + 1
  await db.insertInto('rooms').values({ id, name, position, created_at: now, updated_at: now }).execute()
}

export async function saveRoomName(db: Db, { id, name }: Room, now: number): Promise<void> {
  await db.updateTable('rooms').set({ name, updated_at: now }).where('id', '=', id).execute()
}

export async function saveRoomOrder(db: Db, ids: readonly string[]): Promise<void> {
  for (const [position, id] of ids.entries())
    await db.updateTable('rooms').set({ position }).where('id', '=', id).execute()
}

/** Its plugs stay, without a room. */
export async function deleteRoom(db: Db, id: string): Promise<void> {
  await db.deleteFrom('rooms').where('id', '=', id).execute()
}

/** Makes it, or replaces what it was. */
export async function saveGroup(db: Db, { id, name, plugIds }: PlugGroup, now: number): Promise<void> {
  await db
    .insertInto('plug_groups')
    .values({ id, name, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, updated_at: now }))
    .execute()
  await db.deleteFrom('plug_group_members').where('group_id', '=', id).execute()
  const rows = plugIds.map((plug_id) => ({ group_id: id, plug_id }))
  await db.insertInto('plug_group_members').values(rows).execute()
}

export async function deleteGroup(db: Db, id: string): Promise<void> {
  await db.deleteFrom('plug_groups').where('id', '=', id).execute()
}

/** Makes it, or replaces what it was. */
export async function saveScene(db: Db, { id, name, steps }: PlugScene, now: number): Promise<void> {
  await db
    .insertInto('plug_scenes')
    .values({ id, name, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, updated_at: now }))
    .execute()
  await db.deleteFrom('plug_scene_steps').where('scene_id', '=', id).execute()
  const rows = steps.map(({ plugId, on, brightness }) => {
    return { scene_id: id, plug_id: plugId, on_state: on ? (1 as const) : (0 as const), brightness }
  })
  await db.insertInto('plug_scene_steps').values(rows).execute()
}

export async function deleteScene(db: Db, id: string): Promise<void> {
  await db.deleteFrom('plug_scenes').where('id', '=', id).execute()
}

/** A group or scene that its last plug left switches nothing: it goes too. */
export async function deleteEmpty(db: Db): Promise<void> {
  await db
    .deleteFrom('plug_groups')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('plug_group_members').select('plug_id').whereRef('group_id', '=', 'plug_groups.id'))),
    )
    .execute()
  await db
    .deleteFrom('plug_scenes')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('plug_scene_steps').select('plug_id').whereRef('scene_id', '=', 'plug_scenes.id'))),
    )
    .execute()
}
