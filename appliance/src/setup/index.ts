import { newTotpSecret, totpUri } from '../accounts/index.ts'
import type { SetupStatus } from '../api/setup.ts'
import { LaresError } from '../core/errors.ts'
import { homeName } from '../settings/index.ts'
import { banner, placeOf } from './banner.ts'
import { createPendingSetup } from './pending-setup.ts'
import { setupRoutes } from './routes.ts'
import { setupCodeSetting } from './settings.ts'
import { createSetupCodeGuard, newSetupCode } from './setup-code.ts'
import { createHome, requireTotp } from './setup-steps.ts'
import type { BannerInput } from './banner.ts'
import type { Ports, ScreenWords, Setup, SetupClient, SetupDeps } from './types.ts'

export type { BeginSetup, FinishSetup, Setup, SetupDeps } from './types.ts'
export { banner, type BannerInput } from './banner.ts'
export { setupSettings } from './settings.ts'

const done = (): LaresError =>
  new LaresError('conflict', 'Setup was finished already. Please sign in.', { code: 'SETUP_DONE' })

async function statusOf({ settings, clock, tls, version, cardProblems }: SetupDeps, setupDone: boolean) {
  const clockTrusted = tls.clockTrusted()
  const problems = setupDone ? [] : ((await cardProblems?.()) ?? [])
  const cards: Pick<SetupStatus, 'cardProblems'> = problems.length > 0 ? { cardProblems: problems } : {}
  return { setupDone, homeName: settings.get(homeName), boxTime: clock.now(), clockTrusted, version, ...cards }
}

function bannerInput(deps: SetupDeps, setupCode: string | null, ports: Ports): BannerInput {
  const { tls, settings, version, name } = deps
  const place = { homeName: settings.get(homeName), name, addresses: tls.addresses(), fingerprint: tls.fingerprint() }
  return { version, setupCode, ...place, ...ports }
}

/** An address of this machine alone is none for a screen that leads phones here. */
function screenWords(input: BannerInput): ScreenWords {
  const { version, homeName: home, name, fingerprint, setupCode } = input
  const addresses = input.addresses.filter((address) => !/^(127\.|::1$|localhost$)/.test(address))
  return { version, homeName: home, name, addresses, fingerprint, setupCode, ...placeOf(input) }
}

/** The first evening: one-time code, administrator, second factor, home. Works exactly once (SEC-A1). */
export function createSetup(deps: SetupDeps): Setup {
  const { accounts, settings, database, clock, log } = deps
  const guard = createSetupCodeGuard(clock)
  const pending = createPendingSetup(clock)
  let isDone = false

  function requireCode(given: string, { address }: SetupClient): void {
    if (isDone) throw done()
    guard.check(given, settings.get(setupCodeSetting), address)
  }

  const code = (): string | null => (isDone ? null : settings.get(setupCodeSetting))

  const setup: Omit<Setup, 'routes'> = {
    name: 'setup',
    isDone: () => isDone,
    code,
    status: () => statusOf(deps, isDone),
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
      const totpStep = await requireTotp(deps, administrator.totpSecret, input.code)
      const reply = await database.transaction((trx) =>
        createHome(deps, trx, input, { ...administrator, totpStep }, client),
      )
      isDone = true
      pending.clear()
      log.info({ userId: reply.user.id, address: client.address }, 'Setup is done')
      return reply
    },
    banner: (ports) => banner(bannerInput(deps, code(), ports)),
    screen: (ports) => screenWords(bannerInput(deps, code(), ports)),
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
