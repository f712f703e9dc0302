import { lookup } from 'node:dns/promises'
import { join } from 'node:path'
import type { Certificates, TlsBoot } from '../api/certificates.ts'
import type { Audit } from '../audit/types.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/database.ts'
import type { Route } from '../http/route.ts'
import { homeName } from '../settings/index.ts'
import type { Settings } from '../settings/types.ts'
import { acmeDefinitions, createAcmeSource, type AcmeSource } from './acme/index.ts'
import { createBoxTime, type BoxTime } from './box-time.ts'
import { requireRootInPlace } from './certificate-folder.ts'
import { sourceView } from './certificates-view.ts'
import { createClients, type Clients } from './clients/index.ts'
import { createPickup } from './clients/pickup.ts'
import { createExpiryNotices, type Expiring } from './expiry-notices.ts'
import { createLocalCa, type LocalCa } from './local-ca/index.ts'
import { answeredHosts, certifiedHosts, lanAddresses, reachableAddresses, systemNetwork } from './own-addresses.ts'
import type { OwnNetwork } from './own-addresses.ts'
import { createOwnLinks, type OwnLinks } from './own-links.ts'
import { createProvided } from './provided/index.ts'
import { createPublicNames, type LookUp } from './public-names.ts'
import { createPublicSource, type PublicSource } from './public-source.ts'
import { createRenewalRecord } from './renewal-record.ts'
import { tlsRoutes } from './routes.ts'
import { createSecureDoor, publicNamesOf } from './secure-door.ts'
import { hstsAtHome, tlsMode, tlsSettings, verifyClient } from './settings.ts'
import type { CertificateSource, ServedCertificate } from './source.ts'
import { createTrustHandler } from './trust/trust-handler.ts'
import type { Tls } from './types.ts'

export type { Tls } from './types.ts'
export type { OwnNetwork } from './own-addresses.ts'
export { fingerprintGroups } from './trust/trust-page.ts'
export { rootCertificateOf } from './root-certificate.ts'
export { openToEverybody } from './clients/open-to-everybody.ts'

/** For all-settings.ts. */
export const tlsDefinitions = [...tlsSettings, ...acmeDefinitions]

export interface TlsDeps {
  dataDir: string
  /** The box is `<name>.local`. */
  name: string
  /** What the environment says about TLS. */
  boot: TlsBoot
  database: Database
  audit: Pick<Audit, 'record' | 'note'>
  clock: Clock
  log: Log
  notices: NoticeBoard
  settings: Settings
  /** Whether the environment decides a setting. */
  isFixed?(key: string): boolean
  /** Address the server listens on. */
  host: string
  /** The ports that are really open; asked when a link is made. */
  ports(): { httpsPort: number; httpPort: number }
  /** Names and addresses of this machine; the operating system's when left out. */
  network?: OwnNetwork
  /** Where it is reached beyond its own network: its address in the tunnel of remote access. */
  furtherAddresses?(): readonly string[]
  /** How names are looked up; the operating system's way when left out. */
  lookUp?: LookUp
}

/** Lares does not wait for the network at its start: it may come any moment, and so may another cable. */
const LOOK_EVERY_MS = 2_000
const CHECK_EVERY_MS = 60_000

const systemLookUp: LookUp = async (name) => (await lookup(name, { all: true })).map(({ address }) => address)

/** Everything that certificates come from, and who may come in with one. */
interface Sources {
  boxTime: BoxTime
  localCa: LocalCa
  publicSource: PublicSource
  clients: Clients
  links: OwnLinks
  acme: AcmeSource
  /** Throws `internal` before the start. */
  privateLeaf(): ServedCertificate
}

function createProvidedSource(deps: TlsDeps, clients: () => Clients): CertificateSource | null {
  const { boot, clock, log, notices } = deps
  if (boot.mode !== 'provided' || boot.certPath === undefined || boot.keyPath === undefined) return null
  return createProvided({
    ...{ certPath: boot.certPath, keyPath: boot.keyPath, folder: folderOf(deps), clock, log, notices },
    roots: () =>
      clients()
        .otherAuthorities()
        .map((authority) => authority.toString()),
  })
}

