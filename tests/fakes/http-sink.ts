import { createServer, type IncomingHttpHeaders } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { makeTestCertificates } from './certificates.ts'

export interface SunkRequest {
  method: string
  url: URL
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface HttpSink {
  /** Without a path. */
  readonly origin: string
  readonly rootPem: string
  readonly received: SunkRequest[]
  answer: (request: SunkRequest) => { status: number; headers?: Record<string, string> } | undefined
  stop(): Promise<void>
}

/** A server on loopback that keeps what it is sent. */
export async function startHttpSink({ plain = false } = {}): Promise<HttpSink> {
  const certificates = makeTestCertificates()
  const sockets = new Set<Socket>()
  const sink: HttpSink = {
    ...{ origin: '', rootPem: certificates.rootPem, received: [], answer: () => undefined },
    stop: async () => undefined,
  }
  const server = plain ? createServer() : createTlsServer({ key: certificates.keyPem, cert: certificates.certPem })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('request', (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', sink.origin)
      const got = { method: request.method ?? '', url, headers: request.headers, body: Buffer.concat(chunks) }
      const { status, headers } = sink.answer(got) ?? { status: 200 }
      sink.received.push(got)
      response.writeHead(status, headers).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return Object.assign(sink, {
    origin: `${plain ? 'http' : 'https'}://localhost:${port}`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      certificates.remove()
    },
  })
}
