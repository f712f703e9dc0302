import { checkTotp, newTotpSecret, totpDriftS, totpUri, type Accounts, type OpenedSession } from '../accounts/index.ts'
import type { FinishSetupReply } from '../api/setup.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/database.ts'
import { homeCurrency, homeName, homeTimeZone, setupDone } from '../settings/index.ts'
import type { Settings } from '../settings/types.ts'
import type { Tls } from '../tls/index.ts'
import { banner } from './banner.ts'
import { createPendingSetup, type PendingAdministrator } from './pending-setup.ts'
import { setupRoutes } from './routes.ts'
import { setupCodeSetting } from './settings.ts'
import { createSetupCodeGuard, newSetupCode } from './setup-code.ts'
import type { FinishSetup, Setup, SetupClient } from './types.ts'

export type { BeginSetup, FinishSetup, Setup } from './types.ts'
export { banner, type BannerInput } from './banner.ts'
export { setupSettings } from './settings.ts'

export interface SetupDeps {
  accounts: Accounts
  settings: Settings
  tls: Tls
  database: Database
  clock: Clock
  log: Log
  /** The box is `<name>.local`. */
  name: string
  version: string
}

const done = (): LaresError =>
  new LaresError('conflict', 'Setup was finished already. Please sign in.', { code: 'SETUP_DONE' })

const invalidCode = (words: string, code: string): LaresError => new LaresError('invalid', words, { code })

/** The first evening: one-time code, administrator, second factor, home. Works exactly once (SEC-A1). */
export function createSetup(deps: SetupDeps): Setup {
  const { accounts, settings, tls, database, clock, log } = deps
  const guard = createSetupCodeGuard(clock)
  const pending = createPendingSetup(clock)
  let isDone = false

  function requireCode(given: string, { address }: SetupClient): void {
    if (isDone) throw done()
    guard.check(given, settings.get(setupCodeSetting), address)
  }

  /** The step of an accepted code; otherwise says what is wrong, as far as it can be known. */
  async function requireTotp(secret: string, code: string): Promise<number> {
    const now = clock.now()
    const result = await checkTotp(secret, code, now, 0)
    if (result.outcome === 'accepted') return result.step
    if (!tls.clockTrusted())
      throw invalidCode('This box does not know the time yet, so the code cannot be checked. Try again in a minute.', 'CLOCK_NOT_SET')
    const driftS = await totpDriftS(secret, code, now)
    if (driftS === null)
      throw invalidCode('This code is not right. Codes change every 30 seconds; try the next one.', 'CODE_WRONG')
    const minutes = Math.max(1, Math.round(Math.abs(driftS) / 60))
    throw invalidCode(
      `The clocks of this box and of your phone are about ${minutes} min apart. Set the phone to automatic time and try again.`,
      'CLOCKS_DIFFER',
    )
  }

  async function create(
    trx: Trx,
    input: FinishSetup,
    administrator: PendingAdministrator & { totpStep: number },
    client: SetupClient,
  ): Promise<FinishSetupReply & { session: OpenedSession }> {
    const created = await accounts.createFirstAdministrator(trx, administrator)
    await settings.set(homeName, input.homeName, trx)
    await settings.set(homeTimeZone, input.timeZone, trx)
    await settings.set(homeCurrency, input.currency, trx)
    await settings.set(setupDone, true, trx)
    await settings.set(setupCodeSetting, '', trx)
    const session = await accounts.openSession(trx, created.user.id, client)
    return { ...created, session }
  }

  const code = (): string | null => (isDone ? null : settings.get(setupCodeSetting))

  const setup: Omit<Setup, 'routes'> = {
    name: 'setup',
    isDone: () => isDone,
    code,
    status: () => ({
      setupDone: isDone,
      homeName: settings.get(homeName),
      boxTime: clock.now(),
      clockTrusted: tls.clockTrusted(),
      version: deps.version,
    }),
    async begin(input, client) {
      requireCode(input.setupCode, client)
      const { username, displayName } = input
      const password = await accounts.preparePassword(input.password, { username, displayName })
      const totpSecret = newTotpSecret()
      pending.put(input.setupCode, { username, displayName, password, totpSecret })
      return { totpSecret, totpUri: totpUri(totpSecret, username, '') }
    },
    async finish(input, client) {
      requireCode(input.setupCode, client)
      const administrator = pending.get(input.setupCode)
      if (!administrator)
        throw new LaresError('invalid', 'The first step is missing or too long ago. Please go back to it.', {
          code: 'SETUP_NOT_BEGUN',
        })
      const totpStep = await requireTotp(administrator.totpSecret, input.code)
      const reply = await database.transaction((trx) => create(trx, input, { ...administrator, totpStep }, client))
      isDone = true
      pending.clear()
      log.info({ userId: reply.user.id, address: client.address }, 'Setup is done')
      return reply
    },
    banner({ httpsPort, httpPort }) {
      return banner({
        version: deps.version,
        homeName: settings.get(homeName),
        name: deps.name,
        addresses: tls.addresses(),
        fingerprint: tls.fingerprint(),
        setupCode: code(),
        httpsPort,
        httpPort,
      })
    },
    async start() {
      // An account is the truth: a settings row alone must not open or close the gate.
      isDone = (await accounts.countUsers()) > 0
      if (!isDone && settings.get(setupCodeSetting) === '') await settings.set(setupCodeSetting, newSetupCode())
    },
    async stop() {
      pending.clear()
    },
  }
  return { ...setup, routes: setupRoutes(setup) }
}
