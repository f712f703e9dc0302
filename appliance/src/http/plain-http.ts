import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAllowedHost, parseHost } from './hosts.ts'

export interface PlainHttpDeps {
  hosts(): readonly string[]
  httpsPort(): number
  /** Answers the trust page and its downloads; false when the request is not for it. */
  trustHandler(request: IncomingMessage, response: ServerResponse): boolean
}

const DEFAULT_HTTPS_PORT = 443

function httpsAddress(host: string, port: number, path: string): string {
  const { name } = parseHost(host) ?? { name: 'localhost' }
  const bracketed = name.includes(':') ? `[${name}]` : name
  return `https://${bracketed}${port === DEFAULT_HTTPS_PORT ? '' : `:${port}`}${path}`
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' })
  response.end(`${words}\n`)
}

/** What answers on the plain port: the trust page; everything else is sent on to HTTPS (SEC-B6). */
export function createPlainHttpHandler(
  deps: PlainHttpDeps,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { host } = request.headers
    const path = request.url ?? '/'
    if (!isAllowedHost(host, deps.hosts()) || !path.startsWith('/'))
      return refuse(response, 421, 'This box does not answer to that name. Use its address or its .local name.')
    if (deps.trustHandler(request, response)) return
    response.writeHead(308, { Location: httpsAddress(host ?? '', deps.httpsPort(), path), 'Content-Length': 0 })
    response.end()
  }
}
