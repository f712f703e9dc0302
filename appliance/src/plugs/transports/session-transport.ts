import { sleep } from '../../core/clock.ts'
import { systemCodeOf } from '../../core/errors.ts'
import { failure } from './failures.ts'
import type { AskOptions, Scheme, SessionFacts, Transport, TransportDeps } from './types.ts'

/** One protocol with a session: how one signs in, and how one asks. */
export interface SessionProtocol<S extends Session> {
  signIn(): Promise<S>
  /** Throws `failure.sessionLost` or `sessionBroken` when the session is over. */
  exchange(session: S, payload: string, options: AskOptions): Promise<string>
  close(): void
}

export interface Session {
  signedInAs: string
  klapVersion: 1 | 2 | null
  /** Monotonic; signed in anew after it. */
  endsAt: number
}

/** Some plugs close after each answer and take a moment to listen again. */
const AFTER_RESET_MS = 250
/** Two programs that sign each other out must not do it in step. */
const AFTER_LOSS_MS = 100
const RESETS: readonly string[] = ['ECONNRESET', 'EPIPE', 'SHORT_REPLY']
/** Told inside a good answer: the session is over, the question was not carried out. */
const SESSION_OVER: readonly number[] = [9999, 1002, 1112, -40401, -40413, -2203]
const LONGEST_ERROR = 200
const HOUR_MS = 3_600_000
const LOSSES_KEPT = 8

/** Signs in when needed, and once more when the device forgot it; the same for all protocols that have a session. */
export class SessionTransport<S extends Session> implements Transport {
  readonly scheme: Scheme
  readonly #deps: Pick<TransportDeps, 'clock' | 'signal'>
  readonly #protocol: SessionProtocol<S>
  #session: S | null = null
  #facts: Pick<SessionFacts, 'signedInAs' | 'klapVersion'> = { signedInAs: null, klapVersion: null }
  /** Some firmware answers one question a session and garbage after it. */
  #singleShot = false
  /** Answers that this session gave. */
  #answers = 0
  #losses: number[] = []

  constructor(scheme: Scheme, deps: Pick<TransportDeps, 'clock' | 'signal'>, protocol: SessionProtocol<S>) {
    this.scheme = scheme
    this.#deps = deps
    this.#protocol = protocol
  }

  async ask(payload: string, options: AskOptions = {}): Promise<string> {
    const { clock, signal } = this.#deps
    try {
      const text = await this.#askOnce(payload, options)
      if (!isSessionOver(text)) return text
      this.#lost('SESSION_LOST')
    } catch (error) {
      const pauseMs = this.#pauseBeforeAgain(error, options)
      if (pauseMs === null) throw told(error)
      this.#protocol.close()
      await sleep(clock, pauseMs, signal)
    }
    try {
      return await this.#askOnce(payload, options)
    } catch (error) {
      this.#session = null
      throw told(error)
    }
  }

  facts(): SessionFacts {
    const now = this.#deps.clock.monotonic()
    return { ...this.#facts, lostSessions: this.#losses.filter((at) => now - at < HOUR_MS).length }
  }

  close(): void {
    this.#session = null
    this.#protocol.close()
  }

  async #current(): Promise<S> {
    if (this.#session && this.#deps.clock.monotonic() < this.#session.endsAt) return this.#session
    const session = await this.#protocol.signIn()
    this.#session = session
    this.#answers = 0
    this.#facts = { signedInAs: session.signedInAs, klapVersion: session.klapVersion }
    return session
  }

  async #askOnce(payload: string, options: AskOptions): Promise<string> {
    const text = await this.#protocol.exchange(await this.#current(), payload, options)
    this.#answers += 1
    if (this.#singleShot) this.#session = null
    return text
  }

  #lost(code: string): void {
    this.#session = null
    if (this.#answers === 0) return
    // A session that answered and then makes no sense any more: that is how the one-question firmware looks.
    if (code === 'SESSION_BROKEN') this.#singleShot = true
    else this.#losses = [...this.#losses, this.#deps.clock.monotonic()].slice(-LOSSES_KEPT)
  }

  /** Milliseconds to wait before asking again; null when asking again is wrong. */
  #pauseBeforeAgain(error: unknown, options: AskOptions): number | null {
    const code = systemCodeOf(error) ?? ''
    if (code === 'SESSION_LOST' || code === 'SESSION_BROKEN') this.#lost(code)
    else if (!RESETS.includes(code)) return null
    if (code === 'SESSION_LOST') return AFTER_LOSS_MS * (1 + Math.random())
    // It may have heard the question.
    return options.once ? null : AFTER_RESET_MS
  }
}

/** Our own codes for "ask once more" become what they mean when that did not help. */
function told(error: unknown): unknown {
  const code = systemCodeOf(error)
  if (code === 'SESSION_LOST') return failure.sessionTaken()
  return code === 'SESSION_BROKEN' ? failure.badReply('it does not fit the key') : error
}

function isSessionOver(text: string): boolean {
  if (text.length > LONGEST_ERROR) return false
  try {
    const code = (JSON.parse(text) as { error_code?: unknown } | null)?.error_code
    return typeof code === 'number' && SESSION_OVER.includes(code)
  } catch {
    return false
  }
}
