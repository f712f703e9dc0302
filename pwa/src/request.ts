import type { ErrorBody } from '../../appliance/src/api/errors.ts'
import { POSITION_HEADER } from '../../appliance/src/api/stream.ts'
import { ClientError, cancelled, timedOut, unreachable } from './client-error.ts'
import { isUntouched } from './state/idle.ts'
import { noteReading } from './stream.ts'
import { t } from './text/index.ts'

const TIMEOUT_MS = 15_000

export interface RequestOptions {
  body?: unknown
  signal?: AbortSignal
  timeoutMs?: number
  /** No refreshing, no second asking, nobody is told: for the calls that do exactly that. */
  bare?: boolean
  /** Goes on when the page is left. */
  keepalive?: boolean
}

export interface RequestHooks {
  /** The access token is over: true when there is a new one and the call is worth repeating. */
  renew: () => Promise<boolean>
  /** The box wants a fresh second factor: true when it has got one. */
  confirm: () => Promise<boolean>
  /** Nobody is signed in here (any more); `reason` as the box gave it. */
  signedOut: (reason: string | null) => void
  setupNeeded: () => void
  /** The box has just answered a call that somebody's touch stands behind. */
  used: () => void
}

const hooks: RequestHooks = {
  renew: () => Promise.resolve(false),
  confirm: () => Promise.resolve(false),
  signedOut: () => undefined,
  setupNeeded: () => undefined,
  used: () => undefined,
}

/** Who helps when the server says "sign in first", "show that it is you" or "set me up first". */
export function onRefused(handlers: RequestHooks): void {
  Object.assign(hooks, handlers)
}

/** One call to the box that answers JSON. Every failure is a ClientError; an abort by the caller stays an AbortError. */
export async function request<Reply>(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
  const response = await ask(method, path, options)
  return (await response.json()) as Reply
}

/** The same for pictures, whole in their `url`. `takenAt` comes from the answer's Last-Modified, in epoch milliseconds. */
export async function requestPicture(
  path: string,
  signal: AbortSignal,
): Promise<{ url: string; takenAt: number | null }> {
  const response = await ask('GET', path, { signal })
  const takenAt = Date.parse(response.headers.get('last-modified') ?? '')
  const url = await asDataUrl(await response.blob())
  return { url, takenAt: Number.isNaN(takenAt) ? null : takenAt }
}

/** Not an address of a Blob: making one and showing it each wait for another process, 100 ms of a slow phone's first second. */
function asDataUrl(picture: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.onerror = () => reject(new DOMException('The picture cannot be read.', 'DataError'))
    reader.readAsDataURL(picture)
  })
}

/** Asks; where a refusal can be mended (once for each cause), asks again. */
async function ask(method: string, path: string, options: RequestOptions): Promise<Response> {
  const mended = new Set<Remedy>()
  for (;;) {
    const response = await send(method, path, options)
    if (response.ok) return response
    const failure = await refusal(response)
    if (options.bare) throw failure
    const remedy = remedyFor(failure.code)
    const isMended = remedy !== null && !mended.has(remedy) && (await hooks[remedy]())
    if (isMended) {
      mended.add(remedy)
      continue
    }
    // New tokens that are over at once: the clock of the box was set in between. Nobody is signed out by that.
    if (failure.code !== 'TOKEN_EXPIRED' || !mended.has('renew')) tell(failure)
    throw remedy === 'confirm' && !mended.has(remedy) ? cancelled() : failure
  }
}

type Remedy = 'renew' | 'confirm'

function remedyFor(code: string): Remedy | null {
  if (code === 'TOKEN_EXPIRED' || code === 'TOKEN_INVALID') return 'renew'
  return code === 'SUDO_REQUIRED' ? 'confirm' : null
}

/** These say that the session is over; any other 401 is about what was typed. */
const OVER = new Set(['TOKEN_EXPIRED', 'TOKEN_INVALID', 'SESSION_REVOKED'])

function tell(failure: ClientError): void {
  if (OVER.has(failure.code)) hooks.signedOut(failure.reason)
  if (failure.code === 'SETUP_REQUIRED') hooks.setupNeeded()
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  const headers = new Headers()
  const untouched = isUntouched()
  // Nobody is there: this call must not keep the session from idling out.
  if (untouched) headers.set('x-lares-idle', '1')
  const init: RequestInit = { method, signal, headers, keepalive: options.keepalive === true }
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body)
    headers.set('content-type', 'application/json')
  }
  try {
    const response = await fetch(path, init)
    noteReading(response.headers.get(POSITION_HEADER))
    if (!untouched && response.ok) hooks.used()
    return response
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw timeout.aborted ? timedOut() : unreachable()
  }
}

async function refusal(response: Response): Promise<ClientError> {
  const body = await response.json().catch(() => undefined as unknown)
  const known = isErrorBody(body) ? body : undefined
  return new ClientError(known?.error ?? 'internal', known?.message ?? t.errors.noWords, response.status, known)
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'error_code' in body && 'message' in body
}
