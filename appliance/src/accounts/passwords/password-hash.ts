import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { LaresError } from '../../core/errors.ts'
import { verifyBcrypt } from './bcrypt.ts'

const derive = promisify(argon2)

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Each running hash holds 19 MiB and one of the pool's threads: the database needs the others. */
const AT_ONCE = 2
/** More are sent away: a flood of sign-ins must neither fill the memory nor make everybody wait for minutes. */
const MOST_WAITING = 200
const RETRY_AFTER_S = 5
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/
/** What other systems store. Each step of cost doubles the time: above 15 one look would take seconds. */
const BCRYPT = /^\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/

interface Cost {
  memory: number
  passes: number
  parallelism: number
}

export interface PasswordHasher {
  /** argon2id in PHC text form. Both throw `unavailable` BUSY when too many wait already. */
  hash(password: string): Promise<string>
  /**
   * False for a wrong password and for a text that is neither an argon2id nor a bcrypt hash. Takes as long for null
   * (nobody of that name).
   */
  verify(password: string, phc: string | null): Promise<boolean>
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '')

/** Runs at most `limit` at once, the others in order of arrival; `mostWaiting` of them. */
export function limitConcurrency(limit: number, mostWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (waiting.length >= mostWaiting)
      throw new LaresError('unavailable', 'Too many people are signing in at the moment. Please try again soon.', {
        code: 'BUSY',
        retryAfterS: RETRY_AFTER_S,
      })
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      // The slot goes straight to the next in line, so that nobody can overtake.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

function parsePhc(phc: string): { cost: Cost; salt: Buffer; hash: Buffer } | null {
  const [, memory, passes, parallelism, salt, hash] = PHC.exec(phc) ?? []
  if (memory === undefined || salt === undefined || hash === undefined) return null
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  // A tampered row must not be able to take all memory.
  if (cost.memory > 262_144 || cost.passes > 10 || cost.parallelism > 8 || cost.memory < 8 * cost.parallelism)
    return null
  if (cost.passes < 1 || cost.parallelism < 1) return null
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

function argon2id(password: string, salt: Uint8Array, cost: Cost, tagLength: number): Promise<Buffer> {
  return derive('argon2id', { message: password.normalize('NFKC'), nonce: salt, tagLength, ...cost })
}

/** True for a hash that works but is to be replaced by argon2id as soon as the password is at hand (SEC-A3). */
export const isBcryptHash = (hash: string): boolean => BCRYPT.test(hash)

/** True for what `verify` can ever say yes to. */
export const isPasswordHash = (hash: string): boolean => isBcryptHash(hash) || parsePhc(hash) !== null

/** Hashes passwords off the main thread, two at a time. */
export function createPasswordHasher(): PasswordHasher {
  const limited = limitConcurrency(AT_ONCE, MOST_WAITING)
  const nobody = { cost: COST, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) }
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      const hash = await limited(() => argon2id(password, salt, COST, HASH_BYTES))
      return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(hash)}`
    },
    async verify(password, phc) {
      if (phc !== null && isBcryptHash(phc)) return limited(() => verifyBcrypt(password, phc))
      const stored = (phc === null ? null : parsePhc(phc)) ?? nobody
      const hash = await limited(() => argon2id(password, stored.salt, stored.cost, stored.hash.length))
      return timingSafeEqual(hash, stored.hash) && stored !== nobody
    },
  }
}
