import { sleep } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { DeviceLinkDeps, LinkMemory, Observation, Urgency } from './device-link.ts'
import { schemeKey } from './discovery/answers.ts'
import type { FoundDevice } from './discovery/types.ts'
import type { Language } from './languages/types.ts'
import { explain } from './problems.ts'
import { distinctSchemes, genericSchemes, mostTelling, type Failed } from './scheme-candidates.ts'
import { openScheme } from './open-scheme.ts'
import { createLoginGuard } from './transports/login-guard.ts'
import type { FailureClass, LoginGuard, Scheme, Transport } from './transports/types.ts'

/** One way that is being spoken. */
export interface Spoken {
  transport: Transport
  language: Language
}

/** These say that the device may speak another way by now; the others say that it is away, busy or does not want. */
const WALK_ON: readonly FailureClass[] = [
  'refused',
  'auth-failed',
  'wrong-account',
  'needs-account',
  'unsupported',
  'bad-answer',
]
/** One answer that is cut short is Wi-Fi; two in a row are another protocol. */
const UNSURE: readonly FailureClass[] = ['bad-answer']
/** Every so many failed calls in a row to a silent device it is looked at whether it speaks another way. */
const LOOK_EVERY = 4
/** A plug that wakes up after a power cut opens its port some seconds after it was called. */
const WAKE_PAUSES_MS: Readonly<Record<Urgency, readonly number[]>> = { person: [2_000, 3_000], poll: [2_000] }

/**
 * The ways to speak with one device, in order: what worked last, what the device announced, what can be tried blindly.
 * Remembers what works, walks on when it stops working, and tells when that changed.
 */
export class SchemeWalk {
  readonly #deps: DeviceLinkDeps
  readonly #logins: LoginGuard
  readonly #seen = new Map<string, Observation>()
  #memory: LinkMemory | null
  #hinted: FoundDevice | null = null
  #spoken: Spoken | null = null
  #failures = 0
  #lastAuth: unknown = null

  constructor(deps: DeviceLinkDeps) {
    this.#deps = deps
    this.#memory = deps.memory ?? null
    this.#logins = createLoginGuard(deps.clock)
  }

  get memory(): LinkMemory | null {
    return this.#memory
  }

  get port(): number {
    return this.#memory?.scheme.port ?? this.#deps.port
  }

  get isSpeaking(): boolean {
    return this.#spoken !== null
  }

