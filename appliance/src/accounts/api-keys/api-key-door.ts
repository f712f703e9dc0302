import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Database } from '../../db/database.ts'
import type { Events } from '../../events.ts'
import type { Principal } from '../../http/route.ts'
import type { Settings } from '../../settings/types.ts'
import { isLive, keyHash, mayBeKey } from './api-key-text.ts'
import { findKey, findKeyByHash, touchKey, type StoredKey } from './api-key-store.ts'
import { apiKeysEnabled } from '../settings.ts'
import { findUser, type StoredUser } from '../people/user-store.ts'

interface Opened {
  key: StoredKey
  principal: Principal
  /** When the database last heard of its use. */
  touchedAt: number
}

/** Lets programs in by their key. */
export interface ApiKeyDoor {
  /** Throws `unauthenticated` API_KEY_INVALID, `invalid` API_KEY_DISABLED. */
  authenticate(asking: { apiKey: string; address: string }): Promise<Principal>
  /** False too when it may something else by now. */
  isInForce(principal: Principal): Promise<boolean>
  /** After commit: it works no more, or no longer than it was said. Its open streams end. */
  closed(keyId: string, reason: string): void
  /** After commit: what this person may do has changed, and with it what their keys may. */
  ownerChanged(userId: string): void
  /** Ends open streams of all keys, and remembers none. */
  allClosed(reason: string): void
  /** Waits for what is being written. */
  settled(): Promise<void>
}

export interface ApiKeyDoorDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
}

const MOST_REMEMBERED = 1_000
const TOUCH_EVERY_MS = 60_000

const invalid = (): LaresError =>
  new LaresError('unauthenticated', 'This API key is not known, or it works no more.', { code: 'API_KEY_INVALID' })

/** What the key may at this moment: no more than whoever made it. */
function principalOf(key: StoredKey, owner: StoredUser | null): Principal {
  const common = { kind: 'api-key', role: 'api-key', sessionId: key.id, freshUntil: 0 } as const
  if (!owner) return { ...common, userId: key.id, username: key.name, permissions: new Set(key.scopes), cameras: null }
  const own = new Set(owner.permissions)
  return {
    ...common,
    userId: owner.id,
    username: owner.username,
    permissions: new Set(key.scopes.filter((scope) => own.has(scope))),
    cameras: owner.cameras && new Set(owner.cameras),
  }
}

const isSame = <T>(one: ReadonlySet<T> | null, other: ReadonlySet<T> | null): boolean =>
  one === null || other === null ? one === other : one.size === other.size && one.isSubsetOf(other)

const sameAccess = (one: Principal, other: Principal): boolean =>
  isSame(one.permissions, other.permissions) && isSame(one.cameras, other.cameras)

/** Keys in use, so that a request costs no look-up. What changes calls `forget`. */
function createMemory() {
  const byHash = new Map<string, Opened>()
  /** Counts changes: what was looked up while one happened may be outdated. */
  let changes = 0
  return {
    changes: () => changes,
    find: (hash: string) => byHash.get(hash),
    keep(hash: string, opened: Opened): Opened {
      const oldest = byHash.size >= MOST_REMEMBERED ? byHash.keys().next().value : undefined
      if (oldest !== undefined) byHash.delete(oldest)
      byHash.set(hash, opened)
      return opened
    },
    forget(isMeant: (opened: Opened) => boolean): Opened[] {
      changes += 1
      const meant = [...byHash].filter(([, opened]) => isMeant(opened))
      for (const [hash] of meant) byHash.delete(hash)
      return meant.map(([, opened]) => opened)
    },
  }
}

/** Notes when a key is used: at most once a minute each, and in nobody's way. */
function createUseNotes({ database, clock, log }: ApiKeyDoorDeps) {
  let writing: Promise<void> = Promise.resolve()
  return {
    touch(opened: Opened, address: string): void {
      const now = clock.now()
      if (Math.abs(now - opened.touchedAt) < TOUCH_EVERY_MS) return
      opened.touchedAt = now
      writing = writing
        .then(() => touchKey(database.writer, opened.key.id, now, address))
        .catch((error: unknown) => log.warn({ err: messageOf(error) }, 'Cannot note when an API key was used'))
    },
    written: () => writing,
  }
}

export function createApiKeyDoor(deps: ApiKeyDoorDeps): ApiKeyDoor {
  const { database, clock, bus, settings } = deps
  const memory = createMemory()
  const notes = createUseNotes(deps)

  async function openAnew(hash: string): Promise<Opened | null> {
    const before = memory.changes()
    const key = await findKeyByHash(database.reader, hash)
    const owner = key?.userId == null ? null : await findUser(database.reader, key.userId)
    if (before !== memory.changes()) return openAnew(hash)
    // A deactivated owner is nobody.
    if (!key || !isLive(key, clock.now()) || (key.userId !== null && !owner)) return null
    return memory.keep(hash, { key, principal: principalOf(key, owner), touchedAt: key.lastUsedAt ?? 0 })
  }

  /** Forgets those that are meant; their open streams end. */
  function shut(isMeant: (opened: Opened) => boolean, reason: string): void {
    for (const { key, principal } of memory.forget(isMeant))
      bus.emit('session.ended', { sessionId: key.id, userId: principal.userId, reason })
  }

  return {
    async authenticate({ apiKey, address }) {
      if (!settings.get(apiKeysEnabled))
        throw new LaresError('invalid', 'API keys are switched off on this box.', { code: 'API_KEY_DISABLED' })
      if (!mayBeKey(apiKey)) throw invalid()
      const hash = keyHash(apiKey)
      const opened = memory.find(hash) ?? (await openAnew(hash))
      if (!opened || !isLive(opened.key, clock.now())) throw invalid()
      notes.touch(opened, address)
      return opened.principal
    },
    async isInForce(principal) {
      if (!settings.get(apiKeysEnabled)) return false
      const key = await findKey(database.reader, principal.sessionId)
      const owner = key?.userId == null ? null : await findUser(database.reader, key.userId)
      if (!key || !isLive(key, clock.now()) || (key.userId !== null && !owner)) return false
      return sameAccess(principal, principalOf(key, owner))
    },
    closed: (keyId, reason) => shut(({ key }) => key.id === keyId, reason),
    // What was let through an open stream before may be too much now: the program opens it again.
    ownerChanged: (userId) => shut(({ key }) => key.userId === userId, 'access-changed'),
    allClosed: (reason) => shut(() => true, reason),
    settled: () => notes.written(),
  }
}
