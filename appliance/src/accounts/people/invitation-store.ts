import type { Db } from '../../db/database.ts'

export interface StoredInvitation {
  id: string
  displayName: string
  role: string
  roleName: string | null
  cameras: readonly string[] | null
  /** Id of who invited. */
  inviterId: string
  invitedBy: string
  createdAt: number
  expiresAt: number
  usedAt: number | null
  withdrawnAt: number | null
}

const invitations = (db: Db) =>
  db
    .selectFrom('invitations')
    .innerJoin('users', 'users.id', 'invitations.invited_by')
    .leftJoin('roles', 'roles.id', 'invitations.role')
    .select([
      'invitations.id as id',
      'invitations.display_name as displayName',
      'invitations.role as role',
      'roles.name as roleName',
      'invitations.cameras as cameras',
      'invitations.invited_by as inviterId',
      'users.display_name as invitedBy',
      'invitations.created_at as createdAt',
      'invitations.expires_at as expiresAt',
      'invitations.used_at as usedAt',
      'invitations.withdrawn_at as withdrawnAt',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof invitations>['execute']>>[number]

const timeOf = (value: number | null): number | null => (value === null ? null : Number(value))

const asInvitation = (row: Row): StoredInvitation => ({
  ...row,
  cameras: row.cameras === null ? null : (JSON.parse(row.cameras) as string[]),
  createdAt: Number(row.createdAt),
  expiresAt: Number(row.expiresAt),
  usedAt: timeOf(row.usedAt),
  withdrawnAt: timeOf(row.withdrawnAt),
})

/** Newest first. */
export async function listInvitations(db: Db): Promise<StoredInvitation[]> {
  return (await invitations(db).orderBy('invitations.id', 'desc').execute()).map(asInvitation)
}

export async function findInvitation(db: Db, id: string): Promise<StoredInvitation | null> {
  const row = await invitations(db).where('invitations.id', '=', id).executeTakeFirst()
  return row ? asInvitation(row) : null
}

export async function findInvitationByToken(db: Db, tokenHash: string): Promise<StoredInvitation | null> {
  const row = await invitations(db).where('invitations.token_hash', '=', tokenHash).executeTakeFirst()
  return row ? asInvitation(row) : null
}

export interface NewInvitation {
  id: string
  tokenHash: string
  displayName: string
  role: string
  cameras: readonly string[] | null
  inviterId: string
  createdAt: number
  expiresAt: number
}

export async function insertInvitation(db: Db, invitation: NewInvitation): Promise<void> {
  const row = {
    id: invitation.id,
    token_hash: invitation.tokenHash,
    display_name: invitation.displayName,
    role: invitation.role,
    cameras: invitation.cameras && JSON.stringify(invitation.cameras),
    invited_by: invitation.inviterId,
    created_at: invitation.createdAt,
    expires_at: invitation.expiresAt,
    used_at: null,
    withdrawn_at: null,
  }
  await db.insertInto('invitations').values(row).execute()
}

const open = (db: Db, id: string) =>
  db.updateTable('invitations').where('id', '=', id).where('used_at', 'is', null).where('withdrawn_at', 'is', null)

/** True for exactly one caller, and only while it is open. */
export async function useInvitation(db: Db, id: string, at: number): Promise<boolean> {
  const result = await open(db, id).where('expires_at', '>', at).set({ used_at: at }).executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

export async function withdrawInvitation(db: Db, id: string, at: number): Promise<boolean> {
  const result = await open(db, id).set({ withdrawn_at: at }).executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Of one role, or of all. */
export async function countOpenInvitations(db: Db, now: number, role?: string): Promise<number> {
  const all = db
    .selectFrom('invitations')
    .select(db.fn.countAll<number>().as('count'))
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now)
  const row = await (role === undefined ? all : all.where('role', '=', role)).executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function deleteOldInvitations(db: Db, expiredBefore: number): Promise<void> {
  await db.deleteFrom('invitations').where('expires_at', '<', expiredBefore).execute()
}
