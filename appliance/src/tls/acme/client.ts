import { readFile } from 'node:fs/promises'
import { Agent, type AgentOptions } from 'node:https'
import { createSecureContext, getCACertificates } from 'node:tls'
import type AcmeLibrary from 'acme-client'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import { VERSION } from '../../core/version.ts'
import { webCall, type WebCaller } from '../../core/web-call.ts'
import { acmeKindOf, problemError, retryAfterMs, unreachable } from './problems.ts'

/** One call to an authority, from the first byte to the last. */
export const CALL_TIMEOUT_MS = 30_000
const MAX_REPLY_BYTES = 256 * 1024
const STORM_ROUNDS = 4
const BAD_NONCE = 'urn:ietf:params:acme:error:badNonce'

/** What the directory says, as far as it matters here (RFC 8555 §7.1.1, RFC 9773, profiles draft). */
export interface Directory {
  renewalInfo?: string
  meta?: { termsOfService?: string; externalAccountRequired?: boolean; profiles?: Record<string, string> }
}

/** One conversation with an authority. */
export interface AcmeClient {
  readonly library: AcmeLibrary.Client
  directory(): Promise<Directory>
  /** Runs one step; a storm of refused nonces is sat out. Everything it throws is a LaresError with plain words. */
  step<T>(run: (client: AcmeLibrary.Client) => Promise<T>): Promise<T>
  /** Milliseconds that the last answer asked to wait before the next question; null: it said nothing. */
  lastRetryAfterMs(): number | null
}

interface HttpOptions {
  data?: unknown
  headers?: Record<string, string>
}
interface HttpAnswer {
  status: number
  headers: Record<string, unknown>
  data: unknown
}
/** The part of the library that we replace; it is not in its types. */
interface Replaceable {
  http: {
    request(url: string, method: string, options?: HttpOptions): Promise<HttpAnswer>
    getDirectory(): Promise<Directory>
  }
}

/** Calls with our clock, limits and name. `userAgent` names product and version, nothing of the home. */
export function createCaller(clock: Clock, agent?: Agent): WebCaller {
  return ({ headers, timeoutMs = CALL_TIMEOUT_MS, maxReplyBytes = MAX_REPLY_BYTES, ...call }) =>
    webCall({
      ...{ ...call, clock, agent, timeoutMs, maxReplyBytes },
      headers: { 'user-agent': `Lares/${VERSION}`, ...headers },
    })
}

/** Calls authorities, trusting the root in `rootFile` too ('': none). Throws `invalid` when the file cannot be used. */
export type AuthorityCaller = (rootFile: string) => Promise<WebCaller>

function trusting(root: string): Agent {
  // One context for all connections: a hundred roots would be parsed anew for each of them.
  const secureContext = createSecureContext({ ca: [...getCACertificates('default'), root] })
  return new Agent({ keepAlive: true, secureContext, timeout: CALL_TIMEOUT_MS } as AgentOptions)
}

/** The connections are kept while the file has the same content. */
export function createAuthorityCaller(clock: Clock): AuthorityCaller {
  let made: { root: string; call: WebCaller } | null = null
  const usual = createCaller(clock)
  return async (rootFile) => {
    if (rootFile === '') return usual
    try {
      const root = await readFile(rootFile, 'utf8')
      if (made?.root !== root) made = { root, call: createCaller(clock, trusting(root)) }
      return made.call
    } catch (cause) {
      const words = `The file ${rootFile} (acme.directoryRoot) holds no certificate that can be read.`
      throw new LaresError('invalid', words, { cause })
    }
  }
}

function parse(body: string, contentType: unknown): unknown {
  if (typeof contentType !== 'string' || !contentType.includes('json')) return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

interface Deps {
  directoryUrl: string
  accountKeyPem: string
  accountUrl: string | null
  externalAccount: { kid: string; hmacKey: string } | null
  call: WebCaller
  clock: Clock
  signal: AbortSignal
}

/**
 * The library's vocabulary (signatures, nonces, orders) on our own transport: its own one loses the kind of a problem and
 * Retry-After, tries again behind our back and waits by the real clock (docs/design/acme.md).
 */
export async function openClient(deps: Deps): Promise<AcmeClient> {
  const { Client } = (await import('acme-client')).default
  const { clock, call, signal } = deps
  const library = new Client({
    ...{ directoryUrl: deps.directoryUrl, accountKey: deps.accountKeyPem },
    ...(deps.accountUrl !== null && { accountUrl: deps.accountUrl }),
    ...(deps.externalAccount && { externalAccountBinding: deps.externalAccount }),
  })
  const { http } = library as unknown as Replaceable
  let lastRetryAfterMs: number | null = null
  let nonceRefused = false

  http.request = async (url, method, { data } = {}) => {
    if (!url.startsWith('https:')) throw new LaresError('conflict', 'The authority named an address without TLS.')
    const reply = await call({
      ...{ url, signal, method: method.toUpperCase() as 'GET' },
      headers: data === undefined ? {} : { 'content-type': 'application/jose+json' },
      ...(data !== undefined && { body: Buffer.from(JSON.stringify(data)) }),
    }).catch((error: unknown) => {
      throw unreachable(`The authority ${new URL(url).host}`, error)
    })
    lastRetryAfterMs = retryAfterMs(reply.headers['retry-after'], clock.now())
    const answer = {
      status: reply.status,
      headers: reply.headers,
      data: parse(reply.body, reply.headers['content-type']),
    }
    nonceRefused = (answer.data as { type?: unknown } | null)?.type === BAD_NONCE
    // The library asks again by itself, five times.
    if (reply.status >= 400 && !nonceRefused) throw problemError(answer.data, reply.status, lastRetryAfterMs)
    return answer
  }

  async function step<T>(run: (client: AcmeLibrary.Client) => Promise<T>): Promise<T> {
    for (let round = 1; ; round++) {
      nonceRefused = false
      try {
        return await run(library)
      } catch (error) {
        if (nonceRefused && round < STORM_ROUNDS) continue
        if (nonceRefused) throw problemError({ type: BAD_NONCE }, 400, null)
        throw error instanceof LaresError ? error : strange(error)
      }
    }
  }

  return {
    ...{ library, step, lastRetryAfterMs: () => lastRetryAfterMs },
    directory: () => step(() => http.getDirectory()),
  }
}

const strange = (error: unknown): LaresError =>
  new LaresError(
    'unavailable',
    `The authority gave an answer that makes no sense: ${messageOf(error).slice(0, 200)}.`,
    {
      code: 'ACME_STRANGE',
      cause: error,
    },
  )

export const isUnknownAccount = (error: unknown): boolean => acmeKindOf(error) === 'accountDoesNotExist'
