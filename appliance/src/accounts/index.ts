import type { Me } from '../api/accounts.ts'
import type { ImportedKey } from '../api/keys.ts'
import { needsSecondFactor } from '../api/permissions.ts'
import type { Audit } from '../audit/types.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Principal } from '../http/route.ts'
import type { Settings } from '../settings/types.ts'
import { accountRoutes } from './sign-in/account-routes.ts'
import { apiKeyRoutes } from './api-keys/api-key-routes.ts'
import { createApiKeys } from './api-keys/api-keys.ts'
import { createEnrolments } from './sign-in/enrolment.ts'
import { createHousehold } from './people/household.ts'
import { createLoginDelays, FORGIVEN_AFTER_MS } from './sign-in/login-delays.ts'
import { createOwnAccount } from './sign-in/own-account.ts'
import { createOwnFactors } from './sign-in/own-factors.ts'
import { createPasskeys } from './sign-in/passkeys.ts'
import { createPasswordHasher } from './passwords/password-hash.ts'
import { createPasswords } from './passwords/passwords.ts'
import { audience, sightOf } from './people/people-store.ts'
import { createSecondFactor } from './sign-in/second-factor.ts'
import { sessionRoutes } from './sessions/session-routes.ts'
import { createSessions } from './sessions/sessions.ts'
import { loginFreeFailures } from './settings.ts'
import { createSignIn } from './sign-in/sign-in.ts'
import { createSigningKeys } from './sessions/signing-keys.ts'
import { countRecoveryCodes, deleteOldFailures } from './store.ts'
import { createSudo } from './sign-in/sudo.ts'
import type { Accounts } from './types.ts'
import { countUsers, findUser } from './people/user-store.ts'
import { createUsers, toUser } from './people/users.ts'

export type * from './types.ts'
export { createBudgetKeeper } from './rate-budget-store.ts'
export { accountSettings, loginFreeFailures } from './settings.ts'
export { createLoginDelays } from './sign-in/login-delays.ts'
export { checkTotp, newTotpSecret, totpDriftS, totpUri, type TotpResult } from './sign-in/totp.ts'

export interface AccountsDeps {
  dataDir: string
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  bus: Bus<Events>
  audit: Audit
  settings: Settings
  /** `JWT_SECRET_KEY`. */
  jwtSecret?: string | undefined
  /** `API_KEYS`. */
  importedKeys?: readonly ImportedKey[]
  /** False while the box believes that its clock is not set (tls.clockTrusted). */
  clockTrusted(): boolean
}

const SWEEP_EVERY_MS = 60_000

/** Every part of the feature, tied together. */
function createParts(deps: AccountsDeps) {
  const { database, clock, settings } = deps
  const passwords = createPasswords({ ...deps, hasher: createPasswordHasher() })
  const keys = createSigningKeys(deps)
  const delays = createLoginDelays({ database, clock, freeFailures: () => settings.get(loginFreeFailures) })
  const parts = {
    ...{ ...deps, passwords, keys, delays },
    secondFactor: createSecondFactor(deps),
    enrolments: createEnrolments(deps),
    passkeys: createPasskeys(deps),
    sessions: createSessions({ ...deps, keys }),
    apiKeys: createApiKeys({ ...deps, importedKeys: deps.importedKeys ?? [] }),
  }
  const { open: openSession } = parts.sessions
  return {
    ...{ ...parts, openSession, users: createUsers(parts), signIn: createSignIn(parts), sudo: createSudo(parts) },
    ...{ ownAccount: createOwnAccount(parts), ownFactors: createOwnFactors(parts) },
    household: createHousehold({ ...parts, openSession }),
  }
}

type Parts = ReturnType<typeof createParts>

async function describeMe(parts: Parts, { userId, sessionId }: Principal): Promise<Me> {
  const { database, sessions, passwords, passkeys } = parts
  const user = await findUser(database.reader, userId)
  if (!user) throw new LaresError('unauthenticated', 'Please sign in again.', { code: 'SESSION_REVOKED' })
  return {
    user: toUser(user),
    session: await sessions.current(sessionId),
    hasTotp: user.totpSecret !== null,
    mustHaveSecondFactor: needsSecondFactor(user.permissions),
    passkeys: await passkeys.count(database.reader, userId),
    recoveryCodesLeft: await countRecoveryCodes(database.reader, userId),
    passwordExpiresAt: passwords.expiresAt(user),
  }
}

function createSweeper({ database, clock, log, keys, sessions, apiKeys }: Parts) {
  return supervise({
    ...{ name: 'accounts sweep', clock, log, pauseMs: SWEEP_EVERY_MS },
    async runOnce() {
      await sessions.sweep()
      await keys.sweep()
      await apiKeys.sweep()
      await deleteOldFailures(database.writer, clock.now() - FORGIVEN_AFTER_MS)
    },
  })
}

/** People, what they may, passwords, second factors, sessions and API keys. */
export function createAccounts(deps: AccountsDeps): Accounts {
  const parts = createParts(deps)
  const { database, sessions, apiKeys, keys, users, signIn, household } = parts
  const sweeper = createSweeper(parts)
  const me = (principal: Principal): Promise<Me> => describeMe(parts, principal)

  return {
    name: 'accounts',
    routes: [
      ...accountRoutes(parts),
      ...sessionRoutes({ me, sessions, keys }),
      ...apiKeyRoutes(apiKeys),
      ...household.routes,
    ],
    async start() {
      await keys.load()
      await apiKeys.start()
      await sweeper.start()
    },
    async stop() {
      await sweeper.stop()
      await apiKeys.stop()
    },
    authenticate(asking) {
      const { apiKey } = asking.credentials
      return apiKey === null ? sessions.authenticate(asking) : apiKeys.authenticate({ ...asking, apiKey })
    },
    isInForce: (principal) =>
      principal.kind === 'api-key' ? apiKeys.isInForce(principal) : sessions.isInForce(principal),
    me,
    listSessions: ({ userId, sessionId }) => sessions.list(userId, sessionId),
    async endSession(userId, sessionId, reason) {
      if (await sessions.end(userId, sessionId, reason)) return
      throw new LaresError('not-found', 'This session is not there any more.')
    },
    endOtherSessions: (userId, keepId, reason) => sessions.endOthers(userId, keepId, reason),
    signIn: (request) => signIn.signIn(request),
    preparePassword: (password, owner) => parts.passwords.prepare(password, owner),
    countUsers: (db) => countUsers(db ?? database.reader),
    createFirstAdministrator: (trx, administrator) => users.createFirstAdministrator(trx, administrator),
    openSession: sessions.open,
    audience,
    sightOf,
    resetUser: (username) => users.reset(username),
    listPeople: () => household.listPeople(),
    importUsers: (list) => household.importUsers(list),
  }
}