  get observations(): readonly Observation[] {
    return [...this.#seen.values()].sort((a, b) => a.at - b.at)
  }

  get lostSessions(): number {
    return this.#spoken?.transport.facts().lostSessions ?? 0
  }

  hint(found: FoundDevice): void {
    this.#hinted = found
  }

  credentialsChanged(): void {
    this.#logins.succeeded()
    this.#lastAuth = null
    // What is signed in stays so: it works.
    if (this.#failures > 0) this.close()
  }

  close(): void {
    this.#spoken?.transport.close()
    this.#spoken = null
  }

  /** Runs `work` in whatever way the device speaks. Rejects with the most telling of what went wrong. */
  async speak<T>(work: (spoken: Spoken) => Promise<T>, urgency: Urgency): Promise<T> {
    if (!this.#spoken) return this.#walk(work, urgency, [])
    const { scheme } = this.#spoken.transport
    try {
      return await this.speakOnce(work)
    } catch (error) {
      const failed = this.#failedWith(error)
      if (!this.#isWorthWalking(failed)) throw this.#told(failed)
      this.close()
      return this.#walk(work, urgency, [{ ...failed, scheme }])
    }
  }

  /** Runs `work` in the way that is spoken now, without a second try. */
  async speakOnce<T>(work: (spoken: Spoken) => Promise<T>): Promise<T> {
    const spoken = this.#spoken
    if (!spoken) throw new LaresError('unavailable', 'The plug does not answer.')
    try {
      const result = await work(spoken)
      this.#worked(spoken)
      return result
    } catch (error) {
      this.#note(spoken.transport.scheme, error)
      throw error
    }
  }

  #isWorthWalking({ failure }: Failed): boolean {
    if (UNSURE.includes(failure)) return this.#failures >= 2
    if (failure === 'unreachable') return this.#failures % LOOK_EVERY === 0
    return WALK_ON.includes(failure)
  }

  async #walk<T>(
    work: (spoken: Spoken) => Promise<T>,
    urgency: Urgency,
    before: readonly (Failed & { scheme: Scheme })[],
  ): Promise<T> {
    const failed: Failed[] = [...before]
    const tried = new Set(before.map(({ scheme }) => schemeKey(scheme)))
    for await (const scheme of this.#candidates(failed)) {
      const key = schemeKey(scheme)
      if (tried.has(key)) continue
      tried.add(key)
      try {
        return await this.#tryScheme(scheme, work)
      } catch (error) {
        const one = this.#failedWith(error)
        failed.push(one)
        if (!WALK_ON.includes(one.failure)) break
      }
    }
    if (isAsleep(failed) && this.#hasAnsweredProbe()) return this.#wake(work, urgency)
    throw this.#told(mostTelling(failed))
  }

  /** What is known first; the call by UDP, which takes a moment, only when that did not help. */
  async *#candidates(failed: readonly Failed[]): AsyncGenerator<Scheme> {
    const known = [...(this.#memory ? [this.#memory.scheme] : []), ...(this.#hinted?.schemes ?? [])]
    const isDefault = this.#deps.port === 9999 || this.#deps.port === 80
    if (known.length === 0 && !isDefault) yield genericSchemes(this.#deps.port)[0] as Scheme
    yield* distinctSchemes(known)
    if (failed.some(({ failure }) => failure === 'stopped')) return
    const found = await this.#probe()
    if (found) yield* found.schemes
    const { scheme } = this.#memory ?? {}
    if (scheme && scheme.encryption !== 'xor') yield* genericSchemes(scheme.port)
    yield* genericSchemes(this.#deps.port)
  }

  async #tryScheme<T>(scheme: Scheme, work: (spoken: Spoken) => Promise<T>): Promise<T> {
    let spoken: Spoken | null = null
    try {
      spoken = await openScheme(scheme, this.#transportDeps())
      const result = await work(spoken)
      this.#spoken = spoken
      this.#worked(spoken)
      return result
    } catch (error) {
      this.#note(scheme, error)
      // It speaks this way and refused, or has no such thing: that is no reason to forget the way.
      if (spoken && explain(error, '').failure === 'device-error') this.#spoken = spoken
      else spoken?.transport.close()
      throw error
    }
  }

  #transportDeps() {
    const { host, clock, signal, credentials = () => [] } = this.#deps
    const owner = this.#hinted?.owner ?? this.#memory?.owner ?? null
    const signedInAs = (): string | null => this.#memory?.signedInAs ?? null
    return { host, clock, signal, credentials, logins: this.#logins, owner, signedInAs }
  }

  async #probe(): Promise<FoundDevice | null> {
    const found = await this.#deps.probe(this.#deps.host)
    const failure = found ? null : 'unreachable'
    this.#seen.set('probe', { encryption: 'probe', port: 0, failure, code: null, at: this.#deps.clock.now() })
    if (found) this.#hinted = found
    return found
  }

  #hasAnsweredProbe(): boolean {
    return this.#seen.get('probe')?.failure === null
  }

  /** It answers calls and keeps its door closed: called once more, it opens within seconds. */
  async #wake<T>(work: (spoken: Spoken) => Promise<T>, urgency: Urgency): Promise<T> {
    const { clock, signal } = this.#deps
    for (const pauseMs of WAKE_PAUSES_MS[urgency]) {
      await sleep(clock, pauseMs, signal)
      for (const scheme of this.#hinted?.schemes ?? []) {
        try {
          return await this.#tryScheme(scheme, work)
        } catch (error) {
          const failed = this.#failedWith(error)
          if (failed.failure !== 'refused') throw this.#told(failed)
        }
      }
      await this.#probe()
    }
    const waking = new LaresError('unavailable', 'The plug is waking up.', { code: 'WAKING' })
    for (const scheme of this.#hinted?.schemes ?? []) this.#note(scheme, waking)
    throw waking
  }

  #worked({ transport }: Spoken): void {
    const { scheme } = transport
    const { signedInAs } = transport.facts()
    this.#failures = 0
    this.#lastAuth = null
    this.#observe(scheme, null, null)
    const before = this.#memory
    const owner = this.#hinted?.owner ?? before?.owner ?? null
    const isSame =
      before &&
      schemeKey(before.scheme) === schemeKey(scheme) &&
      before.signedInAs === signedInAs &&
      before.owner === owner
    if (isSame && before.scheme.family === scheme.family) return
    this.#memory = { scheme, signedInAs, owner }
    this.#deps.onMemory?.(this.#memory)
    if (before && before.scheme.encryption !== scheme.encryption) this.#deps.onSchemeChanged?.(before.scheme, scheme)
  }

  #note(scheme: Scheme, error: unknown): void {
    const { failure, code } = explain(error, '')
    if (failure === 'stopped') return
    if (failure !== 'device-error') this.#failures += 1
    if (failure === 'auth-failed' || failure === 'wrong-account') this.#lastAuth = error
    this.#observe(scheme, failure, code)
  }

  #observe({ encryption, port }: Scheme, failure: FailureClass | null, code: string | null): void {
    // While waiting to show a password again, what is known is still why it was refused.
    if (code === 'LOGIN_PAUSED' && this.#lastAuth !== null) return
    this.#seen.set(`${encryption}:${port}`, { encryption, port, failure, code, at: this.#deps.clock.now() })
  }

  #failedWith(error: unknown): Failed {
    const { failure, code } = explain(error, '')
    return { failure, code, error }
  }

  #told(failed: Failed | undefined): unknown {
    if (!failed) return new LaresError('unavailable', 'The plug does not answer.', { code: 'CONNECT_TIMEOUT' })
    return failed.code === 'LOGIN_PAUSED' && this.#lastAuth !== null ? this.#lastAuth : failed.error
  }
}

/** Every door that was tried was closed. */
function isAsleep(failed: readonly Failed[]): boolean {
  return failed.length > 0 && failed.every(({ code }) => code === 'ECONNREFUSED')
}
