import { sql } from 'kysely'
import { isBuiltInRole, PERMISSIONS, ROLE_PERMISSIONS, type Permission } from '../../api/permissions.ts'
import type { Db } from '../../db/database.ts'

/** An active account with what it may do at this moment. */
export interface StoredUser {
  id: string
  username: string
  displayName: string
  /** admin, operator, viewer, guest, or the id of a role made here. */
  role: string
  roleName: string
  permissions: readonly Permission[]
  /** The only cameras this person may see; null: all. */
  cameras: readonly string[] | null
  /** argon2id, or bcrypt of an imported account that has not signed in yet. */
  passwordHash: string
  passwordChangedAt: number
  /** Sealed. */
  totpSecret: string | null
  totpLastStep: number
}

/** What is written for a new account; what it may do follows from the rest. */
export interface NewUser extends Omit<StoredUser, 'roleName' | 'permissions'> {
  createdAt: number
}

const BUILT_IN_NAMES: Readonly<Record<string, string>> = {
  admin: 'Administrator',
  operator: 'Operator',
  viewer: 'Viewer',
  guest: 'Guest',
}

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS)

/** Whatever stands in a row, only permissions that exist come out; a role that is gone permits nothing. */
export function permissionsOfRole(role: string, stored: string | null): readonly Permission[] {
  if (isBuiltInRole(role)) return ROLE_PERMISSIONS[role]
  const listed = stored === null ? [] : (JSON.parse(stored) as unknown)
  return Array.isArray(listed)
    ? PERMISSIONS.filter((permission) => KNOWN.has(permission) && listed.includes(permission))
    : []
}

export const nameOfRole = (role: string, stored: string | null): string => BUILT_IN_NAMES[role] ?? stored ?? 'No role'

/** Columns of `users` (joined with `roles`) that say what somebody may do. */
export const ACCESS_COLUMNS = [
  'users.id as id',
  'users.username as username',
  'users.display_name as displayName',
  'users.role as role',
  'roles.name as storedRoleName',
  'roles.permissions as storedPermissions',
  'users.cameras_limited as camerasLimited',
] as const

export interface AccessRow {
  id: string
  username: string
  displayName: string
  role: string
  storedRoleName: string | null
  storedPermissions: string | null
  camerasLimited: number
  /** JSON array of camera ids. */
  cameraIds: string
}

export const cameraIds =
  sql<string>`(select json_group_array(camera_id) from user_cameras where user_id = users.id)`.as('cameraIds')

type Access = Pick<StoredUser, 'id' | 'username' | 'displayName' | 'role' | 'roleName' | 'permissions' | 'cameras'>

export function toAccess(row: AccessRow): Access {
  const { id, username, displayName, role } = row
  return {
    ...{ id, username, displayName, role },
    roleName: nameOfRole(role, row.storedRoleName),
    permissions: permissionsOfRole(role, row.storedPermissions),
    cameras: row.camerasLimited === 1 ? (JSON.parse(row.cameraIds) as string[]).sort() : null,
  }
}

const activeUsers = (db: Db) =>
  db
    .selectFrom('users')
    .leftJoin('roles', 'roles.id', 'users.role')
    .select(ACCESS_COLUMNS)
    .select(cameraIds)
    .select([
      'users.password_hash as passwordHash',
      'users.password_changed_at as passwordChangedAt',
      'users.totp_secret as totpSecret',
      'users.totp_last_step as totpLastStep',
    ])
    .where('users.active', '=', 1)

type ActiveRow = AccessRow & Pick<StoredUser, 'passwordHash' | 'passwordChangedAt' | 'totpSecret' | 'totpLastStep'>

const asUser = (row: ActiveRow): StoredUser => ({
  ...toAccess(row),
  passwordHash: row.passwordHash,
  passwordChangedAt: Number(row.passwordChangedAt),
  totpSecret: row.totpSecret,
  totpLastStep: Number(row.totpLastStep),
})

/** null: nobody of that name, or deactivated. */
export async function findUserByName(db: Db, username: string): Promise<StoredUser | null> {
  const row = await activeUsers(db).where('users.username', '=', username).executeTakeFirst()
  return row ? asUser(row) : null
}

/** null: not there, or deactivated. */
export async function findUser(db: Db, userId: string): Promise<StoredUser | null> {
  const row = await activeUsers(db).where('users.id', '=', userId).executeTakeFirst()
  return row ? asUser(row) : null
}

/** Everybody who is active. */
export async function listActiveUsers(db: Db): Promise<StoredUser[]> {
  return (await activeUsers(db).orderBy('users.id').execute()).map(asUser)
}

export async function countUsers(db: Db): Promise<number> {
  const row = await db.selectFrom('users').select(db.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function isNameTaken(db: Db, username: string): Promise<boolean> {
  const row = await db.selectFrom('users').select('id').where('username', '=', username).executeTakeFirst()
  return row !== undefined
}

export async function insertUser(db: Db, user: NewUser): Promise<void> {
  const row = {
    id: user.id,
    username: user.username,
    display_name: user.displayName,
    role: user.role,
    cameras_limited: user.cameras === null ? (0 as const) : (1 as const),
    password_hash: user.passwordHash,
    password_changed_at: user.passwordChangedAt,
    totp_secret: user.totpSecret,
    totp_last_step: user.totpLastStep,
    active: 1 as const,
    created_at: user.createdAt,
  }
  await db.insertInto('users').values(row).execute()
  if (user.cameras !== null) await setCameras(db, user.id, user.cameras)
}

/** Replaces the list; whether it counts at all is `cameras_limited`. */
export async function setCameras(db: Db, userId: string, cameras: readonly string[]): Promise<void> {
  await db.deleteFrom('user_cameras').where('user_id', '=', userId).execute()
  const rows = [...new Set(cameras)].map((cameraId) => ({ user_id: userId, camera_id: cameraId }))
  if (rows.length > 0) await db.insertInto('user_cameras').values(rows).execute()
}

/** The same password hashed better; false when it was changed meanwhile. */
export async function upgradePasswordHash(db: Db, userId: string, from: string, to: string): Promise<boolean> {
  const result = await db
    .updateTable('users')
    .set({ password_hash: to })
    .where('id', '=', userId)
    .where('password_hash', '=', from)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}
