import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Trust } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import { supervise } from '../core/supervise.ts'
import { homeName } from '../settings/index.ts'
import type { Settings } from '../settings/types.ts'
import { createBoxTime } from './box-time.ts'
import { isCertifiable } from './local-ca/home-names.ts'
import { createLocalCa } from './local-ca/index.ts'
import { answeredHosts, certifiedHosts, reachableAddresses, systemNetwork, type OwnNetwork } from './own-addresses.ts'
import { tlsRoutes } from './routes.ts'
import type { ServedCertificate } from './source.ts'
import { createTrustHandler } from './trust/trust-handler.ts'
import type { RootCertificate } from './trust/root-downloads.ts'
import type { Tls } from './types.ts'

export type { Tls } from './types.ts'
export type { OwnNetwork } from './own-addresses.ts'
export { fingerprintGroups } from './trust/trust-page.ts'

export interface TlsDeps {
  dataDir: string
  /** The box is `<name>.local`. */
  name: string
  clock: Clock
  log: Log
  notices: NoticeBoard
  settings: Settings
  /** Address the server listens on. */
  host: string
  /** The ports that are really open; asked when a link is made. */
  ports(): { httpsPort: number; httpPort: number }
  /** Names and addresses of this machine; the operating system's when left out. */
  network?: OwnNetwork
}

const CHECK_EVERY_MS = 60_000

const withPort = (host: string, port: number, standard: number): string =>
  `${isIP(host) === 6 ? `[${host}]` : host}${port === standard ? '' : `:${port}`}`

/** Host header → name or address without port and brackets. */
const hostOf = (header: string | undefined): string =>
  (header ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()

/** As the device reached us where the certificate covers that, otherwise by the `.local` name. */
function httpsOriginFor({ name, ports }: TlsDeps, network: OwnNetwork, hostHeader: string | undefined): string {
  const host = hostOf(hostHeader)
  const known = isCertifiable(host) && certifiedHosts(name, network).includes(host)
  return `https://${withPort(known ? host : `${name}.local`, ports().httpsPort, 443)}`
}

/** What `/api/trust` tells. */
function trustOf(
  { name, host: listensOn, ports }: TlsDeps,
  network: OwnNetwork,
  root: RootCertificate,
  leaf: ServedCertificate,
): Trust {
  const [host = `${name}.local`] = reachableAddresses(listensOn, network)
  const certified = certifiedHosts(name, network)
  return {
    names: certified.filter((each) => isIP(each) === 0),
    addresses: certified.filter((each) => isIP(each) !== 0),
    rootFingerprint: root.facts.fingerprint,
    leafExpiresAt: leaf.notAfterMs,
    rootExpiresAt: root.facts.notAfterMs,
    trustPage: `http://${withPort(host, ports().httpPort, 80)}/trust`,
  }
}

/** The private root, the certificate that browsers see, and the page that hands the root out (SEC-B2, B3). */
export function createTls(deps: TlsDeps): Tls {
  const { clock, log, notices, settings, name } = deps
  const network = deps.network ?? systemNetwork
  const boxTime = createBoxTime(deps)
  const localCa = createLocalCa({
    ...{ folder: join(deps.dataDir, 'tls'), log, notices },
    hosts: () => certifiedHosts(name, network),
    timeMs: () => boxTime.certificateTimeMs(),
    learn: (pastMs) => boxTime.learn(pastMs),
  })
  /** Asked at every request; asking the operating system each time would be dear. */
  let answered: readonly string[] = []

  function current(): ServedCertificate {
    const leaf = localCa.current()
    if (leaf) return leaf
    throw new LaresError('internal', 'There is no certificate before the start.')
  }

  async function refresh(): Promise<void> {
    answered = answeredHosts(name, network)
    await boxTime.check()
    await localCa.refresh()
  }

  const watch = supervise({ name: 'certificate watch', clock, log, pauseMs: CHECK_EVERY_MS, runOnce: refresh })

  const page = { root: () => localCa.root(), homeName: () => settings.get(homeName) }
  return {
    name: 'tls',
    routes: tlsRoutes({ ...page, trust: () => trustOf(deps, network, localCa.root(), current()) }),
    trustHandler: createTrustHandler({
      ...page,
      clockTrusted: () => boxTime.isTrusted(),
      httpsOrigin: (hostHeader) => httpsOriginFor(deps, network, hostHeader),
    }),
    current,
    onChange: (listener) => localCa.onChange(listener),
    fingerprint: () => localCa.root().facts.fingerprint,
    hosts: () => answered,
    addresses: () => reachableAddresses(deps.host, network),
    rootPem: () => localCa.root().certPem,
    clockTrusted: () => boxTime.isTrusted(),
    async start() {
      await boxTime.load()
      await localCa.start()
      await refresh()
      await watch.start()
    },
    async stop() {
      await watch.stop()
      await boxTime.save()
    },
  }
}
