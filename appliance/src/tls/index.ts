import { isIP } from 'node:net'
import type { Trust } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import { supervise } from '../core/supervise.ts'
import { homeName } from '../settings/index.ts'
import type { Settings } from '../settings/types.ts'
import { createBoxTime, type BoxTime } from './box-time.ts'
import { createCertificateFiles, type CertificateFiles } from './certificate-files.ts'
import { createRoot, factsOf, type KeyedCertificate } from './certificates.ts'
import { isCertifiable } from './home-names.ts'
import { createLeafKeeper, type LeafKeeper } from './leaf-keeper.ts'
import { answeredHosts, certifiedHosts, reachableAddresses, systemNetwork, type OwnNetwork } from './own-addresses.ts'
import type { RootCertificate } from './root-downloads.ts'
import { tlsRoutes } from './routes.ts'
import { createTrustHandler } from './trust-handler.ts'
import type { Tls } from './types.ts'

export type { Tls } from './types.ts'
export type { OwnNetwork } from './own-addresses.ts'
export { fingerprintGroups } from './trust-page.ts'

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

interface Certificates {
  root: KeyedCertificate & RootCertificate
  leaf: LeafKeeper
}

/** The root of this home; made when there is none yet. */
async function openRoot(
  files: CertificateFiles,
  boxTime: BoxTime,
  log: Log,
): Promise<KeyedCertificate & RootCertificate> {
  const stored = await files.readRoot()
  const root = stored ?? (await createRoot(boxTime.certificateTimeMs()))
  if (!stored) await files.writeRoot(root)
  const facts = factsOf(root.certPem)
  if (!stored) log.info({ fingerprint: facts.fingerprint }, 'Made the private root of this home')
  return { ...root, facts }
}

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
  leafPem: string,
): Trust {
  const [host = `${name}.local`] = reachableAddresses(listensOn, network)
  const certified = certifiedHosts(name, network)
  return {
    names: certified.filter((each) => isIP(each) === 0),
    addresses: certified.filter((each) => isIP(each) !== 0),
    rootFingerprint: root.facts.fingerprint,
    leafExpiresAt: factsOf(leafPem).notAfterMs,
    rootExpiresAt: root.facts.notAfterMs,
    trustPage: `http://${withPort(host, ports().httpPort, 80)}/trust`,
  }
}

/** Leaf first, then the root, as servers present them. */
function chainOf({ root, leafNow }: { root: RootCertificate; leafNow: KeyedCertificate }): KeyedCertificate {
  return { certPem: leafNow.certPem + root.certPem, keyPem: leafNow.keyPem }
}

/** The private root, the certificate that browsers see, and the page that hands the root out (SEC-B2, B3). */
export function createTls(deps: TlsDeps): Tls {
  const { clock, log, notices, settings, name } = deps
  const network = deps.network ?? systemNetwork
  const files = createCertificateFiles(deps.dataDir)
  const boxTime = createBoxTime(deps)
  const listeners = new Set<() => void>()
  let certificates: Certificates | null = null
  /** Asked at every request; asking the operating system each time would be dear. */
  let answered: readonly string[] = []

  function ready(): Certificates & { leafNow: KeyedCertificate } {
    const leafNow = certificates?.leaf.current()
    if (certificates && leafNow) return { ...certificates, leafNow }
    throw new LaresError('internal', 'There is no certificate before the start.')
  }

  async function refresh(): Promise<void> {
    if (!certificates) return
    answered = answeredHosts(name, network)
    await boxTime.check()
    const changed = await certificates.leaf.refresh(certifiedHosts(name, network), boxTime.certificateTimeMs())
    if (changed) for (const listener of listeners) listener()
  }

  const watch = supervise({ name: 'certificate watch', clock, log, pauseMs: CHECK_EVERY_MS, runOnce: refresh })

  const page = { root: () => ready().root, homeName: () => settings.get(homeName) }
  return {
    name: 'tls',
    routes: tlsRoutes({ ...page, trust: () => trustOf(deps, network, ready().root, ready().leafNow.certPem) }),
    trustHandler: createTrustHandler({
      ...page,
      clockTrusted: () => boxTime.isTrusted(),
      httpsOrigin: (hostHeader) => httpsOriginFor(deps, network, hostHeader),
    }),
    current: () => chainOf(ready()),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    fingerprint: () => ready().root.facts.fingerprint,
    hosts: () => answered,
    addresses: () => reachableAddresses(deps.host, network),
    rootPem: () => ready().root.certPem,
    clockTrusted: () => boxTime.isTrusted(),
    async start() {
      await boxTime.load()
      const root = await openRoot(files, boxTime, log)
      boxTime.learn(root.facts.notBeforeMs)
      certificates = { root, leaf: createLeafKeeper({ root, files, log, notices }) }
      // Not left to the loop: without a certificate nothing can listen, and a failure has to be said now.
      await refresh()
      await watch.start()
    },
    async stop() {
      await watch.stop()
      await boxTime.save()
    },
  }
}
