import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../core/clock.ts'
import { newToken } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import { asLaresError, errorReply } from './errors.ts'
import { isAllowedHost, parseHost } from './hosts.ts'
import { checkForm } from './request-form.ts'
import { securityHeaders } from './security-headers.ts'

export interface PlainHttpDeps {
  clock: Clock
  hosts(): readonly string[]
  httpsPort(): number
  /** Answers the trust page and its downloads; false when the request is not for it. */
  trustHandler(request: IncomingMessage, response: ServerResponse): boolean
  /** Answers certificate authorities, whatever name they ask for; false when the request is not theirs. */
  challengeHandler(request: IncomingMessage, response: ServerResponse): boolean
  /** Takes what is left, where there is no HTTPS to send it to. */
  app: ((request: IncomingMessage, response: ServerResponse) => void) | null
}

const DEFAULT_HTTPS_PORT = 443

function httpsAddress(host: string, port: number, path: string): string {
  const { name } = parseHost(host) ?? { name: 'localhost' }
  const bracketed = name.includes(':') ? `[${name}]` : name
  return `https://${bracketed}${port === DEFAULT_HTTPS_PORT ? '' : `:${port}`}${path}`
}

function refuse(response: ServerResponse, error: LaresError, nowMs: number): void {
  const { status, body } = errorReply(error, newToken(9), nowMs)
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...securityHeaders(null),
  })
  response.end(text)
}

const notOurs = (): LaresError =>
  new LaresError('invalid', 'This box does not answer to that name. Use its address or its .local name.', {
    code: 'HOST_NOT_ALLOWED',
  })

/** What answers on the plain port: the trust page; everything else is sent on to HTTPS (SEC-B6). */
export function createPlainHttpHandler(
  deps: PlainHttpDeps,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { host } = request.headers
    try {
      if (deps.challengeHandler(request, response)) return
      if (!isAllowedHost(host, deps.hosts())) throw notOurs()
      checkForm(request)
      if (deps.trustHandler(request, response)) return
      if (deps.app) return deps.app(request, response)
      const location = httpsAddress(host ?? '', deps.httpsPort(), request.url ?? '/')
      response.writeHead(308, { ...securityHeaders(null), Location: location, 'Content-Length': 0 })
      response.end()
    } catch (error) {
      refuse(response, asLaresError(error), deps.clock.now())
    }
  }
}
