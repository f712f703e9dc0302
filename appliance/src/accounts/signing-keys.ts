import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { hkdfSync, randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { SigningKeys as SigningKeysReply } from '../api/system.ts'
import type { Audit, AuditEvent } from '../audit/types.ts'
import type { Clock } from '../core/clock.ts'
import { newToken, sha256Hex } from '../core/crypto.ts'
import { writeFileDurably } from '../core/disk.ts'
import { LaresError, messageOf, systemCodeOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { Settings } from '../settings/types.ts'
import { signingKeyGraceMinutes, signingKeyRotationDays } from './settings.ts'

const KEY_BYTES = 32
const DAY_MS = 24 * 60 * 60_000
const MINUTE_MS = 60_000
/** Clocks are corrected by a little all the time. */
const TOLERATED_MS = MINUTE_MS

const storedKey = z.strictObject({
  id: z.string().min(8).max(64),
  secret: z.string().length(43),
  createdAt: z.int(),
  source: z.enum(['made here', 'environment']),
  /** Which value of JWT_SECRET_KEY it was made from. */
  seed: z.string().nullable(),
  retiredAt: z.int().nullable(),
  validUntil: z.int().nullable(),
})
type StoredKey = z.infer<typeof storedKey>
const keyFile = z.strictObject({ version: z.literal(1), keys: z.array(storedKey).min(1).max(50) })

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

/** Stored keys; null when there is no file, or none that can be used. */
async function readKeys(file: string, log: Log): Promise<StoredKey[] | null> {
  try {
    const { keys } = keyFile.parse(JSON.parse(await readFile(file, 'utf8')))
    if (((await stat(file)).mode & 0o077) !== 0) {
      log.warn({ file }, 'The signing keys could be read by others on this machine; rotate them')
      await chmod(file, 0o600)
    }
    return keys
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    // Nothing is lost: browsers ask for new tokens and go on.
    log.warn(
      { file, reason: sha256Hex(messageOf(error)).slice(0, 8) },
      'The signing keys cannot be read; new ones are made',
    )
    return null
  }
}

export function createSigningKeys(deps: Deps): SigningKeys {
  const { clock, log, settings, database, audit, jwtSecret } = deps
  const file = join(deps.dataDir, 'keys', 'session-signing.json')
  let keys: StoredKey[] = []
  let usable = new Map<string, SigningKey>()

  function use(next: StoredKey[]): void {
    keys = next
    usable = new Map(next.map(({ id, secret }) => [id, { id, secret: Buffer.from(secret, 'base64url') }]))
  }

  /** By the clock as it is: one that was set back does not bring a retired key to life for longer. */
  function isValid({ retiredAt, validUntil }: StoredKey, now = clock.now()): boolean {
    if (retiredAt === null || validUntil === null) return true
    return now >= retiredAt - TOLERATED_MS && now < validUntil
  }

  async function write(next: StoredKey[]): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await chmod(dirname(file), 0o700)
    await writeFileDurably(file, `${JSON.stringify({ version: 1, keys: next }, null, 2)}\n`)
    use(next)
  }

  const rotate: SigningKeys['rotate'] = async (cause, by) => {
    const now = clock.now()
    const validUntil = now + settings.get(signingKeyGraceMinutes) * MINUTE_MS
    const next = makeKey(jwtSecret, now)
    const retired = keys
      .map((key) => (key.retiredAt === null ? { ...key, retiredAt: now, validUntil } : key))
      .filter((key) => isValid(key, now))
    await database.transaction(async (trx) => {
      const details = { ...by?.details, cause, key: next.id, before: keys.find((key) => key.retiredAt === null)?.id }
      await audit.record(trx, { ...by, type: 'signing_key_rotated', resource: `signing-key:${next.id}`, details })
      await write([next, ...retired.slice(0, 20)])
    })
    log.info({ cause, key: next.id }, 'Signing key rotated')
  }

  const currentKey = (): StoredKey | undefined => keys.find((key) => key.retiredAt === null)

  function nextRotationAt(): number | null {
    const days = settings.get(signingKeyRotationDays)
    const key = currentKey()
    return days === 0 || !key ? null : key.createdAt + days * DAY_MS
  }

  return {
    async load() {
      const stored = await readKeys(file, log)
      if (stored) use(stored)
      const key = currentKey()
      if (!key) return write([makeKey(jwtSecret, clock.now()), ...keys.filter((one) => isValid(one))])
      if (key.seed !== (jwtSecret === undefined ? null : seedOf(jwtSecret))) await rotate('environment')
    },
    current() {
      const key = usable.get(currentKey()?.id ?? '')
      if (!key) throw new LaresError('internal', 'The signing keys are not loaded.')
      return key
    },
    find(id) {
      const key = keys.find((one) => one.id === id)
      return key && isValid(key) ? (usable.get(id) ?? null) : null
    },
    rotate,
    async sweep() {
      if (!deps.clockTrusted()) return
      const now = clock.now()
      const due = nextRotationAt()
      // Made while the clock was ahead: it would sign for far too long.
      const isFromTheFuture = due !== null && (currentKey()?.createdAt ?? 0) > now + DAY_MS
      if ((due !== null && now >= due) || isFromTheFuture) return rotate('schedule')
      const valid = keys.filter((key) => isValid(key, now))
      if (valid.length < keys.length) await write(valid)
    },
    list: () => ({
      keys: keys
        .filter((key) => isValid(key))
        .map(({ id, createdAt, source, validUntil }) => ({ id, createdAt, source, validUntil })),
      nextRotationAt: nextRotationAt(),
    }),
  }
}
