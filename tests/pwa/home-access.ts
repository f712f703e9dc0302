// People, roles, invitations, keys, settings and the record of the fake home. The rules are the box's own; here is only
// enough of them for the pages to be seen.
import { randomUUID } from 'node:crypto'
import * as auditApi from '../../appliance/src/api/audit.ts'
import { done, idParams } from '../../appliance/src/api/common.ts'
import * as keysApi from '../../appliance/src/api/keys.ts'
import * as api from '../../appliance/src/api/people.ts'
import { ROLES, ROLE_PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import type { Permission } from '../../appliance/src/api/permissions.ts'
import * as system from '../../appliance/src/api/system.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { SETTINGS, recordOf } from './home-access-data.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const HOUR_MS = 3_600_000
const ok = { ok: true as const }

export interface HomeAccess {
  people: api.Person[]
  roles: api.RoleOfHome[]
  invitations: api.Invitation[]
  keys: keysApi.ApiKey[]
  settings: system.SettingEntry[]
  record: auditApi.AuditEntry[]
}

const known = new WeakMap<HomeState, HomeAccess>()

/** Who lives here; the first one is who is signed in. Made when it is asked for the first time. */
export function accessOf(state: HomeState): HomeAccess {
  let access = known.get(state)
  if (!access) known.set(state, (access = makeAccess(state.account.user.id, state.data.cameras[0]?.id ?? null)))
  return access
}

export function makePerson(displayName: string, role: string, change: Partial<api.Person> = {}): api.Person {
  return {
    id: randomUUID(),
    username: displayName.toLowerCase(),
    displayName,
    role,
    roleName: role,
    permissions: [...(ROLE_PERMISSIONS[role as 'admin'] ?? [])],
    cameras: null,
    active: true,
    hasTotp: true,
    passkeys: 0,
    mustChangePassword: false,
    sessions: 1,
    createdAt: Date.now() - 900 * HOUR_MS,
    lastSeenAt: Date.now() - HOUR_MS,
    ...change,
  }
}

function makeAccess(ownerId: string, camera: string | null): HomeAccess {
  const neighbour: Permission[] = ['cameras.view', 'incidents.view', 'devices.control', 'devices.view']
  const people = [
    makePerson('Ada', 'admin', { id: ownerId, passkeys: 2, lastSeenAt: Date.now() }),
    makePerson('Ben', 'operator'),
    makePerson('Grandma Elisabeth', 'viewer', {
      hasTotp: false,
      mustChangePassword: true,
      lastSeenAt: null,
      sessions: 0,
      username: 'elisabeth',
      cameras: camera === null ? null : [camera],
    }),
    makePerson('Former tenant', 'guest', { active: false, sessions: 0, lastSeenAt: Date.now() - 800 * HOUR_MS }),
  ]
  const roles = [
    ...ROLES.map((id) => ({
      id: id as string,
      name: id as string,
      builtIn: true,
      permissions: [...ROLE_PERMISSIONS[id]],
      people: 1,
    })),
    { id: randomUUID(), name: 'Neighbour', builtIn: false, permissions: neighbour, people: 0 },
  ]
  const invitations = [makeInvitation({ displayName: 'Cousin Karl', role: 'guest' }, 20 * HOUR_MS)]
  const keys = [
    makeKey('Home Assistant', { lastUsedAt: Date.now() - 40_000, lastUsedFrom: '192.168.1.30' }),
    makeKey('Dashboard in the hall', { state: 'rotated', expiresAt: Date.now() + HOUR_MS, prefix: 'h7Gd02mP' }),
    makeKey('Backup script', { owner: null, scopes: ['system.view', 'data.view'], prefix: 'wq81LzTn' }),
    makeKey('Old tablet', { state: 'revoked', prefix: 'Zt9fAa3c', expiresAt: Date.now() - 300 * HOUR_MS }),
  ]
  return { people, roles, invitations, keys, settings: structuredClone(SETTINGS), record: recordOf(people) }
}

function makeKey(name: string, change: Partial<keysApi.ApiKey> = {}): keysApi.ApiKey {
  return {
    id: randomUUID(),
    name,
    prefix: 'k3VbTq9x',
    scopes: ['devices.view', 'devices.control', 'cameras.view', 'incidents.view'],
    owner: 'Ada',
    createdAt: Date.now() - 400 * HOUR_MS,
    expiresAt: Date.now() + 4_000 * HOUR_MS,
    lastUsedAt: null,
    lastUsedFrom: null,
    state: 'active',
    ...change,
  }
}

function makeInvitation({ displayName, role }: { displayName: string; role: string }, forMs: number): api.Invitation {
  return {
    id: randomUUID(),
    displayName,
    role,
    roleName: role,
    cameras: null,
    createdAt: Date.now(),
    expiresAt: Date.now() + forMs,
    invitedBy: 'Ada',
    state: 'open',
  }
}

export function accessRoutes(deps: HomeDeps): Route[] {
  return [...peopleRoutes(deps), ...roleRoutes(deps), ...invitationRoutes(deps), ...keyRoutes(deps), ...boxRoutes(deps)]
}

const view = { ...open, needs: 'users.view' as const }
const edit = { ...open, needs: 'users.edit' as const, sudo: true }

function peopleRoutes({ state }: HomeDeps): Route[] {
  const { people, roles } = accessOf(state)
  return [
    route({
      ...{ ...view, method: 'GET', path: '/api/people', reply: api.peopleReply },
      run: async () => ({ people }),
    }),
    route({
      ...{ ...edit, method: 'PATCH', path: '/api/people/:id', params: idParams },
      ...{ body: api.changePersonBody, reply: api.person },
      async run({ params, body }) {
        const person = find(people, params.id)
        if (body.role === 'guest' && person.role === 'admin')
          throw new LaresError('conflict', 'This is the last administrator.', { code: 'LAST_ADMIN' })
        const role = body.role === undefined ? null : find(roles, body.role)
        const given = role ? { role: role.id, roleName: role.name, permissions: role.permissions } : {}
        return Object.assign(person, JSON.parse(JSON.stringify(body)), given)
      },
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/people/:id', params: idParams, reply: done },
      async run({ params }) {
        people.splice(people.indexOf(find(people, params.id)), 1)
        return ok
      },
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/people/:id/reset', params: idParams },
      ...{ body: api.resetPersonBody, reply: api.resetPersonReply },
      async run({ params, body: { secondFactor } }) {
        const lost = secondFactor ? { hasTotp: false, passkeys: 0 } : {}
        Object.assign(find(people, params.id), { mustChangePassword: true, sessions: 0, ...lost })
        return { temporaryPassword: 'Kiesel-Tasse-48-Wind' }
      },
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/people/:id/sessions', params: idParams, reply: done },
      async run({ params }) {
        find(people, params.id).sessions = 0
        return ok
      },
    }),
  ]
}

function roleRoutes({ state }: HomeDeps): Route[] {
  const { roles } = accessOf(state)
  return [
    route({ ...{ ...view, method: 'GET', path: '/api/roles', reply: api.rolesReply }, run: async () => ({ roles }) }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/roles', body: api.roleBody, reply: api.roleOfHome },
      async run({ body }) {
        if (roles.some(({ name }) => name === body.name))
          throw new LaresError('conflict', 'There is a role of this name.', { code: 'ROLE_NAME_TAKEN' })
        const role = { id: randomUUID(), builtIn: false, people: 0, ...body }
        roles.push(role)
        return role
      },
    }),
    route({
      ...{ ...edit, method: 'PUT', path: '/api/roles/:id', params: api.roleParams },
      ...{ body: api.roleBody, reply: api.roleOfHome },
      run: async ({ params, body }) => Object.assign(find(roles, params.id), body),
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/roles/:id', params: api.roleParams, reply: done },
      async run({ params }) {
        roles.splice(roles.indexOf(find(roles, params.id)), 1)
        return ok
      },
    }),
  ]
}

