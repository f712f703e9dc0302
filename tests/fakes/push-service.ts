import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import type { PushMessage } from '../../appliance/src/api/alerts.ts'
import { makeTestCertificates } from './certificates.ts'
import {
  decryptPush,
  newSubscriptionSecrets,
  readVapid,
  type SubscriptionSecrets,
  type VapidClaims,
} from './push-crypto.ts'

export interface PushSubscriptionJson {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

/** One request as it arrived. */
export interface ReceivedPush {
  subscriptionId: string
  /** performance.now() when the last byte was there. */
  atMs: number
  ttlS: number
  urgency: string
  topic: string
  vapid: VapidClaims | null
  body: Buffer
  status: number
}

export interface PushAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
  delayMs?: number
}

export interface PushService {
  readonly origin: string
  /** PEM file of its root, for LARES_PUSH_CA. */
  readonly rootFile: string
  readonly rootPem: string
  readonly server: Server
  readonly received: ReceivedPush[]
  /** Called for every request; 201 when it returns nothing. */
  answer: (push: ReceivedPush) => PushAnswer | undefined
  /** A browser's subscription; its messages can be read with `read`. */
  subscribe(): PushSubscriptionJson & { id: string }
  /** Decrypts what came for a subscription made by `subscribe`. */
  read(push: ReceivedPush): PushMessage
  /** Somebody else's subscriptions (real browsers): who gets the body of a request for `id`; null takes it back. */
  deliverTo(id: string, take: ((push: ReceivedPush) => void) | null): void
  waitFor(count: number, limitMs?: number): Promise<readonly ReceivedPush[]>
  connections(): number
  stop(): Promise<void>
}

const DEFAULT_LIMIT_MS = 10_000

/** A push service on loopback: HTTPS with its own root, strict about headers and signatures, open about all it saw. */
export async function startPushService(port = 0): Promise<PushService> {
  const certificates = makeTestCertificates()
  const secrets = new Map<string, SubscriptionSecrets>()
  const takers = new Map<string, (push: ReceivedPush) => void>()
  const gone = new Set<string>()
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  let accepted = 0

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const push = await readPush(request)
    const isKnown = secrets.has(push.subscriptionId) || takers.has(push.subscriptionId)
    const wrong = gone.has(push.subscriptionId) ? { status: 410 } : whatIsWrong(request, push, service.origin, isKnown)
    const answer = wrong ?? service.answer(push) ?? { status: 201 }
    push.status = answer.status
    service.received.push(push)
    for (const check of waiting) check()
    if (answer.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.delayMs))
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
    if (answer.status < 300) takers.get(push.subscriptionId)?.(push)
  }

  const server = createServer({ key: certificates.keyPem, cert: certificates.certPem }, (request, response) => {
    take(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket: Socket) => {
    accepted += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  const service: PushService = {
    origin: `https://localhost:${(server.address() as { port: number }).port}`,
    rootFile: certificates.rootFile,
    rootPem: certificates.rootPem,
    server,
    received: [],
    answer: () => undefined,
    subscribe() {
      const id = randomUUID()
      const { ecdh, auth } = newSubscriptionSecrets()
      secrets.set(id, { ecdh, auth })
      const keys = { p256dh: ecdh.getPublicKey().toString('base64url'), auth: auth.toString('base64url') }
      return { id, endpoint: `${service.origin}/wpush/v2/${id}`, keys }
    },
    read(push) {
      const own = secrets.get(push.subscriptionId)
      if (!own) throw new Error(`No subscription ${push.subscriptionId}`)
      return JSON.parse(decryptPush(push.body, own)) as PushMessage
    },
    deliverTo(id, taker) {
      if (taker) takers.set(id, taker)
      else if (takers.delete(id)) gone.add(id)
    },
    connections: () => accepted,
    waitFor: (count, limitMs = DEFAULT_LIMIT_MS) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => end(() => reject(new Error(`${service.received.length} of ${count} pushes came within ${limitMs} ms`))),
          limitMs,
        )
        const end = (settle: () => void): void => {
          clearTimeout(timer)
          waiting.delete(check)
          settle()
        }
        const check = (): void => {
          if (service.received.length >= count) end(() => resolve(service.received))
        }
        waiting.add(check)
        check()
      }),
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      certificates.remove()
    },
  }
  return service
}

async function readPush(request: IncomingMessage): Promise<ReceivedPush> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { headers, url = '' } = request
  return {
    subscriptionId: url.split('/').at(-1) ?? '',
    atMs: performance.now(),
    ttlS: Number(headers.ttl ?? Number.NaN),
    urgency: String(headers.urgency ?? ''),
    topic: String(headers.topic ?? ''),
    vapid: readVapidOnce(headers.authorization),
    body: Buffer.concat(chunks),
    status: 0,
  }
}

const knownVapid = new Map<string | undefined, VapidClaims | null>()

/** Real services remember a signature that they have checked, too. */
function readVapidOnce(header: string | undefined): VapidClaims | null {
  if (!knownVapid.has(header)) knownVapid.set(header, readVapid(header))
  return knownVapid.get(header) ?? null
}

const MAX_BODY_BYTES = 4096
const MAX_TOKEN_AGE_S = 24 * 60 * 60

/** What a real service refuses, null when all is as RFC 8030, 8188, 8291 and 8292 want it. */
function whatIsWrong(
  request: IncomingMessage,
  push: ReceivedPush,
  origin: string,
  isKnown: boolean,
): PushAnswer | null {
  if (request.method !== 'POST') return { status: 405 }
  if (!isKnown) return { status: 404 }
  const { vapid } = push
  const nowS = Date.now() / 1000
  if (vapid === null || vapid.audience !== origin) return { status: 401 }
  if (vapid.expiresAtS <= nowS || vapid.expiresAtS > nowS + MAX_TOKEN_AGE_S)
    return { status: 403, body: '{"reason":"ExpiredJwtToken"}' }
  if (!/^(mailto:|https:)/.test(vapid.subject)) return { status: 403, body: '{"reason":"BadJwtToken"}' }
  if (!Number.isInteger(push.ttlS) || push.ttlS < 0) return { status: 400 }
  if (!/^[\w-]{0,32}$/.test(push.topic)) return { status: 400 }
  if (request.headers['content-encoding'] !== 'aes128gcm') return { status: 415 }
  return push.body.length > MAX_BODY_BYTES ? { status: 413 } : null
}
