import { createServer, isIPv4, type Server, type Socket } from 'node:net'
import { TLSSocket, type SecureContext } from 'node:tls'
import type { Clock } from '../../core/clock.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'

/** How long a promised data connection may take to come. */
const ACCEPT_MS = 20_000
const HANDSHAKE_MS = 10_000

/** IPv4 inside IPv6 is what it is. */
export const plainAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:(?=\d)/i, '')

export interface DataConnectionDeps {
  clock: Clock
  /** Of the box, as the client reached it: the data connection is offered there and nowhere else. */
  localAddress: string
  /** Whoever else connects is sent away: a data connection cannot be stolen. */
  clientAddress: string
  from: number
  to: number
}

/** A port that waits for one connection of one client. */
export interface DataConnection {
  readonly port: number
  /** The connection, with TLS when a context is given. Throws `timeout`. Once only. */
  socket(secureContext: SecureContext | null): Promise<Socket>
  close(): void
}

/** Throws `unavailable` when no port of the range is free. */
export async function offerDataConnection(deps: DataConnectionDeps): Promise<DataConnection> {
  const { clock, clientAddress } = deps
  let closed = false
  let waiting: Socket | null = null
  let arrived = (_socket: Socket): void => undefined
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    if (closed || waiting || plainAddress(socket.remoteAddress) !== clientAddress) return void socket.destroy()
    waiting = socket
    server.close()
    arrived(socket)
  })
  const port = await listenInRange(server, deps)
  const close = (): void => {
    closed = true
    server.close()
    waiting?.destroy()
  }
  return {
    port,
    close,
    async socket(secureContext) {
      const plain = await new Promise<Socket>((resolve, reject) => {
        if (waiting) return resolve(waiting)
        const cancel = clock.after(ACCEPT_MS, () => {
          close()
          reject(new LaresError('timeout', 'No data connection came.'))
        })
        server.once('close', () => {
          if (!waiting) reject(new LaresError('unavailable', 'The data connection was given up.'))
        })
        arrived = (socket) => {
          cancel()
          resolve(socket)
        }
      })
      if (!secureContext) return plain
      const secured = await secureServerSide(plain, secureContext, clock)
      waiting = secured
      return secured
    },
  }
}

/** TLS on a connection that began without. Rejects when the handshake fails or takes too long. */
export function secureServerSide(socket: Socket, secureContext: SecureContext, clock: Clock): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext, requestCert: false })
    const fail = (cause?: Error): void => {
      cancel()
      secured.destroy()
      reject(new LaresError('unavailable', 'The TLS handshake failed.', { cause }))
    }
    const cancel = clock.after(HANDSHAKE_MS, () => fail())
    secured.once('error', fail)
    secured.once('close', () => fail())
    // Node calls it "secure" on a socket that was wrapped by hand.
    secured.once('secure', () => {
      cancel()
      secured.removeListener('error', fail)
      secured.on('error', () => secured.destroy())
      // A turn later: ended within this one, the connection would close without its last word (TLS 1.3).
      clock.after(0, () => resolve(secured))
    })
  })
}

/** Begins somewhere in the range, so that a port that was just used rests. */
async function listenInRange(server: Server, { localAddress, from, to }: DataConnectionDeps): Promise<number> {
  const count = to - from + 1
  const begin = Math.floor(Math.random() * count)
  for (let step = 0; step < count; step++) {
    const port = from + ((begin + step) % count)
    if (await tryListen(server, port, localAddress)) return port
  }
  throw new LaresError('unavailable', 'All ports for data connections are taken.')
}

function tryListen(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      if (systemCodeOf(error) === 'EADDRINUSE' || systemCodeOf(error) === 'EACCES') resolve(false)
      else reject(error)
    }
    server.once('error', onError)
    server.listen({ port, host }, () => {
      server.off('error', onError)
      resolve(true)
    })
  })
}

/** `h1,h2,h3,h4,p1,p2` as PASV answers; null when the address is not IPv4 (EPSV then). */
export function pasvNumbers(address: string, port: number): string | null {
  if (!isIPv4(address)) return null
  return [...address.split('.'), port >> 8, port & 0xff].join(',')
}
