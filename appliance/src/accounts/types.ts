import type { Me, Session, SignInBody, SignInReply, User } from '../api/accounts.ts'
import type { Person } from '../api/people.ts'
import type { Permission } from '../api/permissions.ts'
import type { Part } from '../core/part.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Credentials, IssuedTokens, Principal, Route } from '../http/route.ts'

/** Where a request comes from, as the HTTP layer saw it. */
export interface ClientMeta {
  address: string
  userAgent: string
  /** Long-lived random name of the browser; null when it has none yet. */
  deviceToken: string | null
}

/** A request that wants to know who it is from. */
export interface AskingClient extends ClientMeta {
  credentials: Credentials
  /** False: this request does not keep the session from idling out. */
  isActivity: boolean
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

export interface OpenSessionOptions {
  /** A phone of one's own: never idles out. */
  trusted: boolean
  /** A second factor was just given: it counts as fresh for a while. */
  fresh: boolean
}

export interface OpenedSession {
  sessionId: string
  tokens: IssuedTokens
}

export type SignInResult = SignInReply & { session?: OpenedSession }

export interface SignInRequest extends SignInBody, ClientMeta {
  /** Scheme, name and port as the browser typed them: passkeys are tied to them. */
  origin: string
}

export interface ResetUser {
  username: string
  /** Shown once; has to be replaced at the next sign-in. */
  temporaryPassword: string
  totpSecret: string
  totpUri: string
  recoveryCodes: string[]
}

/** One account of an import file: `lares user import`. */
export interface ImportedUser {
  username: string
  displayName: string
  role: string
  /** argon2id (PHC) or bcrypt ($2a$, $2b$, $2y$); bcrypt is replaced at the first sign-in (SEC-A3). */
  passwordHash: string
}

export interface Accounts extends Part {
  readonly routes: readonly Route[]
  /**
   * Who asks: by API key when there is one, else by access token. Cached; what ended is gone at once.
   * Throws `unauthenticated`: TOKEN_INVALID (none, or not one of ours), TOKEN_EXPIRED (refresh it), SESSION_REVOKED (ended;
   * `details.reason` says why), API_KEY_INVALID; `invalid` API_KEY_DISABLED.
   */
  authenticate(asking: AskingClient): Promise<Principal>
  /** Whether that session or key is still in force: for connections that stay open longer than an access token. */
  isInForce(principal: Principal): Promise<boolean>
  me(principal: Principal): Promise<Me>
  listSessions(principal: Principal): Promise<Session[]>
  /** Ends one of the user's own sessions. Throws `not-found`. */
  endSession(userId: string, sessionId: string, reason: string): Promise<void>
  /** Ends all sessions of a user but one. */
  endOtherSessions(userId: string, keepSessionId: string | null, reason: string): Promise<number>
  /** Throws `unauthenticated` (wrong), `too-many` (wait), `forbidden` PASSWORD_EXPIRED, `invalid` (new password not good). */
  signIn(request: SignInRequest): Promise<SignInResult>
  /** Checks the policy and hashes. Throws `invalid` with `details.problems`. */
  preparePassword(password: string, owner: { username: string; displayName: string }): Promise<PreparedPassword>
  /** How many accounts exist. */
  countUsers(db?: Db | Trx): Promise<number>
  /** Inside the caller's transaction. Throws `conflict` when any account exists: this is for the first one only. */
  createFirstAdministrator(trx: Trx, administrator: NewAdministrator): Promise<{ user: User; recoveryCodes: string[] }>
  openSession(trx: Trx, userId: string, client: ClientMeta, options: OpenSessionOptions): Promise<OpenedSession>
  /** Ids of the active people who may do this, and may see this camera where one is given. */
  audience(db: Db, permission: Permission, cameraId: string | null): Promise<string[]>
  /** The cameras that this person may do it with (null: all of them); null when they may not, or are not there any more. */
  sightOf(db: Db, userId: string, permission: Permission): Promise<{ cameras: ReadonlySet<string> | null } | null>
  /** For `lares user reset`: new password, authenticator secret and recovery codes; all sessions end. Throws `not-found`. */
  resetUser(username: string): Promise<ResetUser>
  /** Everybody who has an account. */
  listPeople(): Promise<Person[]>
  /**
   * For `lares user import`, with what the file holds (`ImportedUser[]`, or not): all or none. Throws `invalid` (hash, role,
   * name), `conflict` (name taken).
   */
  importUsers(users: unknown): Promise<number>
}
