import { constants, type X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { listen } from './listen.ts'
import {
  clientLimits,
  createListener,
  followClientErrors,
  stalledMsOf,
  trackSockets,
  type Listener,
  type ListenerOptions,
} from './listeners.ts'

/** PEM. */
export interface Certificate {
  /** Leaf first, then its chain. */
  certPem: string
  keyPem: string
}

export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const
export type TlsVersion = (typeof TLS_VERSIONS)[number]

/** How the one HTTPS server presents itself; made by tls/. All of it may change while the server runs. */
export interface SecureDoor {
  /** For whoever names nobody, an address, or a name at home. */
  fallback(): Certificate
  /** For a public name; null: the fallback. */
  forName(name: string): Certificate | null
  minVersion(): TlsVersion
  /** PEM of whose client certificates count; null: nobody is asked for one (SEC-B5). */
  clientAuthorities(): readonly string[] | null
  /** Whether a client with this certificate, which one of the authorities signed, may come in. */
  admit(certificate: X509Certificate): boolean
  onChange(listener: () => void): () => void
}

export interface SecureListenerOptions extends ListenerOptions {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  door: SecureDoor
  log: Log
}

const HANDSHAKE_MS = 10_000

/** Forward secrecy and authenticated encryption only; every phone and browser of the last ten years has one of them. */
const CIPHERS = [
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ...['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
].join(':')

const OPTIONS =
  // A phone without AES in its processor gets what is quick there.
  constants.SSL_OP_PRIORITIZE_CHACHA |
  constants.SSL_OP_CIPHER_SERVER_PREFERENCE |
  // Nobody of ours renegotiates, and whoever does only wants to keep the box busy.
  constants.SSL_OP_NO_RENEGOTIATION

function contextOptions({ certPem, keyPem }: Certificate, door: SecureDoor): SecureContextOptions {
  const authorities = door.clientAuthorities()
  return {
    ...{ cert: certPem, key: keyPem, minVersion: door.minVersion(), ciphers: CIPHERS, secureOptions: OPTIONS },
    ...(authorities && { ca: [...authorities] }),
  }
}

/** Contexts by name, each made once for as long as the door stays as it is. */
function createContexts(door: SecureDoor): { forName(name: string): SecureContext | null; forget(): void } {
  let made = new Map<Certificate, SecureContext>()
  return {
    forName(name) {
      const certificate = door.forName(name.toLowerCase())
      if (certificate === null) return null
      const context = made.get(certificate) ?? createSecureContext(contextOptions(certificate, door))
      made.set(certificate, context)
      return context
    },
    forget() {
      made = new Map()
    },
  }
}

/** Asked for at each new connection by Node, though its types do not say so; the one way to change it while listening. */
function askForCertificates(server: Server, required: boolean): void {
  Object.assign(server, { requestCert: required, rejectUnauthorized: required })
}

/** Whether whoever is at the other end may be there. A resumed connection brings the certificate of its first one. */
function isAdmitted(socket: TLSSocket, door: SecureDoor): boolean {
  if (door.clientAuthorities() === null) return true
  const certificate = socket.getPeerX509Certificate()
  return socket.authorized && certificate !== undefined && door.admit(certificate)
}

/** Ends connections of those who may not be there, at once, and again whenever the door changes (SEC-B5). */
function guardConnections(server: Server, door: SecureDoor, log: Log): () => void {
  const open = new Set<TLSSocket>()
  // First of all: nothing that such a client sends is even read.
  server.prependListener('secureConnection', (socket) => {
    if (!isAdmitted(socket, door)) {
      log.info({ address: socket.remoteAddress }, 'A client certificate was refused')
      return void socket.destroy()
    }
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) if (!isAdmitted(socket, door)) socket.destroy()
  }
}

/** HTTPS. Certificates, versions and who may come in change while it runs; open connections stay (SEC-B1, SEC-B4). */
export function createSecureListener(options: SecureListenerOptions): Listener {
  const { door, log, answer, upgrade, host, port } = options
  return createListener(async () => {
    const contexts = createContexts(door)
    const server = createServer(
      {
        ...clientLimits(options.timeouts),
        ...contextOptions(door.fallback(), door),
        handshakeTimeout: HANDSHAKE_MS,
        SNICallback(name, done) {
          try {
            done(null, contexts.forName(name) ?? undefined)
          } catch (error) {
            log.error({ name, err: messageOf(error) }, 'A certificate cannot be served; the private one is')
            done(null)
          }
        },
      },
      answer,
    )
    askForCertificates(server, door.clientAuthorities() !== null)
    server.timeout = stalledMsOf(options.timeouts)
    server.on('upgrade', upgrade)
    // An expectation that nobody has is no reason not to answer.
    server.on('checkExpectation', answer)
    followClientErrors(server, options.clientError)
    // A phone that does not trust the root yet breaks off here, every time.
    server.on('tlsClientError', (error) => log.debug({ err: error.message }, 'A TLS connection was broken off'))
    const recheck = guardConnections(server, door, log)
    const closeSockets = trackSockets(server)
    const opened = await listen(server, { what: 'app', port, host, variable: 'HTTPS_PORT' })
    const stopWatching = door.onChange(() => {
      try {
        server.setSecureContext(contextOptions(door.fallback(), door))
        contexts.forget()
        askForCertificates(server, door.clientAuthorities() !== null)
        recheck()
      } catch (error) {
        log.error({ err: messageOf(error) }, 'The new certificate cannot be served; the old one still is')
      }
    })
    return {
      port: opened,
      async close() {
        stopWatching()
        await closeSockets()
      },
    }
  })
}
