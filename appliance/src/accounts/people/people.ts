import type { ChangePerson, Person, ResetPersonReply } from '../../api/people.ts'
import { LaresError } from '../../core/errors.ts'
import type { Db, Trx } from '../../db/database.ts'
import { refusalOf, type MemberChange } from './access-rules.ts'
import { accountKeyHash } from '../sign-in/login-delays.ts'
import {
  eventBy,
  findActor,
  mustFindRole,
  refusal,
  refuseUnknownCameras,
  type Asker,
  type ManageDeps,
} from './manage.ts'
import { MUST_CHANGE } from '../passwords/passwords.ts'
import * as store from './people-store.ts'
import type { StoredPerson } from './people-store.ts'
import { clearFailures } from '../store.ts'
import { temporaryPassword } from '../passwords/temporary-password.ts'
import { findUser } from './user-store.ts'
import { toUser } from './users.ts'

export interface People {
  list(): Promise<Person[]>
  /** Throws `not-found`. */
  get(id: string): Promise<Person>
  /** Throws `forbidden` BEYOND_YOUR_OWN, `conflict` LAST_ADMIN, YOURSELF, `invalid` ROLE_UNKNOWN, CAMERA_UNKNOWN. */
  change(asker: Asker, id: string, change: ChangePerson): Promise<Person>
  remove(asker: Asker, id: string): Promise<void>
  /** A password that is shown once and has to be replaced at the next sign-in. */
  reset(asker: Asker, id: string, options: { secondFactor: boolean }): Promise<ResetPersonReply>
  endSessions(asker: Asker, id: string): Promise<void>
}

function toPerson(stored: StoredPerson): Person {
  const { active, hasTotp, passkeys, sessions, createdAt, lastSeenAt, passwordChangedAt } = stored
  const mustChangePassword = passwordChangedAt === MUST_CHANGE
  return { ...toUser(stored), active, hasTotp, passkeys, mustChangePassword, sessions, createdAt, lastSeenAt }
}

async function mustFind(db: Db, id: string, now: number): Promise<StoredPerson> {
  const person = await store.findPerson(db, id, now)
  if (!person) throw new LaresError('not-found', 'There is no such account.')
  return person
}

const sameCameras = (one: readonly string[] | null, other: readonly string[] | null): boolean =>
  one === null || other === null ? one === other : [...one].sort().join() === [...other].sort().join()

/** What is really different, with the permissions that a new role brings. */
async function differences(trx: Trx, target: StoredPerson, asked: ChangePerson): Promise<store.PersonChange> {
  const change: store.PersonChange = {}
  if (asked.displayName !== undefined && asked.displayName !== target.displayName)
    change.displayName = asked.displayName
  if (asked.role !== undefined && asked.role !== target.role) change.role = asked.role
  if (asked.active !== undefined && asked.active !== target.active) change.active = asked.active
  if (asked.cameras !== undefined && !sameCameras(asked.cameras, target.cameras)) {
    // One that was removed may stay in a list, but not come into one.
    const fresh = (asked.cameras ?? []).filter((camera) => !target.cameras?.includes(camera))
    await refuseUnknownCameras(trx, fresh)
    change.cameras = asked.cameras && [...new Set(asked.cameras)]
  }
  return change
}

async function memberChange(trx: Trx, change: store.PersonChange): Promise<NonNullable<MemberChange>> {
  const role = change.role === undefined ? null : await mustFindRole(trx, change.role)
  return {
    ...(role ? { role: role.id, permissions: role.permissions } : {}),
    ...(change.cameras === undefined ? {} : { cameras: change.cameras }),
    ...(change.active === undefined ? {} : { active: change.active }),
  }
}

async function recordChange(
  trx: Trx,
  { audit }: ManageDeps,
  asker: Asker,
  before: StoredPerson,
  { active, ...rest }: store.PersonChange,
): Promise<void> {
  const resource = `user:${before.id}`
  const details = {
    fields: Object.keys(rest),
    ...(rest.role === undefined ? {} : { roleBefore: before.role, role: rest.role }),
    ...(rest.cameras === undefined ? {} : { cameras: rest.cameras }),
  }
  if (Object.keys(rest).length > 0) await audit.record(trx, eventBy(asker, 'user_updated', resource, details))
  if (active !== undefined)
    await audit.record(trx, eventBy(asker, active ? 'user_activated' : 'user_deactivated', resource))
}

