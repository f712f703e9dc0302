import type { CurrentSession, Session } from '../../api/accounts.ts'
import type { Audit } from '../../audit/types.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { newToken, sha256Hex } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { Events } from '../../events.ts'
import { requireFresh } from '../../http/index.ts'
import type { IssuedTokens, Principal } from '../../http/route.ts'
import type { Settings } from '../../settings/types.ts'
import { createAccessTokens, tokenExpired, tokenInvalid, type AccessTokens } from './access-token.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createRefresh, type Refresh } from './refresh.ts'
import { createSessionCache, type CachedSession, type SessionCache } from './session-cache.ts'
import { createSessionCheck, type SessionCheck } from './session-check.ts'
import { createSessionEndings, type SessionEndings } from './session-endings.ts'
import { freshMs, idleMs, lifetimeMs, sessionRevoked, warnMs } from './session-rules.ts'
import * as store from './session-store.ts'
import { createSessionSweep } from './session-sweep.ts'
import { maxConcurrentSessions } from '../settings.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { AskingClient, ClientMeta, OpenedSession, OpenSessionOptions } from '../types.ts'

const LONGEST_USER_AGENT = 256

export interface Sessions extends Omit<SessionEndings, 'announce'> {
  /** Ends what this browser had before, and the oldest where there are too many. */
  open(trx: Trx, userId: string, client: ClientMeta, options: OpenSessionOptions): Promise<OpenedSession>
  /** Throws `unauthenticated` TOKEN_INVALID, TOKEN_EXPIRED or SESSION_REVOKED. */
  authenticate(asking: AskingClient): Promise<Principal>
  isInForce(principal: Principal): Promise<boolean>
  /** Throws as `Refresh.refresh`. */
  refresh(asking: AskingClient): Promise<{ tokens: IssuedTokens; session: CurrentSession }>
  /** New tokens in place of the old ones: whoever copied those is out. */
  renew(trx: Trx, sessionId: string): Promise<IssuedTokens>
  current(sessionId: string): Promise<CurrentSession>
  /** Somebody is there. */
  stay(sessionId: string): Promise<CurrentSession>
  /** The second factor was given just now; returns until when that counts. */
  markFresh(trx: Trx, sessionId: string): Promise<number>
  /** Throws `not-found`, and `forbidden` SUDO_REQUIRED where a phone is to be trusted. */
  setTrusted(principal: Principal, sessionId: string, trusted: boolean, client: ClientMeta): Promise<Session>
  list(userId: string, currentId: string): Promise<Session[]>
  /** Ends what has run out, forgets what ended long ago. */
  sweep(): Promise<void>
}

export interface SessionsDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  audit: Audit
  settings: Settings
  keys: SigningKeys
  clockTrusted(): boolean
}

interface Parts extends SessionsDeps {
  cache: SessionCache
  endings: SessionEndings
  check: SessionCheck
  accessTokens: AccessTokens
  refresh: Refresh
}

function toApi(session: store.StoredSession, currentId: string): Session {
  const { id, trusted, userAgent, address, createdAt, lastSeenAt } = session
  return { id, current: id === currentId, trusted, userAgent, address, createdAt, lastSeenAt }
}

/** Inside the transaction of a sign-in. */
function createOpening({ clock, settings, database, endings, cache, check, refresh }: Parts): Sessions['open'] {
  async function makeRoom(trx: Trx, userId: string): Promise<void> {
    const now = clock.now()
    const isOver = (session: store.StoredSession): boolean => {
      const cached = cache.peek(session.id)
      return session.expiresAt <= now || (cached !== undefined && check.isIdle(cached))
    }
    const open = (await store.listUserSessions(trx, userId)).filter((session) => !isOver(session))
    const surplus = open.length + 1 - settings.get(maxConcurrentSessions)
    for (const session of open.slice(0, Math.max(0, surplus)))
      await endings.endWithin(trx, session, 'too-many-sessions')
  }

  return async (trx, userId, client, { trusted, fresh }) => {
    const now = clock.now()
    const device = client.deviceToken ?? newToken()
    const deviceHash = sha256Hex(device)
    for (const earlier of await store.listDeviceSessions(trx, deviceHash))
      await endings.endWithin(trx, earlier, 'signed-in-again')
    await makeRoom(trx, userId)
    const session: store.StoredSession = {
      ...{ id: newId(now), userId, deviceHash, fingerprint: fingerprintOf(client.userAgent), trusted },
      ...{ createdAt: now, lastSeenAt: now, expiresAt: now + lifetimeMs(settings), endedAt: null, endedReason: null },
      freshUntil: fresh ? now + freshMs(settings) : 0,
      userAgent: client.userAgent.slice(0, LONGEST_USER_AGENT),
      address: client.address,
    }
    await store.insertSession(trx, session)
    const { tokens } = await refresh.issue(trx, session, device)
    // Whoever asked for it a moment too early was told that it does not exist.
    database.afterCommit(trx, () => cache.forget(session.id))
    return { sessionId: session.id, tokens }
  }
}

/** A clock that was set back does not keep a second factor fresh. */
function freshUntilNow({ clock, settings }: SessionsDeps, { principal: { freshUntil } }: CachedSession): number {
  return freshUntil <= clock.now() + freshMs(settings) ? freshUntil : 0
}

