// A small real RTSP camera for tests, benches and the demo: TCP interleaved, UDP and TLS, optional Digest sign-in, several
// clients, a smaller stream.
// The file plays in a loop in real time; its clock stands at picture 0 until the first client plays.
import { createHash, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { AUDIO_ONLY, describe, readH264, rtpPacket, toPayloads, type H264Clip } from './h264.ts'

export interface RtspServerOptions {
  /** H.264 without B-frames, GOP of at most 1 s. */
  file: string
  /** Of loopback; 127.0.0.1 when left out. */
  host?: string
  /** 0 picks a free one. */
  port?: number
  username?: string
  password?: string
  /** Answers DESCRIBE with sound only. */
  wrongMedia?: boolean
  /** Stops after the last picture with a TEARDOWN-like close instead of playing again. */
  once?: boolean
  /** A smaller stream, at `/stream2`; can be given and taken. */
  subFile?: string
  /** Speaks rtsps://. */
  tls?: { keyPem: string; certPem: string }
}

/** One picture that has just left for all playing clients. */
export interface SentPicture {
  /** Position within the file, from 0. */
  index: number
  /** Seconds within the file. */
  atS: number
  /** Counts over all loops, from 0. */
  total: number
  /** `performance.now()` when its last byte was handed to the sockets. */
  sentAtMs: number
}

export interface RtspServer {
  /** Without credentials. */
  readonly url: string
  readonly port: number
  readonly framesPerSecond: number
  /** Clients that are playing now. */
  playing(): number
  /** How many times a client was refused for its password. */
  refused(): number
  /** Called after each picture. The returned function stops it. */
  onSent(listener: (picture: SentPicture) => void): () => void
  /** Sends nothing more; connections stay. */
  pause(): void
  resume(): void
  /** The smaller stream: clients that play it, whether it is there, and sending nothing while they stay. */
  readonly sub: { playing(): number; setThere(there: boolean): void; pause(paused: boolean): void }
  /** Cuts all connections; new ones are welcome. */
  drop(): void
  setPassword(password: string): void
  stop(): Promise<void>
}

interface Client {
  socket: Socket
  session: string
  /** Interleaved channel, or the UDP port of the client. */
  channel: number | null
  udpPort: number | null
  playing: boolean
  /** Pictures before the first key picture are useless to a client. */
  synced: boolean
}

interface Request {
  method: string
  url: string
  headers: Map<string, string>
}

const REALM = 'Fake camera'
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const { host = '127.0.0.1' } = options
  const clip = await readH264(options.file)
  const clients = new Set<Client>()
  const subClients = new Set<Client>()
  const listeners = new Set<(picture: SentPicture) => void>()
  const udp = createSocket('udp4')
  await new Promise<void>((resolve) => udp.bind(0, host, resolve))
  const state = { paused: false, password: options.password, refused: 0 }
  const sender = createSender(clip, clients, udp, listeners, state, options.once ?? false)
  const subClip = options.subFile === undefined ? null : await readH264(options.subFile)
  const subState = { paused: false, isThere: subClip !== null }
  const subSender = subClip && createSender(subClip, subClients, udp, new Set(), subState, false)
  const isSub = (url: string): boolean => /\/stream2/.test(url) && subClip !== null

  const welcome = (socket: Socket): void => {
    const client = newClient(socket)
    clients.add(client)
    const leave = (): void => {
      clients.delete(client)
      subClients.delete(client)
      sender.restIfAlone()
      subSender?.restIfAlone()
    }
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', leave)
    readRequests(socket, (request) => answer(request, client))
  }
  const { tls } = options
  const server = tls ? createTlsServer({ key: tls.keyPem, cert: tls.certPem }, welcome) : createServer(welcome)
  server.on('tlsClientError', () => undefined)

  function answer(request: Request, client: Client): void {
    const { socket } = client
    const cseq = request.headers.get('cseq') ?? '0'
    const reply = (status: string, headers: string[] = [], body = ''): void => {
      const lines = [`RTSP/1.0 ${status}`, `CSeq: ${cseq}`, ...headers]
      if (body !== '') lines.push('Content-Type: application/sdp', `Content-Length: ${Buffer.byteLength(body)}`)
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
    }
    if (request.method === 'OPTIONS')
      return reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER'])
    if (!isAllowed(request, options.username, state.password)) {
      state.refused++
      return reply('401 Unauthorized', [
        `WWW-Authenticate: Digest realm="${REALM}", nonce="${randomBytes(8).toString('hex')}", algorithm="MD5"`,
      ])
    }
    if (isSub(request.url) && !subState.isThere) return void socket.destroy()
    if (!new URL(request.url.replace(/^rtsps?:/, 'http:')).pathname.startsWith('/stream')) return reply('404 Not Found')
    respond(request, client, reply)
  }

  function respond(
    request: Request,
    client: Client,
    reply: (status: string, headers?: string[], body?: string) => void,
  ): void {
    const session = `Session: ${client.session};timeout=60`
    switch (request.method) {
      case 'DESCRIBE':
        return reply(
          '200 OK',
          [`Content-Base: ${request.url}/`],
          options.wrongMedia ? AUDIO_ONLY : describe(isSub(request.url) && subClip ? subClip : clip),
        )
      case 'SETUP': {
        const agreed = setUp(client, request.headers.get('transport') ?? '', udp.address().port)
        return agreed === null ? reply('461 Unsupported Transport') : reply('200 OK', [agreed, session])
      }
      case 'PLAY':
        reply('200 OK', [session, 'Range: npt=0.000-'])
        client.playing = true
        if (!isSub(request.url) || !subSender) return sender.wake()
        clients.delete(client)
        subClients.add(client)
        return subSender.wake()
      case 'TEARDOWN':
        reply('200 OK', [session])
        client.socket.end()
        return
      default:
        return reply('200 OK', [session])
    }
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, host, resolve))
  const port = (server.address() as { port: number }).port
  return {
    url: `${tls ? 'rtsps' : 'rtsp'}://${host}:${port}/stream`,
    port,
    framesPerSecond: clip.framesPerSecond,
    playing: () => [...clients].filter((client) => client.playing).length,
    refused: () => state.refused,
    onSent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pause: () => void (state.paused = true),
    resume: () => void (state.paused = false),
    drop: () => [...clients, ...subClients].forEach((client) => client.socket.destroy()),
    sub: {
      playing: () => [...subClients].filter((client) => client.playing).length,
      setThere(there) {
        subState.isThere = there
        if (!there) subClients.forEach((client) => client.socket.destroy())
      },
      pause: (paused) => void (subState.paused = paused),
    },
    setPassword: (password) => void (state.password = password),
    async stop() {
      sender.end()
      subSender?.end()
      for (const client of [...clients, ...subClients]) client.socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      await new Promise<void>((resolve) => udp.close(() => resolve()))
    },
  }
}

