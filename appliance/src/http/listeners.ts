import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server as PlainServer,
  type ServerResponse,
} from 'node:http'
import type { Server, ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { budgetAddress } from './client-address.ts'
import { listen } from './listen.ts'

/** How long a client may take; tests shorten them. */
export interface ClientTimeouts {
  headersMs: number
  requestMs: number
  checkMs: number
  /** Longest silence on a connection that is under way: a reader that takes nothing is cut off too. */
  stalledMs: number
}

export interface Listener {
  /** The port that is really open; 0 before. */
  port(): number
  open(): Promise<void>
  /** Lets go of the port and of every connection at once. */
  close(): Promise<void>
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

interface Place {
  host: string
  port: number
  timeouts?: Partial<ClientTimeouts> | undefined
}

export interface ListenerOptions extends Place {
  answer: Answer
  /** Answers what could not be read as a request, and ends the socket. */
  clientError(error: Error, socket: Duplex): void
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

const DEFAULT_TIMEOUTS: ClientTimeouts = { headersMs: 10_000, requestMs: 30_000, checkMs: 5_000, stalledMs: 120_000 }
const LONGEST_HEADERS_BYTES = 16_384
const KEEP_ALIVE_MS = 65_000
const MOST_CONNECTIONS = 1_000
/** A house behind one address: ten people with six connections and several live pages each stay far below. */
const MOST_CONNECTIONS_PER_CLIENT = 200

/** SEC-C9: whoever dribbles headers or a body, or keeps silent, is cut off. */
export function clientLimits(timeouts: Partial<ClientTimeouts> = {}): ServerOptions {
  const { headersMs, requestMs, checkMs } = { ...DEFAULT_TIMEOUTS, ...timeouts }
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: LONGEST_HEADERS_BYTES,
    // Answered like any other name that is not ours.
    requireHostHeader: false,
  }
}

export const stalledMsOf = (timeouts: Partial<ClientTimeouts> = {}): number =>
  timeouts.stalledMs ?? DEFAULT_TIMEOUTS.stalledMs

/** Tells of requests that never became one, unless an answer is on its way out already: then the connection just ends. */
export function followClientErrors(
  server: Server | PlainServer,
  onError: (error: Error, socket: Duplex) => void,
): void {
  const latest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => latest.set(request.socket, response))
  server.on('clientError', (error: Error, socket: Duplex) => {
    const response = latest.get(socket)
    const isHalfWritten = response !== undefined && response.headersSent && !response.writableFinished
    if (socket.writable && !isHalfWritten) onError(error, socket)
    else socket.destroy()
  })
}

/**
 * Remembers raw sockets: `closeAllConnections` does not know those that are still in their TLS handshake. One client gets
 * only so many of them, all together too (SEC-C9): what the box needs for its cameras and files stays free.
 */
export function trackSockets(server: Server | PlainServer): () => Promise<void> {
  const open = new Set<Socket>()
  const perClient = new Map<string, number>()
  server.maxConnections = MOST_CONNECTIONS
  server.on('connection', (socket: Socket) => {
    const client = budgetAddress(socket.remoteAddress ?? '')
    const count = (perClient.get(client) ?? 0) + 1
    perClient.set(client, count)
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      const left = (perClient.get(client) ?? 1) - 1
      if (left > 0) perClient.set(client, left)
      else perClient.delete(client)
    })
    if (count > MOST_CONNECTIONS_PER_CLIENT) socket.destroy()
  })
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
}

/** A listener around a server that is made anew at each opening. */
export function createListener(start: () => Promise<{ port: number; close(): Promise<void> }>): Listener {
  let running: { port: number; close(): Promise<void> } | null = null
  return {
    port: () => running?.port ?? 0,
    async open() {
      running ??= await start()
    },
    async close() {
      const ending = running
      running = null
      await ending?.close()
    },
  }
}

/** Plain HTTP, for the trust page and the way to HTTPS, or for everything where TLS is switched off. */
export function createPlainListener(options: ListenerOptions): Listener {
  const { host, port, timeouts, answer, clientError, upgrade } = options
  return createListener(async () => {
    const server = createPlainServer(clientLimits(timeouts), answer)
    server.timeout = stalledMsOf(timeouts)
    followClientErrors(server, clientError)
    if (upgrade) server.on('upgrade', upgrade)
    const close = trackSockets(server)
    return { port: await listen(server, { what: 'trust page', port, host, variable: 'HTTP_PORT' }), close }
  })
}