const folderOf = ({ boot, dataDir }: TlsDeps): string => boot.certDir ?? join(dataDir, 'tls')

function createSources(deps: TlsDeps, network: OwnNetwork, pickup: ReturnType<typeof createPickup>): Sources {
  const { log, notices, settings, name, boot, clock } = deps
  const boxTime = createBoxTime(deps)
  const localCa = createLocalCa({
    ...{ folder: folderOf(deps), log, notices },
    hosts: () => [...new Set([...certifiedHosts(name, network), ...(deps.furtherAddresses?.() ?? [])])],
    timeMs: () => boxTime.certificateTimeMs(),
    learn: (pastMs) => boxTime.learn(pastMs),
  })
  const clients: Clients = createClients({
    ...{ ...deps, pickup, caPath: boot.caPath, root: () => localCa.root() },
    homeName: () => settings.get(homeName),
  })
  const provided = createProvidedSource(deps, () => clients)
  const acme = createAcmeSource({ ...deps, clockTrusted: () => boxTime.isTrusted() })
  const publicSource = createPublicSource({ boot, settings, log, provided, acme })
  const links = createOwnLinks({ ...deps, network, publicNames: () => publicNamesOf({ publicSource }) })
  const renewals = createRenewalRecord({ audit: deps.audit, clock })
  publicSource.onChange(() => renewals.look(publicSource.current()))
  localCa.onChange(() => renewals.look(localCa))
  return {
    ...{ boxTime, localCa, clients, publicSource, links, acme },
    privateLeaf() {
      const leaf = localCa.current()
      if (leaf) return leaf
      throw new LaresError('internal', 'There is no certificate before the start.')
    },
  }
}

/** All that is served and has an end. */
function expiringOf({ localCa, publicSource }: Sources): Expiring[] {
  const sources = [localCa, publicSource.current()].filter((source) => source !== null)
  const served = sources.flatMap((source) => {
    const certificate = source.current()
    const { kind, problem } = source.status()
    return certificate ? [{ kind, certificate, problem }] : []
  })
  return [...served, { kind: 'root', certificate: localCa.root().facts, problem: null }]
}

/** What the page Certificates shows. */
function createOverview(deps: TlsDeps, sources: Sources, network: OwnNetwork): () => Promise<Certificates> {
  const { boot, isFixed, clock, lookUp = systemLookUp } = deps
  const { localCa, publicSource, clients, links, privateLeaf } = sources
  const whereTheyLead = createPublicNames({ clock, lookUp })
  return async () => {
    const { rootFingerprint, rootExpiresAt, trustPage } = links.trust(localCa.root(), privateLeaf())
    const all = [localCa, publicSource.current()].filter((source) => source !== null)
    return {
      mode: publicSource.mode(),
      modeSetBy: boot.mode === undefined ? ('app' as const) : ('environment' as const),
      sources: all.map(sourceView),
      publicNames: await whereTheyLead(publicNamesOf(sources), lanAddresses(network)),
      root: { fingerprint: rootFingerprint, expiresAt: rootExpiresAt, trustPage },
      clients: {
        required: clients.isRequired(),
        setBy: isFixed?.(verifyClient.key) ? ('environment' as const) : ('app' as const),
        trialEndsAt: clients.trialEndsAtMs(),
        otherAuthorities: clients.otherAuthorities().map(({ subject }) => subject.replaceAll('\n', ', ')),
      },
    }
  }
}

/** Changing between the private root alone and Let's Encrypt beside it, in the app. */
function createModeChange({ boot, settings, database, audit }: TlsDeps): Parameters<typeof tlsRoutes>[0]['setMode'] {
  return async (mode, { principal, address, userAgent }) => {
    if (boot.mode !== undefined)
      throw new LaresError('conflict', 'TLS_MODE decides this. Change it there, then restart.', {
        code: 'SET_BY_ENVIRONMENT',
      })
    await database.transaction(async (trx) => {
      await settings.set(tlsMode, mode, trx)
      const who = { who: principal, address, userAgent }
      await audit.record(trx, { type: 'tls_changed', severity: 'WARNING', ...who, details: { mode } })
    })
  }
}

