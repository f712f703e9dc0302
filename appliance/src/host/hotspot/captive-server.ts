import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { sleep, type Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { answerPhone, type Answer, type CaptiveState } from './captive-answers.ts'
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

export function createCaptiveServer({ clock, log, ownHost, boxName }: CaptiveServerOptions): CaptiveServer {
  const token = randomBytes(18).toString('base64url')
  let page: PageState = { networks: [], lastFailure: null, country: null }
  let request: Request | null = null
  let wake: () => void = () => undefined
  let usedAt = -Infinity

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const state: CaptiveState = { page, isBusy: request !== null, token, ownHost, boxName }
    const reply = answerPhone(await readAsked(incoming), state)
    if (reply.location === undefined) usedAt = clock.monotonic()
    if (reply.request && !request) {
      request = reply.request
      wake()
    }
    return reply
  }

  const server = createServer({ requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS }, (incoming, response) => {
    answer(incoming)
      .catch((error: unknown): Answer => {
        log.debug({ err: messageOf(error) }, 'The page of the access point could not answer')
        return { status: 400, body: '' }
      })
      .then((reply) => send(response, reply))
      .catch((error: unknown) => log.debug({ err: messageOf(error) }, 'The phone went away'))
  })
  server.maxConnections = MOST_CONNECTIONS

  return {
    open(state, listen) {
      page = state
      request = null
      return listenOn(server, listen)
    },
    close: () => closeServer(server),
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

function listenOn(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve()
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function readAsked(incoming: IncomingMessage): Promise<Parameters<typeof answerPhone>[0]> {
  const { headers, method = 'GET', url = '/' } = incoming
  return {
    method,
    path: url.split('?', 1)[0] ?? '/',
    host: (headers.host ?? '').replace(/:\d+$/, '').toLowerCase(),
    language: String(headers['accept-language'] ?? ''),
    form: method === 'POST' ? await readForm(incoming) : null,
  }
}

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
