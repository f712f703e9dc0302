// node:http and not fetch: fetch writes header names in lower case and adds its own; some plugs know only Content-Length.
import { Agent, request, type IncomingMessage } from 'node:http'
import { isHomeAddress } from '../../core/addresses.ts'
import type { Clock } from '../../core/clock.ts'
import { systemCodeOf } from '../../core/errors.ts'
import { guardedLookup, mayConnectTo } from '../../core/guarded-lookup.ts'
import { failure } from './failures.ts'

export interface HttpPost {
  path: string
  body: Uint8Array
  headers?: Readonly<Record<string, string>>
  /** From the call to the last byte of the answer. */
  timeoutMs: number
  /** On a connection of its own, so that nothing has to be asked twice because a kept one had just been closed. */
  fresh?: boolean
}

export interface HttpAnswer {
  status: number
  /** The session cookie's value, without its attributes; null when none was set. */
  sessionId: string | null
  /** Seconds, from TIMEOUT; null when it was not told. */
  sessionTimeoutS: number | null
  body: Buffer
}

/** One kept-alive connection to one device. Rejects with the socket's error or with `failure`s. */
export interface HttpConnection {
  post(post: HttpPost): Promise<HttpAnswer>
  close(): void
}

export interface HttpConnectionDeps {
  host: string
  port: number
  clock: Clock
  signal: AbortSignal
}

const MAX_REPLY_BYTES = 64 * 1024
/** A plug that nobody looks at is asked every 30 s: it gets its connection back in between. */
const KEEP_IDLE_MS = 12_000
const homeLookup = guardedLookup(isHomeAddress)

export function createHttpConnection(deps: HttpConnectionDeps): HttpConnection {
  const { signal } = deps
  let agent: Agent | null = null
  const close = (): void => {
    agent?.destroy()
    agent = null
  }
  return {
    async post(post) {
      if (post.fresh) close()
      agent ??= new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1, timeout: KEEP_IDLE_MS })
      try {
        return await postOnce(deps, agent, post)
      } catch (error) {
        // The device closed an idle kept connection just as we wrote to it: nothing was read there, ask anew.
        if (!(error as { onReusedSocket?: boolean }).onReusedSocket || signal.aborted) throw error
        return postOnce(deps, agent, post)
      }
    },
    close,
  }
}

function postOnce(deps: HttpConnectionDeps, agent: Agent, post: HttpPost): Promise<HttpAnswer> {
  const { host, port, clock, signal } = deps
  const { path, body } = post
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(failure.stopped())
    if (!mayConnectTo(host, isHomeAddress)) return reject(failure.notAtHome(host))
    const headers = { ...post.headers, 'Content-Length': String(body.length) }
    const call = request({ host, port, path, method: 'POST', agent, headers, lookup: homeLookup })
    let connected = false
    // Once the answer has begun, ending the call is told by the answer's error, without the reason.
    let why: Error | null = null
    const settle = (run: () => void): void => {
      cancel()
      signal.removeEventListener('abort', onAbort)
      run()
    }
    const fail = (error: Error): void => settle(() => reject(why ?? error))
    const stop = (reason: Error): void => {
      why ??= reason
      call.destroy(reason)
      fail(reason)
    }
    const onAbort = (): void => stop(failure.stopped())
    const cancel = clock.after(post.timeoutMs, () => stop(failure.timedOut(host, connected)))
    signal.addEventListener('abort', onAbort, { once: true })
    call.on('socket', (socket) => {
      connected = !socket.connecting
      if (socket.connecting) socket.once('connect', () => (connected = true))
    })
    call.on('error', (error) => {
      // The one kind that means: it had been closed before.
      const isStale = call.reusedSocket && why === null && systemCodeOf(error) === 'ECONNRESET'
      fail(isStale ? Object.assign(error, { onReusedSocket: true }) : error)
    })
    call.on('response', (response) => {
      collect(response, stop, fail, (answer) => settle(() => resolve(answer)))
    })
    call.end(body)
  })
}

function collect(
  response: IncomingMessage,
  stop: (reason: Error) => void,
  fail: (error: Error) => void,
  done: (answer: HttpAnswer) => void,
): void {
  const announced = Number(response.headers['content-length'] ?? 0)
  if (announced > MAX_REPLY_BYTES) return stop(failure.tooLarge(announced, MAX_REPLY_BYTES))
  const pieces: Buffer[] = []
  let size = 0
  response.on('data', (piece: Buffer) => {
    size += piece.length
    if (size > MAX_REPLY_BYTES) return stop(failure.tooLarge(`over ${MAX_REPLY_BYTES}`, MAX_REPLY_BYTES))
    pieces.push(piece)
  })
  response.on('error', fail)
  response.on('end', () => {
    const status = response.statusCode ?? 0
    done({ status, ...readCookies(response.headers['set-cookie']), body: Buffer.concat(pieces) })
  })
}

/** `TP_SESSIONID=abc;TIMEOUT=86400`: what browsers would take for an attribute is the session's life. */
export function readCookies(lines: readonly string[] = []): Pick<HttpAnswer, 'sessionId' | 'sessionTimeoutS'> {
  const pairs = lines.flatMap((line) => line.slice(0, 1_024).split(';')).map((pair) => pair.trim().split('='))
  const valueOf = (...names: string[]): string | null =>
    pairs.find(([name]) => names.includes(name?.toUpperCase() ?? ''))?.[1] ?? null
  const timeoutS = Number(valueOf('TIMEOUT') ?? NaN)
  const sessionId = valueOf('TP_SESSIONID', 'SESSIONID')
  return {
    sessionId: sessionId !== null && /^[\x21-\x3a\x3c-\x7e]{1,256}$/.test(sessionId) ? sessionId : null,
    sessionTimeoutS: Number.isFinite(timeoutS) && timeoutS > 0 ? timeoutS : null,
  }
}
