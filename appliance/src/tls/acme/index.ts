import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { supervise } from '../../core/supervise.ts'
import type { WebCaller } from '../../core/web-call.ts'
import type { Settings } from '../../settings/types.ts'
import { checkReach } from './check.ts'
import { createAuthorityCaller, createCaller } from './client.ts'
import { configMark, onConfigChange, readConfig, type AcmeConfig } from './config.ts'
import { chooseProvider } from './dns/choose.ts'
import { createDnsLookups, type DnsLookups } from './dns/lookups.ts'
import type { DnsProvider } from './dns/types.ts'
import { createAcmeFiles } from './files.ts'
import { createHttpChallenges } from './http-challenges.ts'
import { Keeper } from './keeper.ts'
import { acmeRoutes } from './routes.ts'
import { chooseSolver } from './solvers.ts'
import type { AcmeSource } from './types.ts'

export { acmeDefinitions } from './settings.ts'
export type { AcmeSource } from './types.ts'

export interface AcmeDeps {
  dataDir: string
  clock: Clock
  log: Log
  settings: Settings
  /** False while the clock shows a time that cannot be: nothing is ordered then. */
  clockTrusted(): boolean
  /** The name system; the operating system's when left out. */
  lookups?: DnsLookups
  /** How the APIs of DNS providers and port 80 are called; tests lead it to their own. */
  call?: WebCaller
  /** Where a webhook may stand. */
  isAllowedAddress?: (address: string) => boolean
}

/** Unforeseen only: what an authority refuses is remembered by the keeper. */
const BACKOFF_MS = [60_000, 10 * 60_000, 60 * 60_000] as const

/** One after the other: a check and an order would write the same record. */
function createTurns() {
  let running: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    isBusy: () => waiting > 0,
    run<T>(work: () => Promise<T>): Promise<T> {
      waiting += 1
      const mine = running.then(work).finally(() => void (waiting -= 1))
      running = mine.catch(() => undefined)
      return mine
    },
  }
}

/** The provider of a configuration, kept while that stays the same: some remember what they wrote. */
function createProviders(deps: AcmeDeps, log: Log, call: WebCaller): (config: AcmeConfig) => DnsProvider | null {
  let made: { mark: string; provider: DnsProvider | null } | null = null
  const { dataDir, clock, isAllowedAddress } = deps
  return (config) => {
    if (config.challenge === 'http-01') return null
    const mark = configMark(config)
    const own = { dataDir, clock, log, call, ...(isAllowedAddress && { isAllowedAddress }) }
    if (made?.mark !== mark) made = { mark, provider: chooseProvider(own, config.dns) }
    return made.provider
  }
}

/** What the source is made of. */
function createParts(deps: AcmeDeps, onChange: () => void) {
  const { clock, settings, lookups = createDnsLookups() } = deps
  const log = deps.log.child({ part: 'acme' })
  const call = deps.call ?? createCaller(clock)
  const callAuthority = createAuthorityCaller(clock)
  const challenges = createHttpChallenges()
  const providerOf = createProviders(deps, log, call)
  const turns = createTurns()
  const config = (): AcmeConfig => readConfig(settings)
  const keeper = new Keeper({
    ...{ clock, log, config, callAuthority, onChange, files: createAcmeFiles(deps.dataDir, log) },
    clockTrusted: () => deps.clockTrusted(),
    solver: (now) => chooseSolver(now, { challenges, lookups, clock, provider: providerOf(now) }),
  })
  const loop = supervise({
    ...{ name: 'public certificate', clock, log, backoffMs: BACKOFF_MS },
    pauseMs: () => keeper.pauseMs(),
    runOnce: (signal) => turns.run(() => keeper.round(signal)),
  })

  /** Throws `conflict` while something is being ordered. */
  async function check(signal: AbortSignal): ReturnType<typeof checkReach> {
    const words = 'A certificate is being ordered at this moment; try again in a minute.'
    if (turns.isBusy()) throw new LaresError('conflict', words, { code: 'CERTIFICATE_BUSY' })
    return turns.run(async () => {
      const now = config()
      const [authority, provider] = [await callAuthority(now.directoryRoot), providerOf(now)]
      return checkReach({ config: now, lookups, challenges, authority, call, clock, signal, provider })
    })
  }
  return { log, keeper, loop, challenges, check }
}

/** Certificates of Let's Encrypt, or of any other authority that speaks ACME (RFC 8555), for the names of this home (SEC-B4). */
export function createAcmeSource(deps: AcmeDeps): AcmeSource {
  const listeners = new Set<() => void>()
  const { log, keeper, loop, challenges, check } = createParts(deps, () => listeners.forEach((listener) => listener()))
  let running = false
  let stopListening = (): void => undefined

  async function renew(): Promise<void> {
    const words = 'Public certificates are not switched on yet.'
    if (!running) throw new LaresError('conflict', words, { code: 'CERTIFICATE_NOT_READY' })
    await keeper.ask()
    loop.wake()
  }

  return {
    name: 'public certificate',
    routes: acmeRoutes({ check, renew }),
    challengeHandler: (request, response) => challenges.handle(request, response),
    current: () => keeper.current(),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    status() {
      const status = keeper.status()
      return { ...status, problem: status.problem ?? loop.state().lastError }
    },
    async start() {
      // A file that cannot be read must not keep the box from starting: the private certificate is served all the same.
      await keeper
        .load()
        .catch((error: unknown) => log.warn({ err: messageOf(error) }, 'No public certificate was read'))
      stopListening = onConfigChange(deps.settings, () => loop.wake())
      await loop.start()
      running = true
    },
    async stop() {
      running = false
      stopListening()
      await loop.stop()
    },
  }
}
