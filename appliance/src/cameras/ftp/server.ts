import { createServer, type Socket } from 'node:net'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import { plainAddress } from './data-connection.ts'
import { serveSession } from './session.ts'
import type { FtpServices } from './types.ts'

export interface FtpServer {
  readonly port: number
  stop(): Promise<void>
}

/** Listens until stopped. Throws `unavailable` in words when the port cannot be had. */
export async function startFtpServer(services: FtpServices, at: { host: string; port: number }): Promise<FtpServer> {
  const stopping = new AbortController()
  const sessions = new Set<Promise<void>>()
  const perAddress = new Map<string, number>()
  let connections = 0

  function admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress)
    const { mostConnections, mostPerAddress } = services.limits()
    const own = perAddress.get(address) ?? 0
    if (connections >= mostConnections || own >= mostPerAddress) {
      socket.on('error', () => socket.destroy())
      socket.end('421 Too many connections. Try again later.\r\n')
      return void socket.once('finish', () => socket.destroy())
    }
    connections++
    perAddress.set(address, own + 1)
    const session = serveSession(socket, services, stopping.signal).finally(() => {
      connections--
      sessions.delete(session)
      const left = (perAddress.get(address) ?? 1) - 1
      if (left > 0) perAddress.set(address, left)
      else perAddress.delete(address)
    })
    sessions.add(session)
  }

  const server = createServer({ keepAlive: true }, admit)
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', (error) => reject(portError(at.port, error)))
    server.listen({ host: at.host, port: at.port }, () => {
      server.removeAllListeners('error')
      server.on('error', (error) => services.log.error({ err: error.message }, 'The FTP server has a problem'))
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : at.port)
    })
  })
  return {
    port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      stopping.abort()
      await Promise.all(sessions)
      await closed
    },
  }
}

function portError(port: number, cause: Error): LaresError {
  const code = systemCodeOf(cause)
  const why =
    code === 'EADDRINUSE'
      ? 'is taken by another program'
      : code === 'EACCES'
        ? 'may not be used without more rights (ports below 1024 need them)'
        : 'cannot be opened'
  const words = `Port ${String(port)} for FTP ${why}. Choose another in the settings (ftp.port).`
  return new LaresError('unavailable', words, { code: 'PORT_TAKEN', cause })
}
