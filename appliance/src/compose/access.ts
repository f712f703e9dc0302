import { networkInterfaces } from 'node:os'
import { createAccounts, type Accounts } from '../accounts/index.ts'
import { IN_MEMORY_ONLY } from '../box/index.ts'
import type { Part, PartWithLateWork } from '../core/part.ts'
import { VERSION } from '../core/version.ts'
import type { Route } from '../http/index.ts'
import { readReport, sayProblem, type Host } from '../host/index.ts'
import { createRemoteAccess, type RemoteAccess } from '../remote-access/index.ts'
import { createSetup, type Setup } from '../setup/index.ts'
import { createTls, type Tls } from '../tls/index.ts'
import type { Ground } from './ground.ts'

export interface Access {
  tls: Tls
  accounts: Accounts
  setup: Setup
  parts: Part[]
  late: PartWithLateWork[]
  routes: Route[]
}

/** Coming in from outside. */
function composeRemote(ground: Ground, tls: () => Tls): RemoteAccess {
  const { home, clock, log, notices, audit, ports, host } = ground
  return createRemoteAccess({
    ...{ ...home, clock, log, notices, audit, host, ports, interfaces: networkInterfaces },
    homeAddresses: () => tls().addresses(),
    onAddresses: () => tls().lookAgain(),
  })
}

/** What of the files on the card could not be taken over; nothing where there is no first boot of ours. */
async function cardProblems(host: Host): Promise<string[]> {
  const inMemoryOnly = (await host.about().catch(() => null))?.inMemoryOnly ?? false
  return [...(inMemoryOnly ? [IN_MEMORY_ONLY] : []), ...((await readReport())?.problems ?? []).map(sayProblem)]
}

export function composeAccess(ground: Ground): Access {
  const { config, home, clock, log, bus, notices, audit, ports } = ground
  const { settings } = home
  const remote = composeRemote(ground, () => tls)
  const tls: Tls = createTls({
    ...{ dataDir: home.dataDir, name: config.name, host: config.host, boot: config.tls, database: home.database },
    ...{ clock, log, notices, settings, audit, ports },
    isFixed: (key) => settings.describe(key).setByEnv,
    furtherAddresses: () => remote.addresses(),
  })
  const clockTrusted = (): boolean => tls.clockTrusted()
  const secrets = { jwtSecret: config.jwtSecretKey, importedKeys: config.apiKeys }
  const accounts = createAccounts({ ...home, ...secrets, clock, log, bus, audit, clockTrusted })
  const setup = createSetup({
    ...home,
    accounts,
    tls,
    clock,
    log,
    name: config.name,
    version: VERSION,
    cardProblems: () => cardProblems(ground.host),
  })
  const routes = [...tls.routes, ...accounts.routes, ...setup.routes, ...remote.routes]
  return { tls, accounts, setup, parts: [tls, accounts, setup, remote], late: [remote], routes }
}
