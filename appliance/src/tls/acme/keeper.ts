import { X509Certificate } from 'node:crypto'
import { sleep, type Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { WebCaller } from '../../core/web-call.ts'
import type { ServedCertificate, SourceStatus } from '../source.ts'
import { forgetAccountUrl, openAccount } from './account.ts'
import { refreshAdvice } from './advice.ts'
import { certificateIdOf } from './ari.ts'
import { isUnknownAccount, type AuthorityCaller } from './client.ts'
import { configMark, configProblem, type AcmeConfig } from './config.ts'
import { FIRST_STATE, NO_FAILURES, type AcmeFiles, type StoredState } from './files.ts'
import { issue } from './issue.ts'
import { missingName, servedOf } from './prove.ts'
import { planRenewal, type RenewalPlan } from './renewal.ts'
import type { Solver } from './solvers.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const WEEK_MS = 7 * 24 * HOUR_MS
/** Until the next look: a clock that was set must not oversleep. */
const LONGEST_PAUSE_MS = 6 * HOUR_MS
/** The plain port opens after this part starts; an authority that comes at once would find it closed. */
const SETTLING_MS = 5_000
const KEPT_ISSUES = 20
/** Let's Encrypt gives five certificates a week for the same names. */
const MOST_ASKED_A_WEEK = 4

export interface KeeperDeps {
  files: AcmeFiles
  clock: Clock
  log: Log
  config(): AcmeConfig
  callAuthority: AuthorityCaller
  solver(config: AcmeConfig): Solver
  clockTrusted(): boolean
  /** After another certificate is in force. */
  onChange(): void
}

/** One certificate over the years: loads it, knows when the next is due, orders it, remembers how that went. */
export interface Keeper {
  load(): Promise<void>
  /** Looks whether something is due, and does it. Failures of the authority are remembered, not thrown. */
  round(signal: AbortSignal): Promise<void>
  /** Until the next look. */
  pauseMs(): number
  current(): ServedCertificate | null
  status(): SourceStatus
  /** Orders at the next round. Throws `conflict` when something is missing, `too-many`. */
  ask(): Promise<void>
}

const CLOCK_WORDS = 'The clock of this box is not set yet; nothing is ordered before.'

/** What of the state belongs to one configuration: another one begins without failures and advice. */
function forConfig(state: StoredState, config: AcmeConfig): StoredState {
  const mark = configMark(config)
  if (state.configMark === mark) return state
  return { ...state, configMark: mark, failures: { ...NO_FAILURES }, advice: null, adviceDueAtMs: 0 }
}

function planFor(state: StoredState, served: ServedCertificate | null, config: AcmeConfig, nowMs: number): RenewalPlan {
  const { issuedAtMs, failures, asked, advice, issuer } = state
  const otherNames = served !== null && missingName(served.names, config.names) !== undefined
  const otherAuthority = issuer !== null && issuer.directoryUrl !== config.directoryUrl
  return planRenewal({
    ...{ nowMs, certificate: served, issuedAtMs, failures, asked, advisedMs: advice?.chosenMs ?? null },
    mismatch: otherNames ? 'names' : otherAuthority ? 'authority' : null,
  })
}

function afterSuccess(state: StoredState, served: ServedCertificate, config: AcmeConfig, nowMs: number): StoredState {
  const { fingerprint256: fingerprint } = new X509Certificate(served.certPem)
  return {
    ...{ ...state, asked: false, advice: null, adviceDueAtMs: 0, lastRenewedAtMs: nowMs, failures: { ...NO_FAILURES } },
    issuedAtMs: [...state.issuedAtMs, nowMs].slice(-KEPT_ISSUES),
    issuer: { fingerprint, directoryUrl: config.directoryUrl },
  }
}

function afterFailure(state: StoredState, error: unknown, nowMs: number): StoredState {
  const retryAfterS = error instanceof LaresError ? error.retryAfterS : undefined
  const words = error instanceof LaresError ? error.message : 'Something went wrong that the log tells about.'
  const notBeforeMs = retryAfterS === undefined ? null : nowMs + retryAfterS * 1_000
  return { ...state, asked: false, failures: { count: state.failures.count + 1, lastAtMs: nowMs, notBeforeMs, words } }
}

/** A certificate that was written just before the power went is in no record yet. */
function recognised(state: StoredState, served: ServedCertificate, config: AcmeConfig): StoredState {
  const { fingerprint256: fingerprint } = new X509Certificate(served.certPem)
  if (state.issuer?.fingerprint === fingerprint) return state
  return afterSuccess(state, served, config, served.notBeforeMs)
}

export function createKeeper(deps: KeeperDeps): Keeper {
  const { files, clock, log } = deps
  let state: StoredState = structuredClone(FIRST_STATE)
  let served: ServedCertificate | null = null
  let plan: RenewalPlan | null = null
  let settled = false

  const problemNow = (): string | null => {
    const config = deps.config()
    return configProblem(config) ?? (deps.clockTrusted() ? null : CLOCK_WORDS)
  }

  async function keep(next: StoredState): Promise<void> {
    state = next
    await files.writeState(next)
  }

  async function orderNow(config: AcmeConfig, call: WebCaller, signal: AbortSignal): Promise<ServedCertificate> {
    const client = await openAccount({ config, files, call, clock, signal })
    const known = served !== null && state.issuer?.directoryUrl === config.directoryUrl
    const replaces = known && served ? await certificateIdOf(served.certPem) : null
    return issue({ client, config, files, solver: deps.solver(config), replaces, clock, log, signal })
  }

  /** An account that the authority has lost is made anew with the same key, once. */
  async function orderWithAccount(config: AcmeConfig, call: WebCaller, signal: AbortSignal): Promise<ServedCertificate> {
    try {
      return await orderNow(config, call, signal)
    } catch (error) {
      if (!isUnknownAccount(error)) throw error
      await forgetAccountUrl(files, config.directoryUrl)
      await files.removeOrder()
      return orderNow(config, call, signal)
    }
  }

  /** Only the authority that issued a certificate knows when to renew it. */
  const adviceDueAtMs = (): number =>
    state.issuer?.directoryUrl === deps.config().directoryUrl ? state.adviceDueAtMs : Number.POSITIVE_INFINITY

  async function takeAdvice(config: AcmeConfig, about: ServedCertificate, signal: AbortSignal): Promise<void> {
    const ask = async (): ReturnType<typeof refreshAdvice> => {
      const call = await deps.callAuthority(config.directoryRoot)
      return refreshAdvice(about, config.directoryUrl, state, { call, clock, log, signal })
    }
    // A root file that cannot be read is told where something is ordered.
    const next = await ask().catch(() => ({ adviceDueAtMs: clock.now() + LONGEST_PAUSE_MS }))
    if (!signal.aborted) await keep({ ...state, ...next })
  }

  async function attempt(config: AcmeConfig, why: string, signal: AbortSignal): Promise<void> {
    state = { ...state, lastTriedAtMs: clock.now() }
    try {
      const next = await orderWithAccount(config, await deps.callAuthority(config.directoryRoot), signal)
      served = next
      await keep(afterSuccess(state, next, config, clock.now()))
      log.info({ why, names: next.names, expires: new Date(next.notAfterMs).toISOString() }, 'New public certificate')
      deps.onChange()
    } catch (error) {
      // Stopped, not failed.
      if (signal.aborted) return
      await keep(afterFailure(state, error, clock.now()))
      log.warn({ why, err: messageOf(error), failures: state.failures.count }, 'No public certificate this time')
    }
  }

  async function round(signal: AbortSignal): Promise<void> {
    const config = deps.config()
    state = forConfig(state, config)
    plan = null
    if (problemNow() !== null) return
    if (!settled) await sleep(clock, SETTLING_MS, signal)
    settled = true
    if (served && clock.now() >= adviceDueAtMs()) await takeAdvice(config, served, signal)
    plan = planFor(state, served, config, clock.now())
    if (signal.aborted || plan.atMs > clock.now()) return
    await attempt(config, plan.why, signal)
    plan = planFor(state, served, config, clock.now())
  }

  return {
    round,
    current: () => served,
    async load() {
      state = await files.readState()
      const stored = await files.readCertificate(clock.now())
      if (!stored) return
      served = servedOf(stored)
      state = recognised(state, served, deps.config())
      // Fetched already, and only not crossed out.
      if ((await files.readOrder())?.keyPem === stored.keyPem) await files.removeOrder()
    },
    pauseMs() {
      if (plan === null) return deps.clockTrusted() ? LONGEST_PAUSE_MS : MINUTE_MS
      const nextMs = served ? Math.min(plan.atMs, adviceDueAtMs()) : plan.atMs
      return Math.min(LONGEST_PAUSE_MS, Math.max(1_000, nextMs - clock.now()))
    },
    status: () => ({
      kind: 'acme',
      lastRenewedAtMs: state.lastRenewedAtMs,
      lastTriedAtMs: state.lastTriedAtMs,
      nextTryAtMs: plan?.atMs ?? null,
      problem: problemNow() ?? (state.failures.count > 0 ? state.failures.words : null),
    }),
    async ask() {
      const problem = problemNow()
      if (problem !== null) throw new LaresError('conflict', problem, { code: 'CERTIFICATE_NOT_READY' })
      const lately = state.issuedAtMs.filter((atMs) => atMs > clock.now() - WEEK_MS)
      if (lately.length >= MOST_ASKED_A_WEEK)
        throw new LaresError('too-many', `There were ${lately.length} new certificates this week; authorities give few.`, {
          code: 'RENEWED_OFTEN',
        })
      await keep({ ...state, asked: true })
    },
  }
}
