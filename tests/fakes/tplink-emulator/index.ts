import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createAesServer } from './aes-server.ts'
import { createKlapServer } from './klap-server.ts'
import { announcement, startTdpServer, type TdpServer } from './tdp-server.ts'
import { createTpapServer } from './tpap-server.ts'
import type { EmulatorState, HttpReply, Login, Protocol } from './types.ts'
import type { IotDevice } from './iot-device.ts'
import type { SmartDevice } from './smart-device.ts'

export { iotDevice } from './iot-device.ts'
export { smartDevice } from './smart-device.ts'
export type { Fault } from './types.ts'

export interface EmulatorOptions {
  /** One of 127/8 for itself. */
  address: string
  /** 80, where devices listen, when left out. */
  port?: number
  device: SmartDevice | IotDevice
  encryption?: EmulatorState['encryption']
  login?: Login
  /** Answers calls on UDP 20002 and 20004; true when left out. */
  discovery?: boolean
  /** Keeps its port closed until it was called on UDP, and so long after; `Infinity`: for ever. */
  asleepMs?: number
  owner?: string
  /** Changes to what it announces. */
  announced?: object
}

export interface Emulator extends EmulatorState {
  readonly host: string
  readonly port: number
  /** Does not answer calls any more. */
  isQuiet: boolean
  owner: string
  forgetSessions(): void
  stop(): Promise<void>
}

export const ACCOUNT: Login = { user: 'user@example.com', password: 'secret' }
const TDP_PORTS = [20_002, 20_004]
const SETTLE_MS = 30

/** A plug on a socket: KLAP 1 and 2, TPAP, AES passthrough, discovery, and every way of misbehaving that the facts list. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { address, device, encryption = 'klap2', login = ACCOUNT, asleepMs } = options
  const isSmart = 'components' in device
  const counts = { signIns: 0, failedLogins: 0, questions: 0, connections: 0, openNow: 0, mostOpen: 0 }
  const emulator = {
    ...{ encryption, login, counts, localAccessOff: false, forbidNext: 0, oneQuestionPerSession: false },
    ...{ closesAfterReply: false, delayMs: 0, fault: null, faultAfter: 0, isQuiet: false, owner: options.owner ?? '' },
    ...{ smart: isSmart ? device : null, iot: isSmart ? null : device },
    ...{ host: address, port: options.port ?? 80 },
  } as Emulator
  const protocols = [createKlapServer(emulator), createTpapServer(emulator), createAesServer(emulator)]
  const door = createDoor(emulator, protocols)
  let opened: Promise<void> | null = asleepMs === undefined ? door.open() : null
  let tdp: TdpServer | null = null
  if (options.discovery !== false) {
    const told = { change: options.announced ?? {} }
    const answerWith = () => ({
      result: announcement(emulator, address, { ...told, httpPort: emulator.port, owner: emulator.owner }),
      isQuiet: emulator.isQuiet,
    })
    const wake = (): void => {
      if (asleepMs === Infinity) return
      opened ??= new Promise((resolve) => setTimeout(() => resolve(door.open()), asleepMs))
    }
    tdp = await startTdpServer(address, TDP_PORTS, answerWith, wake)
  }
  await opened
  return Object.assign(emulator, {
    forgetSessions: () => protocols.forEach((each) => each.forgetSessions()),
    async stop() {
      await tdp?.stop()
      await opened
      await door.close()
    },
  })
}

interface Door {
  open(): Promise<void>
  close(): Promise<void>
}

function createDoor(emulator: Emulator, protocols: readonly Protocol[]): Door {
  const sockets = new Set<Socket>()
  const server: Server = createServer((request, response) => {
    serve(emulator, protocols, request, response).catch(() => request.socket.destroy())
  })
  server.keepAliveTimeout = 60_000
  server.on('clientError', (_error, socket) => socket.destroy())
  server.on('connection', (socket) => {
    const { counts } = emulator
    sockets.add(socket)
    counts.connections += 1
    counts.openNow += 1
    // One that was just closed at the other end is still told as open here for a moment.
    setTimeout(() => (counts.mostOpen = Math.max(counts.mostOpen, counts.openNow)), SETTLE_MS).unref()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      counts.openNow -= 1
    })
  })
  return {
    open: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(emulator.port, emulator.host, () => {
          Object.assign(emulator, { port: (server.address() as { port: number }).port })
          resolve()
        })
      }),
    async close() {
      for (const socket of sockets) socket.destroy()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function serve(
  emulator: Emulator,
  protocols: readonly Protocol[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Some devices know the header by this very spelling only.
  const body =
    request.rawHeaders.includes('Content-Length') || request.rawHeaders.includes('content-length')
      ? await bodyOf(request)
      : Buffer.alloc(0)
  if (emulator.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, emulator.delayMs))
  const cookie = /TP_SESSIONID=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? null
  if (emulator.fault === 'silent' && takesEffect(emulator)) return
  let reply: HttpReply | null = null
  for (const protocol of protocols) reply ??= await protocol.answer(request.url ?? '/', body, cookie)
  send(emulator, response, reply ?? { status: 404, body: Buffer.alloc(0) })
}

function takesEffect(emulator: Emulator): boolean {
  if (emulator.faultAfter === 0) return true
  emulator.faultAfter -= 1
  return false
}

function send(emulator: Emulator, response: ServerResponse, reply: HttpReply): void {
  const { fault } = emulator
  const { socket } = response
  if (!socket || socket.destroyed) return
  const headers = { 'Content-Type': 'application/octet-stream', ...reply.headers }
  if (emulator.closesAfterReply) response.setHeader('Connection', 'close')
  const isBad = fault !== null && fault !== 'silent' && takesEffect(emulator)
  if (isBad) return sendBadly(emulator, response, { ...reply, headers })
  response.writeHead(reply.status, { ...headers, 'Content-Length': reply.body.length })
  response.end(reply.body)
}

function sendBadly({ fault }: Emulator, response: ServerResponse, reply: HttpReply): void {
  const { body, headers = {}, wrongSequence } = reply
  const socket = response.socket as Socket
  switch (fault) {
    case 'dies':
      return void socket.destroy()
    case 'half':
      response.writeHead(200, { ...headers, 'Content-Length': Math.max(2, body.length) })
      response.write(body.subarray(0, body.length >> 1))
      return void setTimeout(() => socket.destroy(), 20)
    case 'never-ends':
      response.writeHead(200, { ...headers, 'Content-Length': body.length + 1 })
      return void response.write(body)
    case 'giant':
      response.writeHead(200, { ...headers, 'Content-Length': 2 ** 31 - 1 })
      return flood(response)
    case 'endless':
      response.writeHead(200, headers)
      return flood(response)
    case 'not-http':
      return void socket.end(randomBytes(64))
    case 'status-500':
      response.writeHead(500, { 'Content-Length': 0 })
      return void response.end()
    default: {
      const bytes =
        fault === 'wrong-sequence' && wrongSequence
          ? wrongSequence
          : fault === 'wrong-sequence'
            ? body
            : randomBytes(64)
      response.writeHead(200, { ...headers, 'Content-Length': bytes.length })
      return void response.end(bytes)
    }
  }
}

function flood(response: ServerResponse): void {
  const pour = (): void => {
    if (response.destroyed || response.socket?.destroyed) return
    response.write(Buffer.alloc(64 * 1024, 0x20))
    setImmediate(pour)
  }
  pour()
}

function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => resolve(Buffer.concat(pieces)))
    request.on('error', reject)
  })
}