const isAccessChange = ({ role, cameras, active }: store.PersonChange): boolean =>
  role !== undefined || cameras !== undefined || active !== undefined

/** What every change needs. */
interface Powers {
  /** Throws where a rule says no, judged by the accounts as they are in this transaction. */
  check(trx: Trx, asker: Asker, target: StoredPerson, change: MemberChange): Promise<void>
  /** Signs out everywhere; returns from how many. */
  endAll(trx: Trx, id: string, reason: string): Promise<number>
}

function createPowers({ database, clock, sessions, announceChange }: ManageDeps): Powers {
  return {
    async check(trx, { principal }, target, change) {
      const actor = await findActor(trx, principal, clock.now())
      const refused = refusalOf(actor, target, change, await store.countMainstays(trx))
      if (refused) throw refusal(refused)
    },
    endAll(trx, id, reason) {
      database.afterCommit(trx, () => announceChange(id))
      return sessions.endOthers(id, null, reason, trx)
    },
  }
}

async function reset(
  { database, clock, audit, passwords }: ManageDeps,
  { check, endAll }: Powers,
  asker: Asker,
  id: string,
  { secondFactor }: { secondFactor: boolean },
): Promise<ResetPersonReply> {
  const before = await mustFind(database.reader, id, clock.now())
  if (id === asker.principal.userId) throw refusal('YOURSELF')
  const password = temporaryPassword(before)
  const prepared = await passwords.prepare(password, before)
  await database.transaction(async (trx) => {
    await check(trx, asker, await mustFind(trx, id, clock.now()), {})
    const user = await findUser(trx, id)
    if (!user)
      throw new LaresError('conflict', 'This account is switched off. Switch it on first.', { code: 'DEACTIVATED' })
    await passwords.replace(trx, user, prepared, { mustChange: true })
    if (secondFactor) await store.removeSecondFactors(trx, id)
    await clearFailures(trx, [accountKeyHash(user.username)])
    await endAll(trx, id, 'reset')
    await audit.record(trx, eventBy(asker, 'password_reset', `user:${id}`, { secondFactor }))
    if (secondFactor) await audit.record(trx, eventBy(asker, 'mfa_disabled', `user:${id}`))
  })
  return { temporaryPassword: password }
}

/** Looking after the accounts of others (SEC-A10). Every rule is checked inside the transaction that changes something. */
export function createPeople(deps: ManageDeps): People {
  const { database, clock, audit } = deps
  const powers = createPowers(deps)
  const { check, endAll } = powers
  const read = async (id: string): Promise<Person> => toPerson(await mustFind(database.writer, id, clock.now()))

  return {
    list: async () => (await store.listPeople(database.reader, clock.now())).map(toPerson),
    get: read,
    async change(asker, id, asked) {
      await database.transaction(async (trx) => {
        const target = await mustFind(trx, id, clock.now())
        const change = await differences(trx, target, asked)
        await check(trx, asker, target, await memberChange(trx, change))
        await store.updatePerson(trx, id, change)
        await recordChange(trx, deps, asker, target, change)
        if (isAccessChange(change))
          await endAll(trx, id, change.active === false ? 'account-disabled' : 'access-changed')
      })
      return read(id)
    },
    async remove(asker, id) {
      await database.transaction(async (trx) => {
        const target = await mustFind(trx, id, clock.now())
        await check(trx, asker, target, null)
        await endAll(trx, id, 'account-removed')
        await store.deletePerson(trx, id)
        await audit.record(trx, eventBy(asker, 'user_deleted', `user:${id}`, { role: target.role }))
      })
    },
    reset: (asker, id, options) => reset(deps, powers, asker, id, options),
    async endSessions(asker, id) {
      await database.transaction(async (trx) => {
        await check(trx, asker, await mustFind(trx, id, clock.now()), {})
        const ended = await endAll(trx, id, 'ended-by-admin')
        await audit.record(trx, eventBy(asker, 'session_revoked', `user:${id}`, { ended }))
      })
    },
  }
}
