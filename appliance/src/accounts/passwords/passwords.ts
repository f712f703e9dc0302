import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { Settings } from '../../settings/types.ts'
import { isBcryptHash, type PasswordHasher } from './password-hash.ts'
import { passwordProblems, type PasswordOwner } from './password-policy.ts'
import { passwordMaxAgeDays } from '../settings.ts'
import { listPasswordHistory, replacePassword } from '../store.ts'
import type { PreparedPassword } from '../types.ts'
import { upgradePasswordHash, type StoredUser } from '../people/user-store.ts'

const DAY_MS = 24 * 60 * 60_000
/** Besides the one in force. */
const REMEMBERED = 5
/** `password_changed_at` of a temporary password: it has to be replaced at the next sign-in. */
export const MUST_CHANGE = 0

export interface Passwords {
  /** Checks the policy. Throws `invalid` PASSWORD_WEAK with `details.problems`. */
  check(password: string, owner: PasswordOwner): void
  /** Checks the policy and hashes. Throws `invalid` PASSWORD_WEAK with `details.problems`. */
  prepare(password: string, owner: PasswordOwner): Promise<PreparedPassword>
  /** The same for somebody who has one: also refuses the one in force and the five before it. */
  prepareNext(password: string, user: StoredUser): Promise<PreparedPassword>
  matches(password: string, user: StoredUser | null): Promise<boolean>
  /**
   * After a right password: what was imported as bcrypt is stored as argon2id from now on (SEC-A3). It is the same password,
   * so neither its age nor the history changes. Hashes first: call it outside any transaction.
   */
  upgrade(user: StoredUser, password: string): Promise<void>
  /** Throws `conflict` PASSWORD_CHANGED when another one came in the way since `user` was read. */
  replace(trx: Trx, user: StoredUser, next: PreparedPassword, options?: { mustChange: boolean }): Promise<void>
  /** Epoch milliseconds; null: never. */
  expiresAt(user: StoredUser): number | null
  isExpired(user: StoredUser): boolean
}

interface Deps {
  database: Database
  clock: Clock
  settings: Settings
  hasher: PasswordHasher
}

function refuse(problems: readonly string[]): never {
  throw new LaresError('invalid', `Please choose another password. ${problems.join(' ')}`, {
    code: 'PASSWORD_WEAK',
    details: { problems },
  })
}

export function createPasswords({ database, clock, settings, hasher }: Deps): Passwords {
  function check(password: string, owner: PasswordOwner): void {
    const problems = passwordProblems(password, owner)
    if (problems.length > 0) refuse(problems)
  }

  async function prepare(password: string, owner: PasswordOwner): Promise<PreparedPassword> {
    check(password, owner)
    return { hash: await hasher.hash(password) }
  }

  function expiresAt(user: StoredUser): number | null {
    if (user.passwordChangedAt === MUST_CHANGE) return MUST_CHANGE
    const days = settings.get(passwordMaxAgeDays)
    return days === 0 ? null : user.passwordChangedAt + days * DAY_MS
  }

  return {
    check,
    prepare,
    expiresAt,
    matches: (password, user) => hasher.verify(password, user?.passwordHash ?? null),
    async prepareNext(password, user) {
      const prepared = await prepare(password, user)
      const earlier = await listPasswordHistory(database.reader, user.id, REMEMBERED)
      const used = await Promise.all([user.passwordHash, ...earlier].map((hash) => hasher.verify(password, hash)))
      if (used.includes(true)) refuse(['You have used this one before.'])
      return prepared
    },
    async upgrade(user, password) {
      if (!isBcryptHash(user.passwordHash)) return
      await upgradePasswordHash(database.writer, user.id, user.passwordHash, await hasher.hash(password))
    },
    async replace(trx, user, next, options) {
      const now = clock.now()
      const changedAt = options?.mustChange ? MUST_CHANGE : now
      const isReplaced = await replacePassword(trx, {
        user,
        hash: next.hash,
        at: now,
        changedAt,
        historyId: newId(now),
        keep: REMEMBERED,
      })
      if (isReplaced) return
      throw new LaresError('conflict', 'The password was changed in the meantime. Please begin again.', {
        code: 'PASSWORD_CHANGED',
      })
    },
    isExpired(user) {
      const at = expiresAt(user)
      return at !== null && at <= clock.now()
    },
  }
}
