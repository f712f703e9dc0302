import type { Me, Session, SignInReply, User } from '../api/accounts.ts'
import type { Part } from '../core/part.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Principal, Route } from '../http/route.ts'

/** Where a request comes from, as the HTTP layer saw it. */
export interface ClientMeta {
  address: string
  userAgent: string
}

/** A password that was checked against the policy and hashed. */
export interface PreparedPassword {
  readonly hash: string
}

export interface NewAdministrator {
  username: string
  displayName: string
  password: PreparedPassword
  totpSecret: string
  /** The step of the code that proved the secret: it is not accepted again. */
  totpStep: number
}

export interface OpenedSession {
  /** For the cookie; only its hash is stored. */
  token: string
  sessionId: string
  maxAgeS: number
}

export type SignInResult = SignInReply & { session?: OpenedSession }

export interface SignInRequest extends ClientMeta {
  username: string
  password: string
  code?: string | undefined
  newPassword?: string | undefined
  /** Cookie of an earlier session, if the browser still has one. */
  sessionToken: string | null
}

export interface ResetUser {
  username: string
  /** Shown once; has to be replaced at the next sign-in. */
  temporaryPassword: string
  totpSecret: string
  totpUri: string
  recoveryCodes: string[]
}

export interface Accounts extends Part {
  readonly routes: readonly Route[]
  /** Who this cookie belongs to, or null. Cached; ended sessions are gone at once. */
  authenticate(sessionToken: string, meta: ClientMeta): Promise<Principal | null>
  /** Throws `unauthenticated` (wrong), `too-many` (wait), `forbidden` PASSWORD_EXPIRED, `invalid` (new password not good). */
  signIn(request: SignInRequest): Promise<SignInResult>
  me(principal: Principal): Promise<Me>
  listSessions(principal: Principal): Promise<Session[]>
  /** Ends one of the user's own sessions. Throws `not-found`. */
  endSession(userId: string, sessionId: string, reason: string): Promise<void>
  /** Ends all sessions of a user but one. */
  endOtherSessions(userId: string, keepSessionId: string | null, reason: string): Promise<number>
  /** Checks the policy and hashes. Throws `invalid` with `details.problems`. */
  preparePassword(password: string, owner: { username: string; displayName: string }): Promise<PreparedPassword>
  /** How many accounts exist. */
  countUsers(db?: Db | Trx): Promise<number>
  /** Inside the caller's transaction. Throws `conflict` when any account exists: this is for the first one only. */
  createFirstAdministrator(trx: Trx, administrator: NewAdministrator): Promise<{ user: User; recoveryCodes: string[] }>
  openSession(trx: Trx, userId: string, meta: ClientMeta): Promise<OpenedSession>
  /** For `lares user reset`: new password, authenticator secret and recovery codes; all sessions end. Throws `not-found`. */
  resetUser(username: string): Promise<ResetUser>
}
