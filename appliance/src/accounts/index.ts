import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Settings } from '../settings/types.ts'
import { createLoginDelays, FORGIVEN_AFTER_MS } from './login-delays.ts'
import { createOwnAccount } from './own-account.ts'
import { createPasswordHasher } from './password-hash.ts'
import { createPasswords } from './passwords.ts'
import { accountRoutes } from './routes.ts'
import { createSecondFactor } from './second-factor.ts'
import { createSessions } from './sessions.ts'
import { loginFreeFailures } from './settings.ts'
import { createSignIn } from './sign-in.ts'
import { countRecoveryCodes, countUsers, deleteOldFailures, findSessionById, findUser } from './store.ts'
import type { Accounts } from './types.ts'
import { createUsers, toUser } from './users.ts'

export type * from './types.ts'
export { createBudgetKeeper } from './rate-budget-store.ts'
export { accountSettings } from './settings.ts'
export { checkTotp, newTotpSecret, totpDriftS, totpUri, type TotpResult } from './totp.ts'

export interface AccountsDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  /** False while the box believes that its clock is not set (tls.clockTrusted). */
  clockTrusted(): boolean
}

const SWEEP_EVERY_MS = 60_000

/** People, passwords, second factors and sessions. */
export function createAccounts(deps: AccountsDeps): Accounts {
  const { database, clock, log, settings } = deps
  const hasher = createPasswordHasher()
  const passwords = createPasswords({ ...deps, hasher })
  const secondFactor = createSecondFactor(deps)
  const sessions = createSessions(deps)
  const delays = createLoginDelays({ database, clock, freeFailures: () => settings.get(loginFreeFailures) })
  const parts = { database, clock, log, passwords, secondFactor, sessions, delays }
  const users = createUsers(parts)
  const signIn = createSignIn(parts)

  const sweeper = supervise({
    name: 'accounts sweep',
    clock,
    log,
    pauseMs: SWEEP_EVERY_MS,
    async runOnce() {
      await sessions.sweep()
      await deleteOldFailures(database.writer, clock.now() - FORGIVEN_AFTER_MS)
    },
  })

  const accounts: Omit<Accounts, 'routes'> = {
    name: 'accounts',
    start: () => sweeper.start(),
    stop: () => sweeper.stop(),
    authenticate: (token, meta) => sessions.authenticate(token, meta),
    signIn: (request) => signIn.signIn(request),
    async me({ userId, sessionId }) {
      const user = await findUser(database.reader, userId)
      const session = await findSessionById(database.reader, sessionId)
      if (!user || !session)
        throw new LaresError('unauthenticated', 'Please sign in again.', { code: 'SESSION_REVOKED' })
      const recoveryCodesLeft = await countRecoveryCodes(database.reader, userId)
      const passwordExpiresAt = passwords.expiresAt(user)
      return { user: toUser(user), sessionExpiresAt: session.expiresAt, recoveryCodesLeft, passwordExpiresAt }
    },
    listSessions: ({ userId, sessionId }) => sessions.list(userId, sessionId),
    async endSession(userId, sessionId, reason) {
      if (await sessions.end(userId, sessionId, reason)) return
      throw new LaresError('not-found', 'This session is not there any more.')
    },
    endOtherSessions: (userId, keepId, reason) => sessions.endOthers(userId, keepId, reason),
    preparePassword: (password, owner) => passwords.prepare(password, owner),
    countUsers: (db) => countUsers(db ?? database.reader),
    createFirstAdministrator: (trx, administrator) => users.createFirstAdministrator(trx, administrator),
    openSession: (trx, userId, meta) => sessions.open(trx, userId, meta),
    resetUser: (username) => users.reset(username),
  }
  return { ...accounts, routes: accountRoutes({ ...accounts, ...createOwnAccount(parts) }) }
}