function createTrustPages({ settings }: TlsDeps, { localCa, boxTime, clients, links }: Sources) {
  return createTrustHandler({
    root: () => localCa.root(),
    homeName: () => settings.get(homeName),
    clockTrusted: () => boxTime.isTrusted(),
    clientsRequired: () => clients.isRequired(),
    httpsOrigin: (hostHeader) => links.httpsOrigin(hostHeader),
    publicOrigins: () => links.publicOrigins(),
  })
}

function createRoutes(deps: TlsDeps, sources: Sources, network: OwnNetwork): Route[] {
  const { localCa, links, clients, acme, privateLeaf } = sources
  const own = tlsRoutes({
    root: () => localCa.root(),
    homeName: () => deps.settings.get(homeName),
    ...{ clients, links, setMode: createModeChange(deps) },
    trust: () => links.trust(localCa.root(), privateLeaf()),
    overview: createOverview(deps, sources, network),
  })
  return [...own, ...acme.routes]
}

/** Once a minute; at once when there are other addresses: one is answered, and in the certificate, before somebody typed it. */
function createWatch({ clock, log }: TlsDeps, isElsewhere: () => boolean, refresh: () => Promise<void>) {
  let refreshedAt = -Infinity
  return supervise({
    ...{ name: 'certificate watch', clock, log, pauseMs: LOOK_EVERY_MS },
    async runOnce() {
      if (clock.monotonic() - refreshedAt < CHECK_EVERY_MS && !isElsewhere()) return
      refreshedAt = clock.monotonic()
      await refresh()
    },
  })
}

/** The private root, certificates from elsewhere, the page that hands the root out, and who may come in (SEC-B1 to B6). */
export function createTls(deps: TlsDeps): Tls {
  const { clock, notices, settings, name } = deps
  const network = deps.network ?? systemNetwork
  const pickup = createPickup(clock)
  const sources = createSources(deps, network, pickup)
  const { boxTime, localCa, publicSource, clients } = sources
  const expiry = createExpiryNotices({ clock, notices })
  const isDisabled = deps.boot.mode === 'disabled'
  /** Asked at every request; asking the operating system each time would be dear. */
  let answered: readonly string[] = []

  async function refresh(): Promise<void> {
    answered = answeredHosts(name, network)
    await boxTime.check()
    await localCa.refresh()
    await clients.watch()
    pickup.tidy()
    // With a wrong clock everything has ended, or nothing ever does.
    if (boxTime.isTrusted()) expiry.checkAll(expiringOf(sources))
  }

  const isElsewhere = (): boolean => answeredHosts(name, network).join() !== answered.join()
  const watch = createWatch(deps, isElsewhere, refresh)
  const trustPages = createTrustPages(deps, sources)
  const door = createSecureDoor({ ...sources, settings })

  return {
    name: 'tls',
    door: isDisabled ? null : door,
    routes: createRoutes(deps, sources, network),
    trustHandler: (request, response) =>
      !isDisabled && (pickup.handle(request, response) || trustPages(request, response)),
    challengeHandler: (request, response) => sources.acme.challengeHandler(request, response),
    fingerprint: () => localCa.root().facts.fingerprint,
    hosts: () => [...answered, ...publicNamesOf(sources)],
    promisesHttps: (asked) => door.forName(asked) !== null || (settings.get(hstsAtHome) && mayBePromised(asked)),
    addresses: () => reachableAddresses(deps.host, network),
    rootPem: () => localCa.root().certPem,
    clockTrusted: () => boxTime.isTrusted(),
    lookAgain: refresh,
    async start() {
      await requireRootInPlace(deps.dataDir, deps.boot.certDir)
      await boxTime.load()
      await localCa.start()
      await clients.load()
      await publicSource.start()
      await refresh()
      await watch.start()
    },
    async stop() {
      await watch.stop()
      await publicSource.stop()
      await boxTime.save()
    },
  }
}

/** A bare address or `localhost` belongs to whoever is there next; browsers take no promise for an address anyway. */
const mayBePromised = (name: string): boolean => !/^[\d.]+$|:|^localhost$/.test(name)
