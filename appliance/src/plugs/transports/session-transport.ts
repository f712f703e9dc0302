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
export function createSessionTransport<S extends Session>(
  scheme: Scheme,
  deps: Pick<TransportDeps, 'clock' | 'signal'>,
  protocol: SessionProtocol<S>,
): Transport {
  const { clock, signal } = deps
  let session: S | null = null
  let facts: Pick<SessionFacts, 'signedInAs' | 'klapVersion'> = { signedInAs: null, klapVersion: null }
  /** Some firmware answers one question a session and garbage after it. */
  let singleShot = false
  let asked = 0
  let losses: number[] = []

  async function current(): Promise<S> {
    if (session && clock.monotonic() < session.endsAt) return session
    session = await protocol.signIn()
    asked = 0
    facts = { signedInAs: session.signedInAs, klapVersion: session.klapVersion }
    return session
  }

  async function askOnce(payload: string, options: AskOptions): Promise<string> {
    const now = await current()
    const text = await protocol.exchange(now, payload, options)
    asked += 1
    if (singleShot) session = null
    return text
  }

  function lost(code: string): void {
    session = null
    // A session that answered and then makes no sense any more: that is how the one-question firmware looks.
    if (code === 'SESSION_BROKEN' && asked > 0) singleShot = true
    if (code !== 'SESSION_BROKEN' && asked > 0) losses = [...losses, clock.monotonic()].slice(-LOSSES_KEPT)
  }

  /** Milliseconds to wait before asking again; null when asking again is wrong. */
  function pauseBeforeAgain(error: unknown, options: AskOptions): number | null {
    const code = systemCodeOf(error) ?? ''
    const mayHaveHeard = code !== 'SESSION_LOST'
    if (code === 'SESSION_LOST' || code === 'SESSION_BROKEN') lost(code)
    else if (!RESETS.includes(code)) return null
    if (mayHaveHeard && options.once) return null
    return code === 'SESSION_LOST' ? AFTER_LOSS_MS * (1 + Math.random()) : AFTER_RESET_MS
  }

  return {
    scheme,
    async ask(payload, options = {}) {
      try {
        const text = await askOnce(payload, options)
        if (!isSessionOver(text)) return text
        lost('SESSION_LOST')
      } catch (error) {
        const pauseMs = pauseBeforeAgain(error, options)
        if (pauseMs === null) throw told(error)
        protocol.close()
        await sleep(clock, pauseMs, signal)
      }
      try {
        return await askOnce(payload, options)
      } catch (error) {
        session = null
        throw told(error)
      }
    },
    facts: () => ({ ...facts, lostSessions: losses.filter((at) => clock.monotonic() - at < HOUR_MS).length }),
    close() {
      session = null
      protocol.close()
    },
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
