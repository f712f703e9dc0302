import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export type RemoteBehaviour =
  | 'good'
  | 'error-500'
  | 'redirect'
  | 'huge'
  | 'slow-drip'
  | 'silent'
  | 'not-json'
  | 'nan'
  | 'out-of-range'
  | 'wrong-labels'
  | 'too-many-boxes'
  | 'wants-key'

export interface RemoteDetector {
  url: string
  set(behaviour: RemoteBehaviour): void
  asked: { path: string; headers: IncomingMessage['headers']; body: Buffer }[]
  connections(): number
  close(): Promise<void>
}

export interface RemoteOptions {
  dialect: 'lares' | 'deepstack'
  tls?: { key: string; cert: string }
  /** Of our own protocol: what it says it takes besides JPEG. */
  accepts?: string[]
  /** Size of the pictures that the test sends, for answers in pixels. */
  size?: { width: number; height: number }
}

const PERSON = { left: 0.4, top: 0.4, right: 0.5, bottom: 0.7 }

/** A detector on "another machine" that sees one person, in either protocol, and misbehaves as asked. */
export async function startRemoteDetector(options: RemoteOptions): Promise<RemoteDetector> {
  const { dialect, tls, accepts, size = { width: 64, height: 48 } } = options
  let behaviour: RemoteBehaviour = 'good'
  let connections = 0
  const asked: RemoteDetector['asked'] = []

  function answer(request: IncomingMessage, reply: ServerResponse, body: Buffer): void {
    const path = request.url ?? ''
    asked.push({ path, headers: request.headers, body })
    if (dialect === 'lares' && path === '/v1/detector') return introduce(reply)
    const expected = dialect === 'lares' ? /^\/v1\/detector\/look\?/ : /^\/v1\/vision\/detection$/
    if (!expected.test(path)) return void reply.writeHead(404).end()
    if (behaviour === 'error-500') return void reply.writeHead(500).end('boom')
    if (behaviour === 'redirect') return void reply.writeHead(307, { location: 'http://127.0.0.1:9/' }).end()
    if (behaviour === 'silent') return
    if (behaviour === 'wants-key' && request.headers.authorization !== 'Bearer sesame')
      return void reply.writeHead(401).end()
    if (behaviour === 'huge') return void reply.end('x'.repeat(4_000_000))
    if (behaviour === 'slow-drip') return drip(reply)
    reply.end(behaviour === 'not-json' ? '<html>' : JSON.stringify(seen()).replace('"NaN"', 'NaN'))
  }

  function introduce(reply: ServerResponse): void {
    const about = { protocol: 'lares-detector', version: 1, name: 'fake', model: 'fake-model', atOnce: 2, accepts }
    reply.end(JSON.stringify(about))
  }

  function drip(reply: ServerResponse): void {
    reply.writeHead(200)
    const timer = setInterval(() => reply.write(' '), 100)
    reply.on('close', () => clearInterval(timer))
  }

  function seen(): object {
    const box = { ...PERSON, ...(behaviour === 'out-of-range' && { right: 5_000 }) }
    const score = behaviour === 'nan' ? 'NaN' : 0.9
    const label = behaviour === 'wrong-labels' ? '__proto__' : 'person'
    const count = behaviour === 'too-many-boxes' ? 600 : 1
    if (dialect === 'lares')
      return { inferenceMs: 3, detections: Array.from({ length: count }, () => ({ class: label, score, ...box })) }
    const pixels = { x_min: box.left * size.width, x_max: box.right * size.width }
    const rows = { y_min: box.top * size.height, y_max: box.bottom * size.height }
    const one = { label, confidence: score, ...pixels, ...rows }
    return { success: true, inferenceMs: 3, predictions: Array.from({ length: count }, () => one) }
  }

  const onRequest = (request: IncomingMessage, reply: ServerResponse): void => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => answer(request, reply, Buffer.concat(pieces)))
  }
  const server = tls ? createSecureServer(tls, onRequest) : createServer(onRequest)
  server.on(tls ? 'secureConnection' : 'connection', () => void connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    set: (next) => void (behaviour = next),
    asked,
    connections: () => connections,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
