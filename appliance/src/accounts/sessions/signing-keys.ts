import { hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { SigningKeys as SigningKeysReply } from '../../api/system.ts'
import type { Audit, AuditEvent } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { newToken } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Database } from '../../db/database.ts'
import type { Settings } from '../../settings/types.ts'
import { signingKeyGraceMinutes, signingKeyRotationDays } from '../settings.ts'
import { readKeys, writeKeys, type StoredKey } from './signing-key-file.ts'

const KEY_BYTES = 32
const DAY_MS = 24 * 60 * 60_000
const MINUTE_MS = 60_000
/** Clocks are corrected by a little all the time. */
const TOLERATED_MS = MINUTE_MS
const MOST_RETIRED = 20

export interface SigningKey {
  id: string
  secret: Uint8Array
}

/** The keys that sign access tokens (SEC-A7): one signs, those before it still verify for a while. */
export interface SigningKeys {
  /** Reads the file or makes it; a changed JWT_SECRET_KEY counts as a rotation. */
  load(): Promise<void>
  current(): SigningKey
  /** null: never ours, or its grace is over. */
  find(id: string): SigningKey | null
  rotate(cause: 'schedule' | 'request' | 'environment', by?: Omit<AuditEvent, 'type'>): Promise<void>
  /** Rotates when it is time to. */
  sweep(): Promise<void>
  list(): SigningKeysReply
}

interface Deps {
  dataDir: string
  database: Database
  audit: Audit
  clock: Clock
  log: Log
  settings: Settings
  /** `JWT_SECRET_KEY`: keys are derived from it. */
  jwtSecret?: string | undefined
  clockTrusted(): boolean
}

/** Tells values of JWT_SECRET_KEY apart without giving them away. */
const seedOf = (jwtSecret: string): string =>
  Buffer.from(hkdfSync('sha256', jwtSecret, '', 'lares signing seed', 12)).toString('base64url')

function makeKey(jwtSecret: string | undefined, createdAt: number): StoredKey {
  const id = newToken(9)
  const fresh = { id, createdAt, retiredAt: null, validUntil: null }
  if (jwtSecret === undefined)
    return { ...fresh, secret: randomBytes(KEY_BYTES).toString('base64url'), source: 'made here', seed: null }
  // The id takes part, so that a rotation makes another key of the same value.
  const derived = Buffer.from(hkdfSync('sha256', jwtSecret, id, 'lares session signing', KEY_BYTES))
  return { ...fresh, secret: derived.toString('base64url'), source: 'environment', seed: seedOf(jwtSecret) }
}

/** By the clock as it is: one that was set back does not bring a retired key to life for longer. */
function isValid({ retiredAt, validUntil }: StoredKey, nowMs: number): boolean {
  if (retiredAt === null || validUntil === null) return true
  return nowMs >= retiredAt - TOLERATED_MS && nowMs < validUntil
}

/** The keys in memory: what is in the file, ready to use. */
function createRing(clock: Clock) {
  let keys: readonly StoredKey[] = []
  let usable = new Map<string, SigningKey>()
  const newest = (): StoredKey | undefined => keys.find((key) => key.retiredAt === null)
  const valid = (): StoredKey[] => keys.filter((key) => isValid(key, clock.now()))
  return {
    newest,
    valid,
    all: () => keys,
    use(next: readonly StoredKey[]): void {
      keys = next
      usable = new Map(next.map(({ id, secret }) => [id, { id, secret: Buffer.from(secret, 'base64url') }]))
    },
    current(): SigningKey {
      const key = usable.get(newest()?.id ?? '')
      if (key) return key
      throw new LaresError('internal', 'The signing keys are not loaded.')
    },
    find(id: string): SigningKey | null {
      const key = keys.find((one) => one.id === id)
      return key && isValid(key, clock.now()) ? (usable.get(id) ?? null) : null
    },
  }
}

export function createSigningKeys(deps: Deps): SigningKeys {
  const { clock, log, settings, database, audit, jwtSecret } = deps
  const file = join(deps.dataDir, 'keys', 'session-signing.json')
  const ring = createRing(clock)

  async function write(next: readonly StoredKey[]): Promise<void> {
    await writeKeys(file, next)
    ring.use(next)
  }

  const rotate: SigningKeys['rotate'] = async (cause, by) => {
    // Inside the transaction throughout: of two at once, the second replaces the key of the first.
    const id = await database.transaction(async (trx) => {
      const now = clock.now()
      const before = ring.newest()
      const next = makeKey(jwtSecret, now)
      const details = { ...by?.details, cause, key: next.id, before: before?.id ?? null }
      await audit.record(trx, { ...by, type: 'signing_key_rotated', resource: `signing-key:${next.id}`, details })
      const validUntil = now + settings.get(signingKeyGraceMinutes) * MINUTE_MS
      const retired = ring.valid().map((key) => (key === before ? { ...key, retiredAt: now, validUntil } : key))
      await write([next, ...retired.filter((key) => isValid(key, now)).slice(0, MOST_RETIRED)])
      return next.id
    })
    log.info({ cause, key: id }, 'Signing key rotated')
  }

  function nextRotationAt(): number | null {
    const days = settings.get(signingKeyRotationDays)
    const key = ring.newest()
    return days === 0 || !key ? null : key.createdAt + days * DAY_MS
  }

  return {
    rotate,
    current: () => ring.current(),
    find: (id) => ring.find(id),
    async load() {
      ring.use(await readKeys(file, log))
      const key = ring.newest()
      if (!key) return write([makeKey(jwtSecret, clock.now()), ...ring.valid()])
      if (key.seed !== (jwtSecret === undefined ? null : seedOf(jwtSecret))) await rotate('environment')
    },
    async sweep() {
      if (!deps.clockTrusted()) return
      const now = clock.now()
      const due = nextRotationAt()
      // Made while the clock was ahead: it would sign for far too long.
      const isFromTheFuture = due !== null && (ring.newest()?.createdAt ?? 0) > now + DAY_MS
      if ((due !== null && now >= due) || isFromTheFuture) return rotate('schedule')
      if (ring.valid().length < ring.all().length) await write(ring.valid())
    },
    list: () => ({
      keys: ring.valid().map(({ id, createdAt, source, validUntil }) => ({ id, createdAt, source, validUntil })),
      nextRotationAt: nextRotationAt(),
    }),
  }
}
