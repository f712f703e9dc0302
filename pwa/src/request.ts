import type { ErrorBody } from '../../appliance/src/api/errors.ts'
import { ClientError, timedOut, unreachable } from './client-error.ts'
import { t } from './text/index.ts'

const TIMEOUT_MS = 15_000

export interface RequestOptions {
  body?: unknown
  signal?: AbortSignal
  timeoutMs?: number
  /** A 401 here means "that password was wrong", not "you are signed out". */
  asksPassword?: boolean
}

type Hook = () => void
const hooks: { signedOut: Hook; setupNeeded: Hook } = { signedOut: () => undefined, setupNeeded: () => undefined }

/** Who must know when the server says "sign in first" or "set me up first". */
export function onRefused(handlers: { signedOut: Hook; setupNeeded: Hook }): void {
  Object.assign(hooks, handlers)
}

/** One call to the box that answers JSON. Every failure is a ClientError; an abort by the caller stays an AbortError. */
export async function request<Reply>(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
  const response = await send(method, path, options)
  if (!response.ok) throw await refusal(response, options.asksPassword === true)
  return (await response.json()) as Reply
}

/** The same for pictures. `takenAt` comes from the answer's Last-Modified, in epoch milliseconds. */
export async function requestPicture(
  path: string,
  signal: AbortSignal,
): Promise<{ picture: Blob; takenAt: number | null }> {
  const response = await send('GET', path, { signal })
  if (!response.ok) throw await refusal(response, false)
  const takenAt = Date.parse(response.headers.get('last-modified') ?? '')
  return { picture: await response.blob(), takenAt: Number.isNaN(takenAt) ? null : takenAt }
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
  const init: RequestInit = { method, signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout }
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body)
    init.headers = { 'content-type': 'application/json' }
  }
  try {
    return await fetch(path, init)
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw timeout.aborted ? timedOut() : unreachable()
  }
}

async function refusal(response: Response, asksPassword: boolean): Promise<ClientError> {
  const body = await response.json().catch(() => undefined as unknown)
  const known = isErrorBody(body) ? body : undefined
  if (response.status === 401 && !asksPassword) hooks.signedOut()
  if (known?.error_code === 'SETUP_REQUIRED') hooks.setupNeeded()
  return new ClientError(known?.error ?? 'internal', known?.message ?? t.errors.noWords, response.status, known)
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'error_code' in body && 'message' in body
}
