import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket, createSecureContext } from 'node:tls'
import { makeTestCertificates } from './certificates.ts'

export interface ReceivedMail {
  from: string
  to: string
  /** As it came, headers and all. */
  text: string
  encrypted: boolean
}

export interface SmtpServer {
  readonly host: 'localhost'
  readonly port: number
  readonly rootPem: string
  readonly received: ReceivedMail[]
  /** Answer to a recipient; 250 when it returns nothing. */
  answer: (to: string) => string | undefined
  stop(): Promise<void>
}

export interface SmtpOptions {
  /** TLS from the first byte; STARTTLS when left out; `none` offers no encryption at all. */
  security?: 'tls' | 'starttls' | 'none'
  login: { username: string; password: string }
}

/** A mail server on loopback that keeps what it gets: login only over TLS, one mail after the other. */
export async function startSmtpServer({ security = 'starttls', login }: SmtpOptions): Promise<SmtpServer> {
  const certificates = makeTestCertificates()
  const context = { key: certificates.keyPem, cert: certificates.certPem }
  const sockets = new Set<Socket>()
  const state: SmtpServer = {
    ...{ host: 'localhost', port: 0, rootPem: certificates.rootPem, received: [], answer: () => undefined },
    stop: async () => undefined,
  }

  function talk(socket: Socket, encrypted: boolean): void {
    const mail = { from: '', to: '' }
    let buffer = ''
    let data: string[] | null = null
    let isIn = false
    const say = (line: string): void => void socket.write(`${line}\r\n`)
    const upgrade = (): void => {
      say('220 go ahead')
      socket.removeAllListeners('data')
      talk(new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(context) }), true)
    }
    const hear = (line: string): void => {
      const [verb = '', rest = ''] = [line.slice(0, 4).toUpperCase(), line.slice(4).trim()]
      if (verb === 'EHLO') {
        say('250-localhost')
        if (!encrypted && security === 'starttls') say('250-STARTTLS')
        say(encrypted ? '250 AUTH PLAIN' : '250 SIZE 10000000')
      } else if (verb === 'STAR' && security === 'starttls') upgrade()
      else if (verb === 'AUTH') {
        const typed = Buffer.from(rest.split(' ')[1] ?? '', 'base64')
          .toString()
          .split('\0')
        isIn = encrypted && typed[1] === login.username && typed[2] === login.password
        say(isIn ? '235 welcome' : '535 5.7.8 wrong name or password')
      } else if (verb === 'QUIT') socket.end('221 bye\r\n')
      else if (!isIn) say('530 5.7.0 sign in first')
      else if (verb === 'MAIL') say(((mail.from = /<(.*)>/.exec(rest)?.[1] ?? ''), '250 ok'))
      else if (verb === 'RCPT') say(state.answer((mail.to = /<(.*)>/.exec(rest)?.[1] ?? '')) ?? '250 ok')
      else if (verb === 'DATA') say(((data = []), '354 go on'))
      else say('250 ok')
    }
    const keep = (line: string): void => {
      if (line !== '.') return void data?.push(line.startsWith('.') ? line.slice(1) : line)
      state.received.push({ ...mail, text: (data ?? []).join('\r\n'), encrypted })
      data = null
      say('250 kept')
    }
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      buffer += chunk.toString('latin1')
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + 2)
        if (data === null) hear(line)
        else keep(line)
      }
    })
  }

  const begin = (socket: Socket): void => {
    socket.write('220 localhost ready\r\n')
    talk(socket, security === 'tls')
  }
  const server = security === 'tls' ? createTlsServer(context, begin) : createServer(begin)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(state, {
    port: (server.address() as { port: number }).port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      certificates.remove()
    },
  })
}
