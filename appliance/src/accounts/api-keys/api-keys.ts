import type { ApiKeysReply, CreateApiKey, CreateApiKeyReply, ImportedKey } from '../../api/keys.ts'
import type { Audit } from '../../audit/types.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Trx } from '../../db/database.ts'
import { isWithin, type Access } from '../people/access-rules.ts'
import { createApiKeyDoor, type ApiKeyDoor, type ApiKeyDoorDeps } from './api-key-door.ts'
import { importKeys } from './api-key-import.ts'
import * as store from './api-key-store.ts'
import { describeKey, isLive, keyHash, newKeyText } from './api-key-text.ts'
import { eventBy, findActor, refusal, type Asker } from '../people/manage.ts'
import { apiKeysEnabled } from '../settings.ts'
import { findPerson } from '../people/people-store.ts'

export interface ApiKeys extends Pick<ApiKeyDoor, 'authenticate' | 'isInForce'> {
  /** Brings in what the environment names, and takes away what it named before. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Forgets keys that stopped working long ago. */
  sweep(): Promise<void>
  list(): Promise<ApiKeysReply>
  /** Throws `forbidden` BEYOND_YOUR_OWN, `conflict` TOO_MANY_KEYS, `invalid` API_KEY_DISABLED. */
  create(asker: Asker, wish: CreateApiKey): Promise<CreateApiKeyReply>
  /** Another key in place of this one, which works on for a while. Throws as `create`, `not-found`, `conflict` KEY_NOT_ACTIVE, SET_BY_ENVIRONMENT. */
  rotate(asker: Asker, id: string, overlapHours: number): Promise<CreateApiKeyReply>
  /** Throws `not-found`, `forbidden` BEYOND_YOUR_OWN, `conflict` KEY_NOT_ACTIVE, SET_BY_ENVIRONMENT. */
  revoke(asker: Asker, id: string): Promise<void>
}