/** What is asked at every request. */
function createDoor(parts: Parts): Pick<Sessions, 'authenticate' | 'isInForce'> {
  const { clock, accessTokens, check } = parts

  return {
    async authenticate(asking) {
      const { accessToken } = asking.credentials
      if (accessToken === null) throw tokenInvalid()
      const claims = await accessTokens.read(accessToken)
      const cached = await check.live(claims.sessionId)
      if (cached.session.userId !== claims.userId) throw tokenInvalid()
      await check.requireSameBrowser(cached, asking)
      if (claims.isExpired) throw tokenExpired(claims.userId)
      cached.accessExpiresAt = Math.max(cached.accessExpiresAt, claims.expiresAt)
      if (asking.isActivity) cached.activeAt = clock.monotonic()
      await check.touch(cached, asking)
      const freshUntil = freshUntilNow(parts, cached)
      return freshUntil === cached.principal.freshUntil ? cached.principal : { ...cached.principal, freshUntil }
    },
    async isInForce({ sessionId }) {
      try {
        await check.touch(await check.live(sessionId), null)
        return true
      } catch (error) {
        if (error instanceof LaresError && error.kind === 'unauthenticated') return false
        throw error
      }
    },
  }
}

function describe(parts: Parts, cached: CachedSession): CurrentSession {
  const { clock, settings } = parts
  const { session, activeAt, accessExpiresAt } = cached
  const now = clock.now()
  const idleEndsAt = now + idleMs(settings) - Math.floor(clock.monotonic() - activeAt)
  return {
    ...{ id: session.id, trusted: session.trusted, boxTime: now, accessExpiresAt, expiresAt: session.expiresAt },
    idleEndsAt: session.trusted ? null : idleEndsAt,
    warnMs: warnMs(settings),
    freshUntil: freshUntilNow(parts, cached),
  }
}

/** What people do with their sessions. */
function createOwnSessions(parts: Parts): Pick<Sessions, 'current' | 'stay' | 'markFresh' | 'setTrusted' | 'list'> {
  const { database, clock, settings, audit, cache, check } = parts

  /** Written first, then known to the running box. Throws SESSION_REVOKED when it has ended meanwhile. */
  async function change(trx: Trx, sessionId: string, changed: store.SessionChange): Promise<void> {
    if (!(await store.changeSession(trx, sessionId, changed))) throw sessionRevoked('signed-out')
    database.afterCommit(trx, () => {
      const cached = cache.peek(sessionId)
      if (!cached) return
      Object.assign(cached.session, changed)
      cached.principal = { ...cached.principal, freshUntil: cached.session.freshUntil }
    })
  }

  return {
    current: async (sessionId) => describe(parts, await check.live(sessionId)),
    async stay(sessionId) {
      const cached = await check.live(sessionId)
      cached.activeAt = clock.monotonic()
      await check.touch(cached, null)
      return describe(parts, cached)
    },
    async markFresh(trx, sessionId) {
      const freshUntil = clock.now() + freshMs(settings)
      await change(trx, sessionId, { freshUntil })
      return freshUntil
    },
    async setTrusted(principal, sessionId, trusted, { address, userAgent }) {
      if (trusted) requireFresh(principal, clock.now())
      return database.transaction(async (trx) => {
        const session = await store.findSession(trx, sessionId)
        if (session?.userId !== principal.userId || session.endedAt !== null)
          throw new LaresError('not-found', 'This session is not there any more.')
        if (session.trusted === trusted) return toApi(session, principal.sessionId)
        // Trusted: as from a refresh now. Not any more: what was promised last still counts, and not a day longer.
        const expiresAt = trusted
          ? Math.max(session.expiresAt, clock.now() + lifetimeMs(settings))
          : Math.min(session.expiresAt, clock.now() + lifetimeMs(settings))
        await change(trx, sessionId, { trusted, expiresAt })
        const details = { trusted }
        const resource = `session:${sessionId}`
        await audit.record(trx, { type: 'device_trusted', who: principal, address, userAgent, resource, details })
        return toApi({ ...session, trusted }, principal.sessionId)
      })
    },
    async list(userId, currentId) {
      const sessions = await store.listUserSessions(database.reader, userId)
      return sessions.filter(({ expiresAt }) => expiresAt > clock.now()).map((session) => toApi(session, currentId))
    },
  }
}

/** Signed-in browsers: a signed access token names the session, a refresh token that works once carries it on. */
export function createSessions(deps: SessionsDeps): Sessions {
  const cache = createSessionCache(deps)
  const endings = createSessionEndings({ ...deps, cache })
  const check = createSessionCheck({ ...deps, cache, endings })
  const accessTokens = createAccessTokens(deps)
  const refresh = createRefresh({ ...deps, accessTokens, check, endings })
  const parts: Parts = { ...deps, cache, endings, check, accessTokens, refresh }
  const own = createOwnSessions(parts)
  const { announce: _announce, ...ends } = endings

  return {
    ...ends,
    ...own,
    ...createDoor(parts),
    open: createOpening(parts),
    async refresh(asking) {
      const { tokens, accessExpiresAt, cached } = await refresh.refresh(asking.credentials.refreshToken, asking)
      cached.accessExpiresAt = accessExpiresAt
      return { tokens, session: await own.current(cached.session.id) }
    },
    async renew(trx, sessionId) {
      const session = await store.findSession(trx, sessionId)
      if (!session || session.endedAt !== null) throw sessionRevoked(session?.endedReason ?? 'account-removed')
      return (await refresh.renew(trx, session)).tokens
    },
    sweep: createSessionSweep(parts),
  }
}
