import type { IncomingMessage, ServerResponse } from 'node:http'
import { deviceOf } from './devices.ts'
import { ROOT_FILES, rootDownload, type RootCertificate } from './root-downloads.ts'
import { trustPage } from './trust-page.ts'

export interface TrustHandlerDeps {
  root(): RootCertificate
  homeName(): string
  clockTrusted(): boolean
  /** Where this device reaches the app, from the Host header it sent. */
  httpsOrigin(hostHeader: string | undefined): string
  /** Where no certificate has to be installed. */
  publicOrigins(): readonly string[]
  /** Everybody has to show a client certificate. */
  clientsRequired(): boolean
}

const PAGES: ReadonlySet<string> = new Set(['/', '/trust', '/trust/'])
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
}

interface Answer {
  body: string | Buffer
  contentType: string
  headers?: Record<string, string>
}

function pageFor(request: IncomingMessage, deps: TrustHandlerDeps): Answer {
  const page = trustPage({
    homeName: deps.homeName(),
    fingerprint: deps.root().facts.fingerprint,
    httpsOrigin: deps.httpsOrigin(request.headers.host),
    publicOrigins: deps.publicOrigins(),
    clientsRequired: deps.clientsRequired(),
    device: deviceOf(request.headers['user-agent'] ?? ''),
    clockTrusted: deps.clockTrusted(),
  })
  const headers = { 'Content-Security-Policy': page.contentSecurityPolicy, Vary: 'User-Agent' }
  return { body: page.html, contentType: 'text/html; charset=utf-8', headers }
}

function answerFor(path: string, request: IncomingMessage, deps: TrustHandlerDeps): Answer | null {
  if (PAGES.has(path)) return pageFor(request, deps)
  const file = ROOT_FILES.find((name) => path === `/trust/${name}`)
  if (file === undefined) return null
  const download = rootDownload(file, deps.root(), deps.homeName())
  // iOS installs a profile only when it is shown, not when it is an attachment.
  const headers = file.endsWith('.mobileconfig') ? {} : { 'Content-Disposition': `attachment; filename="${file}"` }
  return { ...download, headers }
}

/** The trust page and its downloads, over plain HTTP (SEC-B3): a phone that trusts nothing yet can read nothing else. */
export function createTrustHandler(
  deps: TrustHandlerDeps,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const answer = answerFor(path, request, deps)
    if (!answer) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...HEADERS, Allow: 'GET, HEAD', 'Content-Length': 0 })
      response.end()
      return true
    }
    const length = Buffer.byteLength(answer.body)
    const headers = { ...HEADERS, ...answer.headers, 'Content-Type': answer.contentType, 'Content-Length': length }
    response.writeHead(200, headers)
    response.end(request.method === 'HEAD' ? undefined : answer.body)
    return true
  }
}
