import type { PlugAccount, TestPlugAccountReply } from '../../api/plug-home.ts'
import { inParallel } from '../adding/in-parallel.ts'
import { wantsAccount } from '../adding/adding.ts'
import type { DeviceWatch } from '../device-watch.ts'
import type { Network } from '../network.ts'
import { explain } from '../problems.ts'
import type { Registry } from '../registry.ts'
import type { AccountCredentials } from '../transports/types.ts'
import type { AccountActions } from './plug-account-routes.ts'
import type { PlugAccounts } from './plug-accounts.ts'

export interface AccountActionsDeps {
  accounts: PlugAccounts
  registry: Registry
  network: Pick<Network, 'tryWith'>
}

const TRIES_AT_ONCE = 8

/** Accounts as the app sees them. */
export function accountActions({ accounts, registry, network }: AccountActionsDeps): AccountActions {
  const viewOf = ({ id, user }: AccountCredentials): PlugAccount => {
    const devices = registry.watches().filter(({ device }) => device.link?.signedInAs === `account:${id}`).length
    return { id, username: user, devices }
  }
  return {
    list: () => accounts.all().map(viewOf),
    async add(body, by) {
      const id = await accounts.add(body, by)
      return viewOf(accounts.get(id))
    },
    remove: (id, by) => accounts.remove(id, by),
    async test(id) {
      const account = accounts.get(id)
      const results: TestPlugAccountReply['results'] = []
      await inParallel(registry.watches().filter(asksForAccount), TRIES_AT_ONCE, async (watch) => {
        const { host } = watch.device
        const name = watch.outlets[0]?.name ?? watch.device.name
        results.push({ name, host, ...(await outcomeOf(() => network.tryWith(watch.device, account), host)) })
      })
      return { results: results.sort((a, b) => a.name.localeCompare(b.name)) }
    },
  }
}

function asksForAccount({ device, problemCode }: DeviceWatch): boolean {
  const encryption = device.link?.scheme.encryption ?? 'xor'
  return encryption !== 'xor' || wantsAccount(problemCode ?? '')
}

async function outcomeOf(run: () => Promise<void>, host: string): Promise<{ ok: boolean; problem: string | null }> {
  try {
    await run()
    return { ok: true, problem: null }
  } catch (error) {
    return { ok: false, problem: explain(error, host).words }
  }
}
