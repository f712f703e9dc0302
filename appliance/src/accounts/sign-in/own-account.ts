import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Database } from '../../db/database.ts'
import type { IssuedTokens } from '../../http/route.ts'
import type { LoginAttempt, LoginDelays } from './login-delays.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { SecondFactor } from './second-factor.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { asForbidden, sessionKey, type Asker } from './sudo.ts'
import { findUser, type StoredUser } from '../people/user-store.ts'

export interface OwnAccountDeps {
  database: Database
  clock: Clock
  log: Log
  audit: Audit
  passwords: Passwords
  secondFactor: SecondFactor
  sessions: Sessions
  delays: LoginDelays
}

/** What signed-in people change about themselves; each needs the password again. */
export interface OwnAccount {
  /**
   * Ends the other sessions and gives this one new tokens: whoever copied the old ones is out. Throws `forbidden`
   * PASSWORD_WRONG, `invalid` PASSWORD_WEAK, `too-many`.
   */
  changePassword(asker: Asker, currentPassword: string, newPassword: string): Promise<IssuedTokens>
  /** Without a code only while the second factor is fresh. Throws `forbidden` PASSWORD_WRONG, CODE_WRONG …, `too-many`. */
  renewRecoveryCodes(asker: Asker, password: string, code: string | undefined): Promise<string[]>
}

export type Confirm = <T>(asker: Asker, password: string, change: (user: StoredUser) => Promise<T>) => Promise<T>

/**
 * The password again, with delays of its own: a stolen session must not guess it. A wrong code in `change` counts as well;
 * what else it refuses does not.
 */
export function createConfirm({ database, passwords, delays }: OwnAccountDeps): Confirm {
  async function settle(error: unknown, attempt: LoginAttempt): Promise<never> {
    const isWrong = error instanceof LaresError && (error.kind === 'unauthenticated' || error.code === 'PASSWORD_WRONG')
    if (!isWrong) await attempt.undecided()
    throw asForbidden(error)
  }

  return async (asker, password, change) => {
    const attempt = await delays.begin([sessionKey(asker.principal)])
    try {
      const user = await findUser(database.writer, asker.principal.userId)
      if (!user || !(await passwords.matches(password, user)))
        throw new LaresError('forbidden', 'Your password is not right.', { code: 'PASSWORD_WRONG' })
      const result = await change(user)
      await attempt.succeeded()
      return result
    } catch (error) {
      return settle(error, attempt)
    }
  }
}

export function createOwnAccount(deps: OwnAccountDeps): OwnAccount {
  const { database, clock, log, audit, passwords, secondFactor, sessions } = deps
  const confirm = createConfirm(deps)

  return {
    changePassword: (asker, currentPassword, newPassword) =>
      confirm(asker, currentPassword, async (user) => {
        const { principal, address, userAgent } = asker
        const next = await passwords.prepareNext(newPassword, user)
        const tokens = await database.transaction(async (trx) => {
          await passwords.replace(trx, user, next)
          await sessions.endOthers(user.id, principal.sessionId, 'password-changed', trx)
          await audit.record(trx, { type: 'password_changed', who: principal, address, userAgent })
          return sessions.renew(trx, principal.sessionId)
        })
        log.info({ userId: user.id }, 'Password changed')
        return tokens
      }),
    renewRecoveryCodes: (asker, password, code) =>
      confirm(asker, password, async (user) => {
        const { principal, address, userAgent } = asker
        if (code === undefined && principal.freshUntil <= clock.now())
          throw new LaresError('forbidden', 'Please confirm with your second factor first.', { code: 'SUDO_REQUIRED' })
        const codes = await database.transaction(async (trx) => {
          if (code !== undefined) await secondFactor.use(trx, user, code)
          await audit.record(trx, { type: 'recovery_codes_renewed', who: principal, address, userAgent })
          return secondFactor.renewRecoveryCodes(trx, user.id)
        })
        log.info({ userId: user.id }, 'Recovery codes renewed')
        return codes
      }),
  }
}
