import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { sleep, type Clock } from '../../core/clock.ts'
import { equalSecrets } from '../../core/crypto.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { isCountry, wifiProblem } from '../wifi/index.ts'
import { busyPage, choosePage, tryingPage, type ChosenBefore } from './captive-page.ts'
import { STYLE_HASH } from './captive-style.ts'
import type { PageState, Request } from './types.ts'

export interface CaptiveServerOptions {
  clock: Clock
  log: Log
  /** The only host that is answered with the page; every other one is led to it. */
  ownHost: string
  /** As the access point is called. */
  boxName: string
}

/** The page of the access point: which Wi-Fi to join, and nothing else of the product. */
export interface CaptiveServer {
  open(page: PageState, listen: { host: string; port: number }): Promise<void>
  close(): Promise<void>
  wasUsed(ms: number): boolean
  /** The next thing that somebody asked for; null after `ms` without anything. */
  nextRequest(ms: number, signal: AbortSignal): Promise<Request | null>
}

const MOST_BODY_BYTES = 4_096
const MOST_CONNECTIONS = 32
const TIMEOUT_MS = 10_000

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src '${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const

interface Answer {
  status: number
  body: string
  /** Where the phone is led. */
  location?: string
}

export function createCaptiveServer({ clock, log, ownHost, boxName }: CaptiveServerOptions): CaptiveServer {
  /** In every form: another page that the phone has open cannot send one. */
  const token = randomBytes(18).toString('base64url')
  let page: PageState = { networks: [], lastFailure: null, country: null }
  let request: Request | null = null
  let wake: () => void = () => undefined
  let usedAt = -Infinity

  const server = createServer({ requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS }, (incoming, response) => {
    answer(incoming)
      .catch((error: unknown) => {
        log.debug({ err: messageOf(error) }, 'The page of the access point could not answer')
        return { status: 400, body: '' }
      })
      .then((reply) => send(response, reply))
      .catch((error: unknown) => log.debug({ err: messageOf(error) }, 'The phone went away'))
  })
  server.maxConnections = MOST_CONNECTIONS

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const path = (incoming.url ?? '/').split('?', 1)[0]
    // Phones ask a known address whether they are in the internet. Any answer but their own makes them show this page.
    if (hostOf(incoming) !== ownHost) return { status: 302, body: '', location: `http://${ownHost}/` }
    usedAt = clock.monotonic()
    const isForm = incoming.method === 'POST'
    if (isForm && path === '/join') return join(await readForm(incoming), incoming)
    if (isForm && path === '/scan') return scan(await readForm(incoming))
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return { status: 405, body: '' }
    if (path !== '/') return { status: 302, body: '', location: `http://${ownHost}/` }
    if (request) return { status: 200, body: busyPage() }
    return { status: 200, body: choose(incoming, null, null) }
  }

  function choose(incoming: IncomingMessage, problem: string | null, chosen: ChosenBefore | null): string {
    const spoken = /[a-z]{2}-([A-Z]{2})/.exec(String(incoming.headers['accept-language'] ?? ''))?.[1] ?? null
    return choosePage({ page, token, problem, chosen, country: page.country ?? spoken })
  }

  function join(form: URLSearchParams, incoming: IncomingMessage): Answer {
    if (!isOurs(form)) return { status: 403, body: choose(incoming, 'Please send the form once more.', null) }
    if (request) return { status: 200, body: busyPage() }
    const picked = form.get('network') ?? ''
    const isOther = picked === 'other' || picked === ''
    const ssid = isOther ? (form.get('name') ?? '').trim() : picked.replace(/^ssid:/, '')
    const given = form.get('password') ?? ''
    const country = form.get('country') ?? ''
    const problem = problemOf({ ssid, given, country, isOther }, page)
    if (problem !== null)
      return { status: 422, body: choose(incoming, problem, { ssid, isOther, country: isCountry(country) ? country : null }) }
    const wanted = { ssid, password: given === '' ? null : given, hidden: isOther }
    take({ kind: 'join', wanted, country })
    return { status: 200, body: tryingPage(ssid, boxName) }
  }

  function scan(form: URLSearchParams): Answer {
    if (!isOurs(form)) return { status: 403, body: '' }
    if (!request) take({ kind: 'scan' })
    return { status: 200, body: busyPage() }
  }

  const isOurs = (form: URLSearchParams): boolean => equalSecrets(form.get('token') ?? '', token)

  function take(next: Request): void {
    request = next
    wake()
  }

  return {
    async open(state, { host, port }) {
      page = state
      request = null
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve()
        })
      })
    },
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    wasUsed: (ms) => clock.monotonic() - usedAt < ms,
    async nextRequest(ms, signal) {
      if (!request) {
        const waiting = new AbortController()
        wake = () => waiting.abort()
        await sleep(clock, ms, AbortSignal.any([signal, waiting.signal]))
      }
      return request
    },
  }
}

function problemOf(
  { ssid, given, country, isOther }: { ssid: string; given: string; country: string; isOther: boolean },
  { networks }: PageState,
): string | null {
  if (ssid === '') return 'Please pick your Wi-Fi from the list, or type its name.'
  if (!isCountry(country)) return 'Please say which country the box is in. It decides which channels it may use.'
  const problem = wifiProblem({ ssid, password: given === '' ? null : given })
  if (problem !== null) return problem
  const heard = isOther ? undefined : networks.find((network) => network.ssid === ssid)
  return heard?.security === 'password' && given === '' ? 'This Wi-Fi asks for its password.' : null
}

const hostOf = ({ headers }: IncomingMessage): string => (headers.host ?? '').replace(/:\d+$/, '').toLowerCase()

async function readForm(incoming: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of incoming) {
    text += String(chunk)
    if (text.length > MOST_BODY_BYTES) throw new LaresError('too-large', 'The form is too large.')
  }
  return new URLSearchParams(text)
}

function send(response: ServerResponse, { status, body, location }: Answer): void {
  response.writeHead(status, { ...HEADERS, ...(location && { Location: location }), Connection: 'close' })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