function newClient(socket: Socket): Client {
  const session = randomBytes(4).toString('hex')
  return { socket, session, channel: null, udpPort: null, playing: false, synced: false }
}

/** How pictures go to this client from now on, as the header that says so; null when it wants what is not offered. */
function setUp(client: Client, wanted: string, serverPort: number): string | null {
  const interleaved = /interleaved=(\d+)/.exec(wanted)?.[1]
  const ports = /client_port=(\d+)/.exec(wanted)?.[1]
  if (interleaved !== undefined) client.channel = Number(interleaved)
  else if (ports !== undefined) client.udpPort = Number(ports)
  else return null
  const more = ports === undefined ? '' : `;server_port=${serverPort}-${serverPort + 1}`
  return `Transport: ${wanted}${more}`
}

function isAllowed({ method, headers }: Request, username = '', password: string | undefined): boolean {
  if (password === undefined) return true
  const header = headers.get('authorization') ?? ''
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? ''
  if (field('username') !== username) return false
  const secret = md5(`${username}:${REALM}:${password}`)
  return field('response') === md5(`${secret}:${field('nonce')}:${md5(`${method}:${field('uri')}`)}`)
}

/** Splits what a client sends into requests; interleaved RTCP (`$`) is skipped. */
function readRequests(socket: Socket, handle: (request: Request) => void): void {
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      if (rest[0] === 0x24) {
        if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) return
        rest = rest.subarray(4 + rest.readUInt16BE(2))
        continue
      }
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      const [first = '', ...lines] = rest.subarray(0, end).toString('utf8').split('\r\n')
      const headers = new Map(
        lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
      )
      const [method = '', url = ''] = first.split(' ')
      rest = rest.subarray(end + 4 + Number(headers.get('content-length') ?? 0))
      handle({ method, url, headers })
    }
  })
}

interface Sender {
  wake(): void
  restIfAlone(): void
  end(): void
}

function createSender(
  clip: H264Clip,
  clients: Set<Client>,
  udp: ReturnType<typeof createSocket>,
  listeners: Set<(picture: SentPicture) => void>,
  state: { paused: boolean },
  once: boolean,
): Sender {
  const frameMs = 1_000 / clip.framesPerSecond
  let timer: NodeJS.Timeout | null = null
  let startedAtMs = 0
  let total = 0
  let sequence = 0
  const isPlaying = (): boolean => [...clients].some((client) => client.playing)

  function sendTo(client: Client, packets: Buffer[], key: boolean): void {
    if (!client.playing || (!client.synced && !key)) return
    client.synced = true
    for (const packet of packets) {
      if (client.udpPort !== null) udp.send(packet, client.udpPort, '127.0.0.1')
      else {
        const frame = Buffer.alloc(4)
        frame[0] = 0x24
        frame[1] = client.channel ?? 0
        frame.writeUInt16BE(packet.length, 2)
        client.socket.write(Buffer.concat([frame, packet]))
      }
    }
  }

  function sendPicture(): void {
    const index = total % clip.units.length
    const unit = clip.units[index]
    if (unit && !state.paused) {
      const payloads = toPayloads(unit)
      const timestamp = Math.round((total * 90_000) / clip.framesPerSecond)
      const packets = payloads.map((payload, n) => rtpPacket(payload, sequence++, timestamp, n === payloads.length - 1))
      clients.forEach((client) => sendTo(client, packets, unit.key))
      const picture = { index, atS: index / clip.framesPerSecond, total, sentAtMs: performance.now() }
      listeners.forEach((listener) => listener(picture))
    }
    total++
    if (once && total >= clip.units.length) return clients.forEach((client) => client.socket.destroy())
    timer = setTimeout(sendPicture, Math.max(0, startedAtMs + total * frameMs - performance.now()))
  }

  return {
    wake() {
      if (timer) return
      startedAtMs = performance.now()
      total = 0
      sendPicture()
    },
    restIfAlone() {
      if (isPlaying() || !timer) return
      clearTimeout(timer)
      timer = null
      clients.forEach((client) => (client.synced = false))
    },
    end() {
      if (timer) clearTimeout(timer)
      timer = null
    },
  }
}
