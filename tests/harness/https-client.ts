import { readFileSync } from 'node:fs'
import { request, Agent } from 'node:https'
import type { LookupFunction } from 'node:net'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  /** The body as JSON; throws when it is none. */
  json<T = Record<string, unknown>>(): T
}

export interface HttpsClient {
  /** One browser's cookies; the session after signing in. */
  readonly cookies: CookieJar
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Like `call`, but anything but 2xx fails with the server's own sentence. */
  must<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>
  close(): void
}

/** By name; a cookie with a path goes only there. */
export interface CookieJar extends Map<string, string> {
  /** Paths of those that have one besides `/`. */
  readonly paths: Map<string, string>
}

/** A client certificate: PEM files, or PKCS#12 with what opens it. */
export type Identity = { cert: string; key: string } | { pfx: Buffer; passphrase: string }

const CALL_TIMEOUT_MS = 30_000

/**
 * A small HTTPS client with a cookie jar that trusts exactly one root: what a phone is after the trust page. With `at`
 * the name of the origin leads to that address, as a home's name service would say, and a slow box has time to answer.
 */
export function createHttpsClient(
  origin: string,
  rootPem: string | (() => string),
  identity?: Identity,
  at?: { address: string; timeoutMs: number },
): HttpsClient {
  const own =
    identity && ('pfx' in identity ? identity : { cert: readFileSync(identity.cert), key: readFileSync(identity.key) })
  const agent = new Agent({ keepAlive: true, ...own, ...(at && { lookup: alwaysAt(at.address) }) })
  const timeoutMs = at?.timeoutMs ?? CALL_TIMEOUT_MS
  const cookies: CookieJar = Object.assign(new Map<string, string>(), { paths: new Map<string, string>() })

  const call: HttpsClient['call'] = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
      const call = request(
        new URL(path, origin),
        {
          method,
          agent,
          ca: typeof rootPem === 'string' ? rootPem : rootPem(),
          timeout: timeoutMs,
          headers: {
            origin,
            ...(payload && { 'content-type': 'application/json', 'content-length': String(payload.length) }),
            ...cookieHeader(cookies, path),
            ...headers,
          },
        },
        (reply) => {
          const chunks: Buffer[] = []
          reply.on('data', (chunk: Buffer) => chunks.push(chunk))
          reply.on('error', reject)
          reply.on('end', () => {
            keepCookies(cookies, reply.headers['set-cookie'] ?? [])
            const bytes = Buffer.concat(chunks)
            resolve({
              status: reply.statusCode ?? 0,
              headers: reply.headers,
              body: bytes,
              json: () => JSON.parse(bytes.toString()),
            })
          })
        },
      )
      call.on('error', reject)
      call.on('timeout', () => call.destroy(new Error(`${method} ${path} took longer than ${timeoutMs} ms`)))
      call.end(payload)
    })

  return {
    cookies,
    call,
    async must<T>(method: string, path: string, body?: unknown): Promise<T> {
      const answer = await call(method, path, body)
      if (answer.status >= 200 && answer.status < 300) return answer.json<T>()
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body.toString().slice(0, 500)}`)
    },
    close: () => agent.destroy(),
  }
}

/** A name service that knows one IPv4 address. */
export const alwaysAt =
  (address: string): LookupFunction =>
  (_name, { all }, done) =>
    all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)

const isWithin = (path: string, cookiePath: string): boolean =>
  cookiePath === '/' || path === cookiePath || path.startsWith(`${cookiePath}/`)

function cookieHeader(cookies: CookieJar, path: string): { cookie?: string } {
  const [bare = '/'] = path.split('?')
  const sent = [...cookies].filter(([name]) => isWithin(bare, cookies.paths.get(name) ?? '/'))
  return sent.length === 0 ? {} : { cookie: sent.map(([name, value]) => `${name}=${value}`).join('; ') }
}

function keepCookies(cookies: CookieJar, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = ''] = line.split(';')
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
    cookies.paths.set(name, /; ?path=([^;]+)/i.exec(line)?.[1] ?? '/')
  }
}
