import { needsSecondFactor } from '../../api/permissions.ts'
import type { PasskeyAnswer } from '../../api/accounts.ts'
import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { sha256Hex } from '../../core/crypto.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Database, Trx } from '../../db/database.ts'
import { budgetAddress } from '../../http/index.ts'
import { enrolmentBasis, type Enrolments } from './enrolment.ts'
import { accountKey, type LoginAttempt, type LoginDelays } from './login-delays.ts'
import { passkeyRefused, type Passkeys, type ProvenPasskey } from './passkeys.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { SecondFactor } from './second-factor.ts'
import { findKnownPlace } from '../sessions/session-store.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { setTotp } from '../store.ts'
import type { ClientMeta, OpenedSession, PreparedPassword, SignInRequest, SignInResult } from '../types.ts'
import { findUser, findUserByName, type StoredUser } from '../people/user-store.ts'
import { normalUsername, toUser } from '../people/users.ts'

const KNOWN_FOR_MS = 30 * 24 * 60 * 60_000

interface Deps {
  database: Database
  clock: Clock
  log: Log
  audit: Audit
  passwords: Passwords
  secondFactor: SecondFactor
  passkeys: Passkeys
  enrolments: Enrolments
  sessions: Sessions
  delays: LoginDelays
}

export interface PasskeySignInRequest extends ClientMeta {
  passkey: PasskeyAnswer
  trustDevice?: boolean | undefined
}

export interface SignIn {
  signIn(request: SignInRequest): Promise<SignInResult>
  /** Instead of name, password and code. Throws `unauthenticated` PASSKEY_EXPIRED, PASSKEY_WRONG or PASSKEY_COPIED. */
  signInWithPasskey(request: PasskeySignInRequest): Promise<SignInResult>
}

/** How somebody proved to be there, besides the password. */
type Proof =
  | { kind: 'code'; code: string }
  | { kind: 'passkey'; proven: ProvenPasskey }
  | { kind: 'enrolment'; ticket: string; code: string }
  /** Looking alone does not ask for more than a password. */
  | { kind: 'none' }

type UsedFactor = 'totp' | 'recovery-code' | 'passkey' | 'enrolment' | 'none'

/**
 * Strangers wait for their own tries and for everybody's tries on that account. Where the person was signed in before,
 * only tries from there count: guessing from elsewhere cannot lock the owner out.
 */
async function delayKeys(
  { database, clock }: Deps,
  name: string,
  user: StoredUser | null,
  request: ClientMeta,
): Promise<string[]> {
  const { address, deviceToken } = request
  const deviceHash = deviceToken === null ? null : sha256Hex(deviceToken)
  const since = clock.now() - KNOWN_FOR_MS
  const known = await findKnownPlace(database.reader, { userId: user?.id ?? '', deviceHash, address, since })
  // By what it is known: a cookie taken from a browser must not buy free tries at every further address.
  if (known === 'browser') return [`known-browser:${name}:${deviceHash ?? ''}`]
  return known === 'address' ? [`known:${name}:${address}`] : [accountKey(name), `address:${budgetAddress(address)}`]
}

/** The new password where the old one has run out; null where it has not. */
async function replacement(
  { passwords }: Deps,
  user: StoredUser,
  request: SignInRequest,
): Promise<PreparedPassword | null> {
  if (!passwords.isExpired(user)) return null
  if (request.newPassword !== undefined) return passwords.prepareNext(request.newPassword, user)
  throw new LaresError('forbidden', 'Your password has to be replaced. Choose a new one to go on.', {
    code: 'PASSWORD_EXPIRED',
  })
}

const wrong = (): LaresError =>
  new LaresError('unauthenticated', 'This name and password do not belong together.', { code: 'SIGN_IN_FAILED' })

/** A question back, or the proof that the request carries. */
async function nextStep(deps: Deps, user: StoredUser, request: SignInRequest): Promise<SignInResult | Proof> {
  const { passkeys, enrolments, database } = deps
  const hasTotp = user.totpSecret !== null
  const hasAny = hasTotp || (await passkeys.count(database.writer, user.id)) > 0
  const asking = { purpose: 'second-factor', userId: user.id, sessionId: null } as const
  const { code, passkey, enrolment } = request
  if (enrolment !== undefined && code !== undefined) return { kind: 'enrolment', ticket: enrolment, code }
  if (hasAny && passkey) return { kind: 'passkey', proven: await passkeys.check(passkey, asking) }
  if (hasAny && code !== undefined) return { kind: 'code', code }
  if (hasAny) return { status: 'needs-code', hasTotp, passkey: await passkeys.challenge(request.origin, asking) }
  if (!needsSecondFactor(user.permissions)) return { kind: 'none' }
  const owner = { userId: user.id, username: user.username, basis: enrolmentBasis(user) }
  return { status: 'needs-enrolment', enrolment: enrolments.begin(owner) }
}

/** Uses the proof up. Throws as the factor it is. */
async function useProof(
  { secondFactor, passkeys, enrolments }: Deps,
  trx: Trx,
  user: StoredUser,
  proof: Proof,
): Promise<{ factor: UsedFactor; recoveryCodes?: string[] }> {
  if (proof.kind === 'none') return { factor: 'none' }
  if (proof.kind === 'code') return { factor: await secondFactor.use(trx, user, proof.code) }
  if (proof.kind === 'passkey') {
    await passkeys.use(trx, proof.proven)
    return { factor: 'passkey' }
  }
  const owner = { userId: user.id, username: user.username, basis: enrolmentBasis(user) }
  const { secret, step } = await enrolments.finish(proof.ticket, proof.code, owner)
  await setTotp(trx, user.id, secondFactor.sealSecret(user.id, secret), step)
  return { factor: 'enrolment', recoveryCodes: await secondFactor.renewRecoveryCodes(trx, user.id) }
}

