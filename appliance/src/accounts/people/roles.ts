import type { Permission } from '../../api/permissions.ts'
import { isBuiltInRole, PERMISSIONS, ROLES } from '../../api/permissions.ts'
import type { RoleBody, RoleOfHome } from '../../api/people.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Db, Trx } from '../../db/database.ts'
import { isWithin } from './access-rules.ts'
import { countOpenInvitations } from './invitation-store.ts'
import { eventBy, findActor, refusal, type Asker, type ManageDeps } from './manage.ts'
import * as store from './people-store.ts'
import { nameOfRole, permissionsOfRole } from './user-store.ts'

const MOST_ROLES = 50

export interface Roles {
  list(): Promise<RoleOfHome[]>
  /** Throws `forbidden` BEYOND_YOUR_OWN, `conflict` NAME_TAKEN. */
  create(asker: Asker, body: RoleBody): Promise<RoleOfHome>
  /** Signs out everybody who has it, where what they may do changes. Throws `conflict` ROLE_FIXED. */
  change(asker: Asker, id: string, body: RoleBody): Promise<RoleOfHome>
  /** Throws `conflict` ROLE_FIXED, ROLE_IN_USE. */
  remove(asker: Asker, id: string): Promise<void>
}

/** In the order of the list, each once. */
const inOrder = (permissions: readonly Permission[]): Permission[] =>
  PERMISSIONS.filter((permission) => permissions.includes(permission))

function refuseBuiltIn(id: string): void {
  if (!isBuiltInRole(id)) return
  throw new LaresError('conflict', 'The four roles that every home has stay as they are. Make one of your own.', {
    code: 'ROLE_FIXED',
  })
}

async function refuseNameTaken(trx: Trx, name: string, exceptId: string | null): Promise<void> {
  const lower = name.toLowerCase()
  const builtIn = ROLES.some((role) => role === lower || nameOfRole(role, null).toLowerCase() === lower)
  const other = await store.findRoleByName(trx, name)
  if (!builtIn && (!other || other.id === exceptId)) return
  throw new LaresError('conflict', 'There is already a role with this name.', {
    code: 'NAME_TAKEN',
    details: { field: 'name' },
  })
}

async function mustFind(trx: Trx, id: string): Promise<store.StoredRole> {
  const role = await store.findRole(trx, id)
  if (!role) throw new LaresError('not-found', 'There is no such role.')
  return role
}

async function list(db: Db): Promise<RoleOfHome[]> {
  const counts = await store.countByRole(db)
  const made = await store.listRoles(db)
  const all = [...ROLES.map((id) => ({ id, name: null, permissions: null })), ...made]
  return all.map(({ id, name, permissions }) => ({
    ...{ id, name: nameOfRole(id, name), builtIn: isBuiltInRole(id) },
    ...{ permissions: [...permissionsOfRole(id, permissions)], people: counts.get(id) ?? 0 },
  }))
}

/** One may neither make nor take away what one does not have, nor touch people who may do more. */
async function checkPower(
  { clock }: ManageDeps,
  trx: Trx,
  asker: Asker,
  permissions: readonly Permission[],
  roleId: string,
): Promise<void> {
  const now = clock.now()
  const actor = await findActor(trx, asker.principal, now)
  // A role has no cameras of its own; those of its people are looked at below.
  if (!isWithin({ permissions, cameras: [] }, actor)) throw refusal('BEYOND_YOUR_OWN')
  const having = (await store.listPeople(trx, now)).filter(({ role }) => role === roleId)
  if (!having.every((person) => isWithin(person, actor))) throw refusal('BEYOND_YOUR_OWN')
}

async function endSessionsOf(
  { database, clock, sessions, announceChange }: ManageDeps,
  trx: Trx,
  roleId: string,
): Promise<void> {
  const having = (await store.listPeople(trx, clock.now())).filter(({ role }) => role === roleId)
  for (const { id } of having) {
    database.afterCommit(trx, () => announceChange(id))
    await sessions.endOthers(id, null, 'access-changed', trx)
  }
}

/** Roles made in this home. The four built-in ones cannot be changed (SEC-A10). */
export function createRoles(deps: ManageDeps): Roles {
  const { database, clock, audit } = deps

  async function read(id: string): Promise<RoleOfHome> {
    const found = (await list(database.writer)).find((role) => role.id === id)
    if (!found) throw new LaresError('not-found', 'There is no such role.')
    return found
  }

  return {
    list: () => list(database.reader),
    async create(asker, { name, permissions }) {
      const now = clock.now()
      const role = { id: newId(now), name, permissions: JSON.stringify(inOrder(permissions)) }
      await database.transaction(async (trx) => {
        await checkPower(deps, trx, asker, permissions, role.id)
        await refuseNameTaken(trx, name, null)
        if ((await store.listRoles(trx)).length >= MOST_ROLES)
          throw new LaresError('conflict', `A home has at most ${MOST_ROLES} roles of its own.`, {
            code: 'TOO_MANY_ROLES',
          })
        await store.insertRole(trx, role, now)
        const details = { permissions: inOrder(permissions) }
        await audit.record(trx, eventBy(asker, 'role_created', `role:${role.id}`, details))
      })
      return read(role.id)
    },
    async change(asker, id, { name, permissions }) {
      refuseBuiltIn(id)
      await database.transaction(async (trx) => {
        const before = await mustFind(trx, id)
        await checkPower(deps, trx, asker, [...permissionsOfRole(id, before.permissions), ...permissions], id)
        await refuseNameTaken(trx, name, id)
        const next = JSON.stringify(inOrder(permissions))
        const isAccessChange = next !== JSON.stringify(permissionsOfRole(id, before.permissions))
        await store.updateRole(trx, { id, name, permissions: next }, clock.now())
        if (isAccessChange) await endSessionsOf(deps, trx, id)
        const details = { permissions: inOrder(permissions), before: permissionsOfRole(id, before.permissions) }
        await audit.record(trx, eventBy(asker, 'role_updated', `role:${id}`, details))
      })
      return read(id)
    },
    async remove(asker, id) {
      refuseBuiltIn(id)
      await database.transaction(async (trx) => {
        const before = await mustFind(trx, id)
        await checkPower(deps, trx, asker, permissionsOfRole(id, before.permissions), id)
        const people = (await store.countByRole(trx)).get(id) ?? 0
        const invitations = await countOpenInvitations(trx, clock.now(), id)
        if (people + invitations > 0)
          throw new LaresError('conflict', 'Somebody has this role or is invited with it. Change that first.', {
            code: 'ROLE_IN_USE',
            details: { people, invitations },
          })
        await store.deleteRole(trx, id)
        await audit.record(trx, eventBy(asker, 'role_deleted', `role:${id}`))
      })
    },
  }
}
