import { isBuiltInRole, type Permission } from '../../api/permissions.ts'
import type { Audit, AuditEvent, AuditType } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database, Db, Trx } from '../../db/database.ts'
import type { Principal } from '../../http/route.ts'
import type { Refusal } from './access-rules.ts'
import type { Passwords } from '../passwords/passwords.ts'
import { existingCameras, findPerson, findRole, type StoredPerson } from './people-store.ts'
import type { SessionEndings } from '../sessions/session-endings.ts'
import { nameOfRole, permissionsOfRole } from './user-store.ts'

/** Who asks, from where. */
export interface Asker {
  principal: Principal
  address: string
  userAgent: string
}

/** What everything needs that looks after the accounts of others. */
export interface ManageDeps {
  database: Database
  clock: Clock
  audit: Pick<Audit, 'record'>
  passwords: Passwords
  sessions: Pick<SessionEndings, 'endOthers'>
  /** After commit: what this person may do is not what it was. */
  announceChange(userId: string): void
}

const REFUSALS: Readonly<Record<Refusal, { kind: 'forbidden' | 'conflict'; words: string }>> = {
  BEYOND_YOUR_OWN: {
    kind: 'forbidden',
    words: 'You can only give what you have yourself, and only look after people who may do no more than you.',
  },
  LAST_ADMIN: {
    kind: 'conflict',
    words: 'This is the last administrator who sees everything. Make somebody else administrator first.',
  },
  YOURSELF: { kind: 'conflict', words: 'You cannot do this to your own account. Ask another administrator.' },
}

export const refusal = (code: Refusal): LaresError =>
  new LaresError(REFUSALS[code].kind, REFUSALS[code].words, { code })

/** The account of who asks as it is inside this transaction: rights that were taken away a moment ago count no more. */
export async function findActor(trx: Trx, { userId }: Principal, now: number): Promise<StoredPerson> {
  const actor = await findPerson(trx, userId, now)
  if (actor?.active && actor.permissions.includes('users.edit')) return actor
  throw new LaresError('forbidden', 'Your account may not do this any more.')
}

export const eventBy = (
  { principal, address, userAgent }: Asker,
  type: AuditType,
  resource: string,
  details: Record<string, unknown> = {},
): AuditEvent => ({ type, who: principal, address, userAgent, resource, details })

export interface RoleAccess {
  id: string
  name: string
  permissions: readonly Permission[]
}

/** A role of this home; null when there is none of that id. */
export async function findRoleAccess(db: Db, id: string): Promise<RoleAccess | null> {
  const stored = isBuiltInRole(id) ? null : await findRole(db, id)
  if (!stored && !isBuiltInRole(id)) return null
  const permissions = permissionsOfRole(id, stored?.permissions ?? null)
  return { id, name: nameOfRole(id, stored?.name ?? null), permissions }
}

/** Throws `invalid` ROLE_UNKNOWN. */
export async function mustFindRole(db: Db, id: string): Promise<RoleAccess> {
  const role = await findRoleAccess(db, id)
  if (!role) throw new LaresError('invalid', 'There is no such role.', { code: 'ROLE_UNKNOWN' })
  return role
}

/** Throws `invalid` CAMERA_UNKNOWN. */
export async function refuseUnknownCameras(db: Db, ids: readonly string[]): Promise<void> {
  const known = await existingCameras(db, ids)
  if (ids.every((id) => known.has(id))) return
  throw new LaresError('invalid', 'One of these cameras does not exist any more.', { code: 'CAMERA_UNKNOWN' })
}
