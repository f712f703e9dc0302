import type { Clock } from '../core/clock.ts'
import { sha256Hex } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import { accountKey, type LoginAttempt, type LoginDelays } from './login-delays.ts'
import type { Passwords } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'
import type { Sessions } from './sessions.ts'
import { findKnownPlace, findUserByName, type StoredUser } from './store.ts'
import type { PreparedPassword, SignInRequest, SignInResult } from './types.ts'
import { normalUsername, toUser } from './users.ts'

const KNOWN_FOR_MS = 30 * 24 * 60 * 60_000

interface Deps {
  database: Database
  clock: Clock
  log: Log
  passwords: Passwords
  secondFactor: SecondFactor
  sessions: Sessions
  delays: LoginDelays
}

export interface SignIn {
  signIn(request: SignInRequest): Promise<SignInResult>
}

/**
 * Strangers wait for their own tries and for everybody's tries on that account. Where the person was signed in before,
 * only tries from there count: guessing from elsewhere cannot lock the owner out.
 */
async function delayKeys(
  { database, clock }: Deps,
  name: string,
  user: StoredUser | null,
  request: SignInRequest,
): Promise<string[]> {
  const { address, sessionToken } = request
  const tokenHash = sessionToken === null ? null : sha256Hex(sessionToken)
  const since = clock.now() - KNOWN_FOR_MS
  const known = await findKnownPlace(database.reader, { userId: user?.id ?? '', tokenHash, address, since })
  // By what it is known: a cookie taken from a browser must not buy free tries at every further address.
  if (known === 'browser') return [`known-browser:${name}:${tokenHash ?? ''}`]
  return known === 'address' ? [`known:${name}:${address}`] : [accountKey(name), `address:${address}`]
}

/** The new password where the old one has run out; null where it has not. */
async function replacement(
  { passwords }: Deps,
  user: StoredUser,
  request: SignInRequest,
  attempt: LoginAttempt,
): Promise<PreparedPassword | null> {
  if (!passwords.isExpired(user)) return null
  try {
    if (request.newPassword !== undefined) return await passwords.prepareNext(request.newPassword, user)
  } catch (error) {
    await attempt.undecided()
    throw error
  }
  await attempt.undecided()
  throw new LaresError('forbidden', 'Your password has to be replaced. Choose a new one to go on.', {
    code: 'PASSWORD_EXPIRED',
  })
}

export function createSignIn(deps: Deps): SignIn {
  const { database, log, passwords, secondFactor, sessions, delays } = deps

  /** The rest of a sign-in once the password is right. */
  async function finish(user: StoredUser, request: SignInRequest, attempt: LoginAttempt): Promise<SignInResult> {
    const next = await replacement(deps, user, request, attempt)
    const { code } = request
    if (code === undefined) {
      await attempt.undecided()
      return { status: 'needs-code' }
    }
    const previous = request.sessionToken === null ? null : await sessions.find(request.sessionToken)
    const session = await database.transaction(async (trx) => {
      await secondFactor.use(trx, user, code)
      if (previous?.userId === user.id) await sessions.endWithin(trx, previous, 'signed-in-again')
      if (next) {
        await passwords.replace(trx, user, next)
        await sessions.endOthers(user.id, null, 'password-changed', trx)
      }
      return sessions.open(trx, user.id, request)
    })
    await attempt.succeeded()
    log.info({ userId: user.id, address: request.address, sessionId: session.sessionId }, 'Signed in')
    return { status: 'signed-in', user: toUser(user), session }
  }

  return {
    async signIn(request) {
      const name = normalUsername(request.username)
      const user = await findUserByName(database.writer, name)
      const attempt = await delays.begin(await delayKeys(deps, name, user, request))
      const right = await passwords.matches(request.password, user)
      if (user && right) return finish(user, request, attempt)
      // The name is not logged: people type their password into the wrong field.
      log.warn({ address: request.address, userId: user?.id ?? null }, 'Failed sign-in')
      throw new LaresError('unauthenticated', 'This name and password do not belong together.', {
        code: 'SIGN_IN_FAILED',
      })
    },
  }
}
