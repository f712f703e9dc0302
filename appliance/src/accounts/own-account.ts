import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { Principal } from '../http/route.ts'
import type { LoginAttempt, LoginDelays } from './login-delays.ts'
import type { Passwords } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'
import type { Sessions } from './sessions.ts'
import { findUser, type StoredUser } from './store.ts'

interface Deps {
  database: Database
  log: Log
  passwords: Passwords
  secondFactor: SecondFactor
  sessions: Sessions
  delays: LoginDelays
}

/** What signed-in people change about themselves; each needs the password again. */
export interface OwnAccount {
  /** Throws `forbidden` PASSWORD_WRONG, `invalid` PASSWORD_WEAK, `too-many`. Ends the other sessions. */
  changePassword(principal: Principal, currentPassword: string, newPassword: string): Promise<void>
  /** Throws `forbidden` PASSWORD_WRONG, `unauthenticated` CODE_WRONG, `too-many`. */
  renewRecoveryCodes(principal: Principal, password: string, code: string): Promise<string[]>
}

export function createOwnAccount(deps: Deps): OwnAccount {
  const { database, log, passwords, secondFactor, sessions, delays } = deps

  /** Delays of its own: a stolen session must not guess the password. */
  async function confirm(principal: Principal, password: string): Promise<{ user: StoredUser; attempt: LoginAttempt }> {
    const attempt = await delays.begin([`session:${principal.sessionId}`])
    const user = await findUser(database.writer, principal.userId)
    if (user && (await passwords.matches(password, user))) return { user, attempt }
    throw new LaresError('forbidden', 'Your password is not right.', { code: 'PASSWORD_WRONG' })
  }

  return {
    async changePassword(principal, currentPassword, newPassword) {
      const { user, attempt } = await confirm(principal, currentPassword)
      await attempt.succeeded()
      const next = await passwords.prepareNext(newPassword, user)
      await database.transaction(async (trx) => {
        await passwords.replace(trx, user, next)
        await sessions.endOthers(user.id, principal.sessionId, 'password-changed', trx)
      })
      log.info({ userId: user.id }, 'Password changed')
    },
    async renewRecoveryCodes(principal, password, code) {
      const { user, attempt } = await confirm(principal, password)
      const codes = await database.transaction(async (trx) => {
        await secondFactor.use(trx, user, code)
        return secondFactor.renewRecoveryCodes(trx, user.id)
      })
      await attempt.succeeded()
      log.info({ userId: user.id }, 'Recovery codes renewed')
      return codes
    },
  }
}