type Opening = (
  user: StoredUser,
  proof: Proof,
  client: ClientMeta & { trustDevice?: boolean | undefined },
  next: PreparedPassword | null,
) => Promise<SignInResult>

/** The session, and all that belongs to it, in one transaction: nothing is used up for nothing. */
function createOpening(deps: Deps): Opening {
  const { database, log, audit, passwords, sessions } = deps

  async function record(
    trx: Trx,
    { id: userId, username, role }: StoredUser,
    { address, userAgent }: ClientMeta,
    { sessionId }: OpenedSession,
    details: { factor: UsedFactor; trusted: boolean },
  ): Promise<void> {
    const who = { userId, username, role, sessionId }
    if (details.factor === 'enrolment') await audit.record(trx, { type: 'mfa_enabled', who, address, userAgent })
    await audit.record(trx, { type: 'login_success', who, address, userAgent, details })
  }

  return async (user, proof, client, next) => {
    const result = await database.transaction(async (trx) => {
      // Hashing took a while: meanwhile the account may have been deactivated, or its password changed.
      const current = await findUser(trx, user.id)
      if (!current || current.passwordHash !== user.passwordHash) throw wrong()
      const { factor, recoveryCodes } = await useProof(deps, trx, current, proof)
      if (next) {
        await passwords.replace(trx, current, next)
        await sessions.endOthers(user.id, null, 'password-changed', trx)
      }
      const trusted = client.trustDevice ?? false
      const session = await sessions.open(trx, user.id, client, { trusted, fresh: factor !== 'none' })
      await record(trx, current, client, session, { factor, trusted })
      const codes = recoveryCodes ? { recoveryCodes } : {}
      return { status: 'signed-in' as const, user: toUser(current), ...codes, session }
    })
    log.info({ userId: user.id, address: client.address, sessionId: result.session.sessionId }, 'Signed in')
    return result
  }
}

interface Counter {
  begin(keys: readonly string[], userId: string | null, client: ClientMeta): Promise<LoginAttempt>
  /** Written down and, unless it was no fault of theirs, left counted. */
  refuse(error: unknown, userId: string | null, client: ClientMeta, attempt: LoginAttempt): Promise<never>
}

/** Counts tries, and writes down those that failed. */
function createCounter({ log, audit, delays }: Deps): Counter {
  function note(error: LaresError, userId: string | null, { address, userAgent }: ClientMeta): void {
    // The name is not logged: people type their password into the wrong field.
    log.warn({ address, userId, reason: error.code }, 'Failed sign-in')
    audit.note({
      ...{ type: 'login_failure', address, userAgent, details: { reason: error.code } },
      severity: error.code === 'PASSKEY_COPIED' ? 'CRITICAL' : 'WARNING',
      ...(userId === null ? {} : { resource: `user:${userId}` }),
    })
  }

  return {
    async begin(keys, userId, client) {
      try {
        return await delays.begin(keys)
      } catch (error) {
        if (error instanceof LaresError && error.kind === 'too-many') note(error, userId, client)
        throw error
      }
    },
    async refuse(error, userId, client, attempt) {
      // A passkey that was touched too late is nobody's guess.
      const isWrong =
        error instanceof LaresError && error.kind === 'unauthenticated' && error.code !== 'PASSKEY_EXPIRED'
      if (isWrong) note(error, userId, client)
      else await attempt.undecided()
      throw error
    },
  }
}

export function createSignIn(deps: Deps): SignIn {
  const { database, log, passwords, passkeys } = deps
  const open = createOpening(deps)
  const counter = createCounter(deps)

  /** What was imported as bcrypt is stored better from now on; when that has to wait, the sign-in does not. */
  async function upgrade(user: StoredUser, password: string): Promise<void> {
    await passwords.upgrade(user, password).catch((error: unknown) => {
      log.warn({ userId: user.id, err: messageOf(error) }, 'Cannot renew the hash of a password yet')
    })
  }

  /** The rest of a sign-in once the password is right. */
  async function finish(user: StoredUser, request: SignInRequest, attempt: LoginAttempt): Promise<SignInResult> {
    const next = await replacement(deps, user, request)
    const step = await nextStep(deps, user, request)
    if ('status' in step) {
      await attempt.undecided()
      return step
    }
    const result = await open(user, step, request, next)
    await attempt.succeeded()
    if (!next) await upgrade(user, request.password)
    return result
  }

  return {
    async signIn(request) {
      const name = normalUsername(request.username)
      const user = await findUserByName(database.writer, name)
      const userId = user?.id ?? null
      const attempt = await counter.begin(await delayKeys(deps, name, user, request), userId, request)
      try {
        const right = await passwords.matches(request.password, user)
        if (!user || !right) throw wrong()
        return await finish(user, request, attempt)
      } catch (error) {
        return counter.refuse(error, userId, request, attempt)
      }
    },
    async signInWithPasskey(request) {
      // A key of its own: guessing passwords must not close this door, and a passkey cannot be guessed.
      const attempt = await counter.begin([`passkey-address:${budgetAddress(request.address)}`], null, request)
      let userId: string | null = null
      try {
        const proven = await passkeys.check(request.passkey, { purpose: 'sign-in', userId: null, sessionId: null })
        userId = proven.userId
        const user = await findUser(database.writer, userId)
        if (!user) throw passkeyRefused('PASSKEY_WRONG')
        const result = await open(user, { kind: 'passkey', proven }, request, null)
        await attempt.succeeded()
        return result
      } catch (error) {
        return counter.refuse(error, userId, request, attempt)
      }
    },
  }
}