function invitationRoutes({ state }: HomeDeps): Route[] {
  const { invitations } = accessOf(state)
  return [
    route({
      ...{ ...view, method: 'GET', path: '/api/invitations', reply: api.invitationsReply },
      run: async () => ({ invitations }),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/invitations' },
      ...{ body: api.createInvitationBody, reply: api.createInvitationReply },
      async run({ body, request }) {
        const made = makeInvitation(body, (body.hours ?? 72) * HOUR_MS)
        const invitation = { ...made, cameras: body.cameras ?? null }
        invitations.unshift(invitation)
        return { invitation, link: `${request.origin}/invite#${'q7Rk'.repeat(11)}` }
      },
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/invitations/:id', params: idParams, reply: done },
      async run({ params }) {
        find(invitations, params.id).state = 'withdrawn'
        return ok
      },
    }),
  ]
}

const secretOf = ({ prefix }: keysApi.ApiKey): string => `lares_${prefix}_${'a1B2c3D4'.repeat(6).slice(0, 43)}`

function keyRoutes({ state }: HomeDeps): Route[] {
  const { keys } = accessOf(state)
  const add = (key: keysApi.ApiKey) => {
    keys.unshift(key)
    return { key, secret: secretOf(key) }
  }
  return [
    route({
      ...{ ...view, method: 'GET', path: '/api/keys', reply: keysApi.apiKeysReply },
      run: async () => ({ enabled: true, keys }),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/keys' },
      ...{ body: keysApi.createApiKeyBody, reply: keysApi.createApiKeyReply },
      async run({ body: { name, scopes, expiresInDays } }) {
        const expiresAt = expiresInDays === null ? null : Date.now() + expiresInDays * 24 * HOUR_MS
        return add(makeKey(name, { scopes, expiresAt, prefix: 'nEwKey01' }))
      },
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/keys/:id/rotate', params: idParams },
      ...{ body: keysApi.rotateApiKeyBody, reply: keysApi.createApiKeyReply },
      async run({ params, body: { overlapHours } }) {
        const old = find(keys, params.id)
        const made = add(makeKey(old.name, { scopes: old.scopes, prefix: 'nExt0002' }))
        old.state = overlapHours === 0 ? 'expired' : 'rotated'
        old.expiresAt = Date.now() + overlapHours * HOUR_MS
        return made
      },
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/keys/:id', params: idParams, reply: done },
      async run({ params }) {
        find(keys, params.id).state = 'revoked'
        return ok
      },
    }),
  ]
}