export interface ApiKeysDeps extends ApiKeyDoorDeps {
  audit: Pick<Audit, 'record'>
  /** `API_KEYS` of the environment. */
  importedKeys: readonly ImportedKey[]
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MOST_KEYS = 100
const FORGOTTEN_AFTER_MS = 90 * DAY_MS

const notActive = (): LaresError =>
  new LaresError('conflict', 'This key was replaced or revoked already.', { code: 'KEY_NOT_ACTIVE' })

/** A key that can be changed here. Throws `not-found`, `conflict`. */
async function findOwnMade(trx: Trx, id: string, now: number): Promise<store.ListedKey> {
  const key = await store.findKey(trx, id)
  if (!key) throw new LaresError('not-found', 'There is no such key.')
  if (key.userId === null)
    throw new LaresError(
      'conflict',
      'This key comes from API_KEYS of the environment. Take it out there, then restart.',
      {
        code: 'SET_BY_ENVIRONMENT',
      },
    )
  if (!isLive(key, now)) throw notActive()
  return key
}

/** What every change of keys does inside its transaction. */
function createDesk({ clock, settings }: ApiKeysDeps) {
  return {
    /** Nobody looks after a key whose owner may more than they do: a new secret would be theirs. */
    async requireReach(trx: Trx, actor: Access, key: store.StoredKey): Promise<void> {
      const owner = key.userId === null ? null : await findPerson(trx, key.userId, clock.now())
      if (!owner || !isWithin(owner, actor)) throw refusal('BEYOND_YOUR_OWN')
    },
    async insert(
      trx: Trx,
      key: Pick<store.NewKey, 'userId' | 'name' | 'scopes' | 'expiresAt'>,
    ): Promise<CreateApiKeyReply> {
      if (!settings.get(apiKeysEnabled))
        throw new LaresError('invalid', 'API keys are switched off on this box.', { code: 'API_KEY_DISABLED' })
      const now = clock.now()
      if ((await store.countLiveKeys(trx, now)) >= MOST_KEYS)
        throw new LaresError('conflict', `There are ${MOST_KEYS} keys already. Revoke those that nobody uses.`, {
          code: 'TOO_MANY_KEYS',
        })
      const id = newId(now)
      const { text, prefix } = newKeyText()
      await store.insertKey(trx, { ...key, id, prefix, keyHash: keyHash(text), createdAt: now })
      const stored = await store.findKey(trx, id)
      if (!stored) throw new LaresError('internal', 'A key that was just written is not there.')
      return { key: describeKey(stored, now), secret: text }
    },
  }
}

/** Making, replacing and revoking, each in one transaction with its record. */
function createActions(deps: ApiKeysDeps, door: ApiKeyDoor): Pick<ApiKeys, 'create' | 'rotate' | 'revoke'> {
  const { database, clock, audit } = deps
  const desk = createDesk(deps)
  return {
    create: (asker, { name, scopes, expiresInDays }) =>
      database.transaction(async (trx) => {
        const actor = await findActor(trx, asker.principal, clock.now())
        const wanted = [...new Set(scopes)]
        if (!isWithin({ permissions: wanted, cameras: actor.cameras }, actor)) throw refusal('BEYOND_YOUR_OWN')
        const expiresAt = expiresInDays === null ? null : clock.now() + expiresInDays * DAY_MS
        const made = await desk.insert(trx, { userId: actor.id, name, scopes: wanted, expiresAt })
        await audit.record(
          trx,
          eventBy(asker, 'api_key_created', `api-key:${made.key.id}`, { scopes: wanted, expiresAt }),
        )
        return made
      }),
    rotate: (asker, id, overlapHours) =>
      database.transaction(async (trx) => {
        const now = clock.now()
        const actor = await findActor(trx, asker.principal, now)
        const old = await findOwnMade(trx, id, now)
        await desk.requireReach(trx, actor, old)
        const { userId, name, scopes, createdAt } = old
        const expiresAt = old.expiresAt === null ? null : now + (old.expiresAt - createdAt)
        const next = await desk.insert(trx, { userId, name, scopes, expiresAt })
        const oldEndsAt = Math.min(old.expiresAt ?? Infinity, now + overlapHours * HOUR_MS)
        if (!(await store.replaceKey(trx, id, { replacedBy: next.key.id, expiresAt: oldEndsAt }))) throw notActive()
        if (overlapHours === 0) await store.revokeKey(trx, id, now)
        const details = { replacedBy: next.key.id, oldEndsAt }
        await audit.record(trx, eventBy(asker, 'api_key_rotated', `api-key:${id}`, details))
        database.afterCommit(trx, () => door.closed(id, 'rotated'))
        return next
      }),
    revoke: (asker, id) =>
      database.transaction(async (trx) => {
        const now = clock.now()
        const actor = await findActor(trx, asker.principal, now)
        const key = await findOwnMade(trx, id, now)
        await desk.requireReach(trx, actor, key)
        if (!(await store.revokeKey(trx, id, now))) throw notActive()
        await audit.record(trx, eventBy(asker, 'api_key_revoked', `api-key:${id}`, { prefix: key.prefix }))
        database.afterCommit(trx, () => door.closed(id, 'revoked'))
      }),
  }
}

/** Keys for programs (SEC-A11): made by people, or named by the environment. */
export function createApiKeys(deps: ApiKeysDeps): ApiKeys {
  const { database, clock, settings } = deps
  const door = createApiKeyDoor(deps)
  let stops: (() => void)[] = []
  return {
    ...createActions(deps, door),
    authenticate: (asking) => door.authenticate(asking),
    isInForce: (principal) => door.isInForce(principal),
    async start() {
      stops = [
        settings.onChange(apiKeysEnabled, (enabled) => void (enabled || door.allClosed('api-keys-off'))),
        deps.bus.on('account.changed', 'api keys', ({ userId }) => door.ownerChanged(userId)),
      ]
      await importKeys(deps)
    },
    async stop() {
      stops.forEach((stop) => stop())
      await door.settled()
    },
    sweep: () => store.deleteOldKeys(database.writer, clock.now() - FORGOTTEN_AFTER_MS),
    async list() {
      const keys = await store.listKeys(database.reader)
      return { enabled: settings.get(apiKeysEnabled), keys: keys.map((key) => describeKey(key, clock.now())) }
    },
  }
}
