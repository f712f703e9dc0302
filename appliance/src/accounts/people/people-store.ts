import type { Db } from '../../db/database.ts'
import {
  ACCESS_COLUMNS,
  cameraIds,
  findUser,
  listActiveUsers,
  setCameras,
  toAccess,
  type StoredUser,
} from './user-store.ts'

/** Anybody with an account, also who may not sign in at present. */
export interface StoredPerson extends Omit<StoredUser, 'passwordHash' | 'totpSecret' | 'totpLastStep'> {
  active: boolean
  hasTotp: boolean
  passkeys: number
  sessions: number
  createdAt: number
  lastSeenAt: number | null
}

const people = (db: Db, now: number) =>
  db
    .selectFrom('users')
    .leftJoin('roles', 'roles.id', 'users.role')
    .select(ACCESS_COLUMNS)
    .select(cameraIds)
    .select([
      'users.active as active',
      'users.created_at as createdAt',
      'users.password_changed_at as passwordChangedAt',
    ])
    .select((where) => [
      where('users.totp_secret', 'is not', null).as('hasTotp'),
      where
        .selectFrom('passkeys')
        .select((of) => of.fn.countAll<number>().as('count'))
        .whereRef('passkeys.user_id', '=', 'users.id')
        .as('passkeys'),
      where
        .selectFrom('sessions')
        .select((of) => of.fn.countAll<number>().as('count'))
        .whereRef('sessions.user_id', '=', 'users.id')
        .where('sessions.ended_at', 'is', null)
        .where('sessions.expires_at', '>', now)
        .as('sessions'),
      where
        .selectFrom('sessions')
        .select((of) => of.fn.max('sessions.last_seen_at').as('at'))
        .whereRef('sessions.user_id', '=', 'users.id')
        .as('lastSeenAt'),
    ])

type Row = Awaited<ReturnType<ReturnType<typeof people>['execute']>>[number]

const asPerson = (row: Row): StoredPerson => ({
  ...toAccess(row),
  active: Number(row.active) === 1,
  hasTotp: Number(row.hasTotp) === 1,
  passkeys: Number(row.passkeys ?? 0),
  sessions: Number(row.sessions ?? 0),
  passwordChangedAt: Number(row.passwordChangedAt),
  createdAt: Number(row.createdAt),
  lastSeenAt: row.lastSeenAt === null ? null : Number(row.lastSeenAt),
})

/** In the order in which they came. */
export async function listPeople(db: Db, now: number): Promise<StoredPerson[]> {
  return (await people(db, now).orderBy('users.id').execute()).map(asPerson)
}

export async function findPerson(db: Db, id: string, now: number): Promise<StoredPerson | null> {
  const row = await people(db, now).where('users.id', '=', id).executeTakeFirst()
  return row ? asPerson(row) : null
}

/** Active administrators who see every camera: the last of them stays. */
export async function countMainstays(db: Db): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select(db.fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('active', '=', 1)
    .where('cameras_limited', '=', 0)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export interface PersonChange {
  displayName?: string | undefined
  role?: string | undefined
  cameras?: readonly string[] | null | undefined
  active?: boolean | undefined
}

export async function updatePerson(db: Db, id: string, change: PersonChange): Promise<void> {
  const { displayName, role, cameras, active } = change
  const columns = {
    ...(displayName === undefined ? {} : { display_name: displayName }),
    ...(role === undefined ? {} : { role }),
    ...(cameras === undefined ? {} : { cameras_limited: cameras === null ? (0 as const) : (1 as const) }),
    ...(active === undefined ? {} : { active: active ? (1 as const) : (0 as const) }),
  }
  if (Object.keys(columns).length > 0) await db.updateTable('users').set(columns).where('id', '=', id).execute()
  if (cameras !== undefined) await setCameras(db, id, cameras ?? [])
}

/** What is theirs goes with them: sessions, keys, phones, codes, open invitations. */
export async function deletePerson(db: Db, id: string): Promise<void> {
  await db.deleteFrom('users').where('id', '=', id).execute()
}

/** Authenticator, passkeys and recovery codes. */
export async function removeSecondFactors(db: Db, id: string): Promise<void> {
  await db.updateTable('users').set({ totp_secret: null, totp_last_step: 0 }).where('id', '=', id).execute()
  await db.deleteFrom('passkeys').where('user_id', '=', id).execute()
  await db.deleteFrom('recovery_codes').where('user_id', '=', id).execute()
}

/** Ids of those of these cameras that exist. */
export async function existingCameras(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom('cameras').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map(({ id }) => id))
}

/** Who may do this, and may see this camera where one is given. */
export async function audience(db: Db, permission: string, cameraId: string | null): Promise<string[]> {
  const users = await listActiveUsers(db)
  return users
    .filter(({ permissions }) => permissions.some((own) => own === permission))
    .filter(({ cameras }) => cameraId === null || cameras === null || cameras.includes(cameraId))
    .map(({ id }) => id)
}

/** The cameras that this person may do it with (null: all of them); null when they may not, or are not there any more. */
export async function sightOf(
  db: Db,
  userId: string,
  permission: string,
): Promise<{ cameras: ReadonlySet<string> | null } | null> {
  const user = await findUser(db, userId)
  if (!user?.permissions.some((own) => own === permission)) return null
  return { cameras: user.cameras && new Set(user.cameras) }
}

export interface StoredRole {
  id: string
  name: string
  /** JSON. */
  permissions: string
}

export function listRoles(db: Db): Promise<StoredRole[]> {
  return db.selectFrom('roles').select(['id', 'name', 'permissions']).orderBy('id').execute()
}

export async function findRole(db: Db, id: string): Promise<StoredRole | null> {
  const row = await db.selectFrom('roles').select(['id', 'name', 'permissions']).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

const sameName = (one: string, other: string): boolean =>
  one.normalize('NFKC').toLowerCase() === other.normalize('NFKC').toLowerCase()

/** Case does not tell names apart. */
export async function findRoleByName(db: Db, name: string): Promise<StoredRole | null> {
  return (await listRoles(db)).find((role) => sameName(role.name, name)) ?? null
}

export async function insertRole(db: Db, role: StoredRole, at: number): Promise<void> {
  await db
    .insertInto('roles')
    .values({ ...role, created_at: at, updated_at: at })
    .execute()
}

export async function updateRole(db: Db, { id, name, permissions }: StoredRole, at: number): Promise<void> {
  await db.updateTable('roles').set({ name, permissions, updated_at: at }).where('id', '=', id).execute()
}

export async function deleteRole(db: Db, id: string): Promise<void> {
  await db.deleteFrom('roles').where('id', '=', id).execute()
}

/** How many people have each role. */
export async function countByRole(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('users')
    .select(['role', db.fn.countAll<number>().as('count')])
    .groupBy('role')
    .execute()
  return new Map(rows.map(({ role, count }) => [role, Number(count)]))
}
