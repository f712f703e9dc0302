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

/** One certificate over the years: loads it, knows when the next is due, orders it, remembers how that went. */
export class Keeper {
  readonly #deps: KeeperDeps
  #state: StoredState = structuredClone(FIRST_STATE)
  #served: ServedCertificate | null = null
  #plan: RenewalPlan | null = null
  #settled = false

  constructor(deps: KeeperDeps) {
    this.#deps = deps
  }

  async load(): Promise<void> {
    const { files, clock, config } = this.#deps
    this.#state = await files.readState()
    const stored = await files.readCertificate(clock.now())
    if (!stored) return
    this.#served = servedOf(stored)
    this.#state = recognised(this.#state, this.#served, config())
    // Fetched already, and only not crossed out.
    if ((await files.readOrder())?.keyPem === stored.keyPem) await files.removeOrder()
  }

  current(): ServedCertificate | null {
    return this.#served
  }

  status(): SourceStatus {
    const { lastRenewedAtMs, lastTriedAtMs, failures } = this.#state
    const problem = this.#problem() ?? (failures.count > 0 ? failures.words : null)
    return { kind: 'acme', lastRenewedAtMs, lastTriedAtMs, nextTryAtMs: this.#plan?.atMs ?? null, problem }
  }

  /** Looks whether something is due, and does it. Failures of the authority are remembered, not thrown. */
  async round(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps
    if (!this.#settled) await sleep(clock, SETTLING_MS, signal)
    this.#settled = true
    const config = this.#deps.config()
    this.#state = forConfig(this.#state, config)
    this.#plan = null
    if (this.#problem() !== null) return
    if (this.#served && clock.now() >= this.#adviceDueAtMs()) await this.#takeAdvice(config, this.#served, signal)
    const plan = planFor(this.#state, this.#served, config, clock.now())
    this.#plan = plan
    if (signal.aborted || plan.atMs > clock.now()) return
    await this.#attempt(config, plan.why, signal)
    this.#plan = planFor(this.#state, this.#served, config, clock.now())
  }

  /** Until the next look. */
  pauseMs(): number {
    const { clock, clockTrusted } = this.#deps
    if (this.#plan === null) return clockTrusted() ? LONGEST_PAUSE_MS : MINUTE_MS
    const nextMs = this.#served ? Math.min(this.#plan.atMs, this.#adviceDueAtMs()) : this.#plan.atMs
    return Math.min(LONGEST_PAUSE_MS, Math.max(1_000, nextMs - clock.now()))
  }

  /** Orders at the next round. Throws `conflict` when something is missing, `too-many`. */
  async ask(): Promise<void> {
    const problem = this.#problem()
    if (problem !== null) throw new LaresError('conflict', problem, { code: 'CERTIFICATE_NOT_READY' })
    const lately = this.#state.issuedAtMs.filter((atMs) => atMs > this.#deps.clock.now() - WEEK_MS)
    const words = `There were ${lately.length} new certificates this week; authorities give few.`
    if (lately.length >= MOST_ASKED_A_WEEK) throw new LaresError('too-many', words, { code: 'RENEWED_OFTEN' })
    await this.#keep({ ...this.#state, asked: true })
  }

  #problem(): string | null {
    return configProblem(this.#deps.config()) ?? (this.#deps.clockTrusted() ? null : CLOCK_WORDS)
  }

  async #keep(next: StoredState): Promise<void> {
    this.#state = next
    await this.#deps.files.writeState(next)
  }

  /** Only the authority that issued a certificate knows when to renew it. */
  #adviceDueAtMs(): number {
    const isTheirs = this.#state.issuer?.directoryUrl === this.#deps.config().directoryUrl
    return isTheirs ? this.#state.adviceDueAtMs : Number.POSITIVE_INFINITY
  }

  async #takeAdvice(config: AcmeConfig, about: ServedCertificate, signal: AbortSignal): Promise<void> {
    const { clock, log, callAuthority } = this.#deps
    const ask = async (): ReturnType<typeof refreshAdvice> => {
      const call = await callAuthority(config.directoryRoot)
      return refreshAdvice(about, config.directoryUrl, this.#state, { call, clock, log, signal })
    }
    // A root file that cannot be read is told where something is ordered.
    const next = await ask().catch(() => ({ adviceDueAtMs: clock.now() + LONGEST_PAUSE_MS }))
    if (!signal.aborted) await this.#keep({ ...this.#state, ...next })
  }

  async #attempt(config: AcmeConfig, why: string, signal: AbortSignal): Promise<void> {
    const { clock, log, callAuthority, onChange } = this.#deps
    this.#state = { ...this.#state, lastTriedAtMs: clock.now() }
    try {
      const next = await this.#orderWithAccount(config, await callAuthority(config.directoryRoot), signal)
      this.#served = next
      await this.#keep(afterSuccess(this.#state, next, config, clock.now()))
      log.info({ why, names: next.names, expires: new Date(next.notAfterMs).toISOString() }, 'New public certificate')
      onChange()
    } catch (error) {
      // Stopped, not failed.
      if (signal.aborted) return
      await this.#keep(afterFailure(this.#state, error, clock.now()))
      const { count } = this.#state.failures
      log.warn({ why, err: messageOf(error), failures: count }, 'No public certificate this time')
    }
  }

  /** An account that the authority has lost is made anew with the same key, once. */
  async #orderWithAccount(config: AcmeConfig, call: WebCaller, signal: AbortSignal): Promise<ServedCertificate> {
    const { files } = this.#deps
    try {
      return await this.#order(config, call, signal)
    } catch (error) {
      if (!isUnknownAccount(error)) throw error
      await forgetAccountUrl(files, config.directoryUrl)
      await files.removeOrder()
      return this.#order(config, call, signal)
    }
  }

  async #order(config: AcmeConfig, call: WebCaller, signal: AbortSignal): Promise<ServedCertificate> {
    const { files, clock, log, solver } = this.#deps
    const client = await openAccount({ config, files, call, clock, signal })
    const isTheirs = this.#state.issuer?.directoryUrl === config.directoryUrl
    const replaces = this.#served && isTheirs ? await certificateIdOf(this.#served.certPem) : null
    return issue({ client, config, files, solver: solver(config), replaces, clock, log, signal })
  }
}