function boxRoutes({ state }: HomeDeps): Route[] {
  const { settings, record } = accessOf(state)
  return [
    route({
      ...{ ...open, needs: 'system.view', method: 'GET', path: '/api/settings', reply: system.settingsReply },
      run: async () => ({ settings }),
    }),
    route({
      ...{
        ...open,
        needs: 'system.edit',
        sudo: true,
        method: 'PUT',
        path: '/api/settings/:key',
        params: system.settingParams,
      },
      ...{ body: system.changeSettingBody, reply: system.settingEntry },
      async run({ params: { key }, body }) {
        const setting = settings.find((each) => each.key === key)
        if (!setting) throw new LaresError('not-found', 'There is no such setting.')
        if (body.value === 'refused')
          throw new LaresError('invalid', 'The box does not take this value.', {
            details: { problems: [{ path: ['value'], message: 'Push services refuse this address.' }] },
          })
        setting.value = body.reset ? setting.initial : body.value
        return setting
      },
    }),
    route({
      ...{ ...open, needs: 'system.view', method: 'GET', path: '/api/audit' },
      ...{ query: auditApi.auditQuery, reply: auditApi.auditReply },
      async run({ query: { type, before, limit } }) {
        const all = record.filter((entry) => type === undefined || entry.type === type)
        const from = before === undefined ? 0 : all.findIndex(({ id }) => id === before) + 1
        const entries = all.slice(from, from + limit)
        return { entries, next: from + limit < all.length ? (entries.at(-1)?.id ?? null) : null }
      },
    }),
  ]
}
