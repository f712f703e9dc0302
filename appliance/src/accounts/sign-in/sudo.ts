import type { SudoBody, SudoMethods } from '../../api/accounts.ts'
import type { Audit } from '../../audit/types.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { Principal } from '../../http/route.ts'
import type { LoginDelays } from './login-delays.ts'
import type { Passkeys, ProvenPasskey } from './passkeys.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { SecondFactor } from './second-factor.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { findUser, type StoredUser } from '../people/user-store.ts'

/** A signed-in person, and where they ask from. */
export interface Asker {
  principal: Principal
  address: string
  userAgent: string
  origin: string
}

interface Deps {
  database: Database
  audit: Audit
  passwords: Passwords
  secondFactor: SecondFactor
  passkeys: Passkeys
  sessions: Sessions
  delays: LoginDelays
}

export interface Sudo {
  methods(asker: Asker): Promise<SudoMethods>
  /**
   * The session's second factor counts as fresh from now on (SEC-A14). Throws `invalid` PROOF_NEEDED, `forbidden` CODE_WRONG,
   * CODE_USED, CLOCK_NOT_SET, PASSKEY_WRONG, PASSKEY_EXPIRED, PASSKEY_COPIED or PASSWORD_WRONG, `too-many`.
   */
  confirm(asker: Asker, body: SudoBody): Promise<void>
}

/** Key under which wrong tries of a session are counted: a stolen one must not guess, nor keep the owner waiting elsewhere. */
export const sessionKey = ({ sessionId }: Principal): string => `session:${sessionId}`

const NOT_PROVEN = /^(CODE|PASSKEY|CLOCK)_/

/** Who is signed in and mistypes a code still is: 401 would tell the app otherwise. */
export function asForbidden(error: unknown): unknown {
  if (!(error instanceof LaresError) || error.kind !== 'unauthenticated' || !NOT_PROVEN.test(error.code)) return error
  return new LaresError('forbidden', error.message, { code: error.code, cause: error })
}

const passwordWrong = (): LaresError =>
  new LaresError('forbidden', 'Your password is not right.', { code: 'PASSWORD_WRONG' })

type Proof =
  | { kind: 'code'; code: string }
  | { kind: 'passkey'; proven: ProvenPasskey }
  /** Checked already; only for accounts that have nothing else. */
  | { kind: 'password' }

const asking = ({ userId, sessionId }: Principal) => ({ purpose: 'sudo' as const, userId, sessionId })

async function hasSecondFactor({ database, passkeys }: Deps, user: StoredUser): Promise<boolean> {
  return user.totpSecret !== null || (await passkeys.count(database.writer, user.id)) > 0
}

function noteRefusal({ audit }: Deps, error: LaresError, { principal, address, userAgent }: Asker): void {
  audit.note({
    ...{ type: 'permission_denied', who: principal, address, userAgent },
    severity: error.code === 'PASSKEY_COPIED' ? 'CRITICAL' : 'WARNING',
    details: { needs: 'sudo', reason: error.code },
  })
}

/** "It is me, now": what dangerous acts ask for. */
export function createSudo(deps: Deps): Sudo {
  const { database, audit, passwords, secondFactor, passkeys, sessions, delays } = deps

  async function prove({ principal }: Asker, user: StoredUser, body: SudoBody): Promise<Proof> {
    const { code, passkey, password } = body
    if (passkey) return { kind: 'passkey', proven: await passkeys.check(passkey, asking(principal)) }
    if (code !== undefined) return { kind: 'code', code }
    const isEnough = password !== undefined && !(await hasSecondFactor(deps, user))
    if (!isEnough)
      throw new LaresError('invalid', 'Please give a code of the authenticator app or use a passkey.', {
        code: 'PROOF_NEEDED',
      })
    if (await passwords.matches(password, user)) return { kind: 'password' }
    throw passwordWrong()
  }

  async function grant(asker: Asker, user: StoredUser, proof: Proof): Promise<void> {
    const { principal, address, userAgent } = asker
    await database.transaction(async (trx: Trx) => {
      let factor: string = proof.kind
      if (proof.kind === 'code') factor = await secondFactor.use(trx, user, proof.code)
      if (proof.kind === 'passkey') await passkeys.use(trx, proof.proven)
      await sessions.markFresh(trx, principal.sessionId)
      await audit.record(trx, { type: 'sudo_granted', who: principal, address, userAgent, details: { factor } })
    })
  }

  return {
    async methods({ principal, origin }) {
      const user = await findUser(database.reader, principal.userId)
      const passkey = await passkeys.challenge(origin, asking(principal))
      return { method: user && (await hasSecondFactor(deps, user)) ? 'code' : 'password', passkey }
    },
    async confirm(asker, body) {
      const { principal } = asker
      const attempt = await delays.begin([sessionKey(principal)])
      try {
        const user = await findUser(database.writer, principal.userId)
        if (!user) throw passwordWrong()
        await grant(asker, user, await prove(asker, user, body))
      } catch (error) {
        const isRefusal = error instanceof LaresError && ['unauthenticated', 'forbidden'].includes(error.kind)
        if (isRefusal && error.code !== 'PASSKEY_EXPIRED') noteRefusal(deps, error, asker)
        else await attempt.undecided()
        throw asForbidden(error)
      }
      await attempt.succeeded()
    },
  }
}
