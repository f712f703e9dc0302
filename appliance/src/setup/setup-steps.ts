import { checkTotp, totpDriftS, type OpenedSession } from '../accounts/index.ts'
import type { FinishSetupReply } from '../api/setup.ts'
import { LaresError } from '../core/errors.ts'
import type { Trx } from '../db/database.ts'
import { homeCurrency, homeName, homeTimeZone, setupDone } from '../settings/index.ts'
import type { PendingAdministrator } from './pending-setup.ts'
import { setupCodeSetting } from './settings.ts'
import type { FinishSetup, SetupClient, SetupDeps } from './types.ts'

const invalidCode = (words: string, code: string): LaresError => new LaresError('invalid', words, { code })

/** The step of an accepted code; otherwise says what is wrong, as far as it can be known. */
export async function requireTotp(
  { clock, tls }: Pick<SetupDeps, 'clock' | 'tls'>,
  secret: string,
  code: string,
): Promise<number> {
  const now = clock.now()
  const result = await checkTotp(secret, code, now, 0)
  if (result.outcome === 'accepted') return result.step
  if (!tls.clockTrusted())
    throw invalidCode(
      'This box does not know the time yet, so the code cannot be checked. Try again in a minute.',
      'CLOCK_NOT_SET',
    )
  const driftS = await totpDriftS(secret, code, now)
  if (driftS === null)
    throw invalidCode('This code is not right. Codes change every 30 seconds; try the next one.', 'CODE_WRONG')
  const minutes = Math.max(1, Math.round(Math.abs(driftS) / 60))
  throw invalidCode(
    `The clocks of this box and of your phone are about ${minutes} min apart. Set the phone to automatic time and try again.`,
    'CLOCKS_DIFFER',
  )
}

/** Administrator, home, burnt code and first session: within one transaction, all or nothing. */
export async function createHome(
  { accounts, settings }: Pick<SetupDeps, 'accounts' | 'settings'>,
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
  const options = { trusted: input.trustDevice ?? false, fresh: true }
  const session = await accounts.openSession(trx, created.user.id, client, options)
  return { ...created, session }
}
