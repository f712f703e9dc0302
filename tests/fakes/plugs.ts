import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import simulator from 'tplink-smarthome-simulator'
import { createFrameReader, encodeFrame, type FrameReader } from '../../appliance/src/plugs/transports/xor-codec.ts'

export type SimulatedModel =
  'hs100' | 'hs105' | 'hs110' | 'hs110v2' | 'hs200' | 'hs220' | 'hs300' | 'lb100' | 'lb120' | 'lb130' | 'kl430'

export interface SimulatedPlug {
  readonly host: string
  readonly port: number
  readonly mac: string
  stop(): Promise<void>
}

export interface SimulatedPlugOptions {
  model: SimulatedModel
  /** One of 127/8 for itself. */
  address: string
  port?: number
  alias?: string
  mac?: string
  deviceId?: string
  /** Watts, volts, amperes, kWh. */
  realtime?: { power: number; voltage: number; current: number; total: number }
  responseDelayMs?: number
}

const ANSWERED_AFTER_MS = 20

/** A device of npm tplink-smarthome-simulator: somebody else's idea of the protocol. */
export async function startSimulatedPlug(options: SimulatedPlugOptions): Promise<SimulatedPlug> {
  const { model, address, port = 9999, alias, mac, deviceId, realtime, responseDelayMs = 0 } = options
  const data = { ...(mac && { mac }), ...(deviceId && { deviceId }), ...(realtime && { emeter: { realtime } }) }
  const device = new simulator.Device({
    model,
    address,
    port,
    responseDelay: responseDelayMs,
    data,
    ...(alias && { alias }),
  })
  // Without a listener a single malformed packet would end the process.
  device.deviceNetworking.on('error', () => undefined)
  await device.start()
  return {
    host: address,
    port: device.port,
    mac: device.mac.toUpperCase(),
    async stop() {
      // An answer that it is still about to give would be thrown at whoever runs the test: its socket is closed by then.
      await sleep(responseDelayMs + ANSWERED_AFTER_MS)
      await device.stop()
    },
  }
}

/** Hands UDP broadcasts to every simulated device of this process; it catches unicast too, so only for discovery. */
export async function startSimulatedBroadcasts(): Promise<() => void> {
  await simulator.UdpServer.start()
  return () => simulator.UdpServer.stop()
}

/** How a plug of ours misbehaves. */
export type Manners =
  | 'good'
  | 'keeps-open' // answers completely, never closes
  | 'in-pieces' // three bytes at a time
  | 'silent' // takes the call, says nothing
  | 'hangs-up' // closes at once
  | 'short' // closes in the middle of the answer
  | 'garbage' // whole frames of random bytes
  | 'http' // a web server
  | 'floods' // announces 2 GB and sends on and on
  | 'refuses' // every command has an error code

export interface OddPlug {
  readonly host: string
  readonly port: number
  readonly mac: string
  manners: Manners
  on: boolean
  powerMw: number
  delayMs: number
  /** Commands that arrived whole, oldest first. */
  readonly commands: string[]
  /** Questions it has not answered yet, and the most there ever were. */
  asked: number
  maxAtOnce: number
  /** From hearing the last switch command to the answer on its way. */
  lastSwitchMs: number
  stop(): Promise<void>
}

export interface OddPlugOptions {
  address?: string
  port?: number
  mac?: string
  alias?: string
  manners?: Manners
  delayMs?: number
}

/** A small plug of our own that can misbehave in every way the facts list. */
export async function startOddPlug(options: OddPlugOptions = {}): Promise<OddPlug> {
  const { address = '127.0.0.1', mac = '50:C7:BF:00:00:01', alias = 'Odd plug' } = options
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    serve(plug, socket, alias)
  })
  const plug: OddPlug = {
    host: address,
    port: 0,
    mac,
    manners: options.manners ?? 'good',
    on: false,
    powerMw: 12_345,
    delayMs: options.delayMs ?? 0,
    commands: [],
    asked: 0,
    maxAtOnce: 0,
    lastSwitchMs: 0,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  Object.assign(plug, { port: await listen(server, address, options.port ?? 0) })
  return plug
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as { port: number }).port))
  })
}

function serve(plug: OddPlug, socket: Socket, alias: string): void {
  if (plug.manners === 'hangs-up') return void socket.destroy()
  const reader = createFrameReader(64 * 1024)
  socket.on('data', (chunk) => {
    const text = hear(reader, chunk)
    if (text === undefined) return void socket.destroy()
    if (text === null) return
    plug.commands.push(text)
    plug.asked += 1
    plug.maxAtOnce = Math.max(plug.maxAtOnce, plug.asked)
    const heardAt = performance.now()
    setTimeout(() => {
      plug.asked -= 1
      if (text.includes('set_relay_state')) plug.lastSwitchMs = performance.now() - heardAt
      reply(plug, socket, answerTo(plug, JSON.parse(text) as Commands, alias))
    }, plug.delayMs)
  })
}

/** undefined for what is not the protocol: it is asked in every way there is. */
function hear(reader: FrameReader, chunk: Buffer): string | null | undefined {
  try {
    return reader.push(chunk)
  } catch {
    return undefined
  }
}

type Commands = Record<string, Record<string, { state?: number }>>

function answerTo(plug: OddPlug, commands: Commands, alias: string): string {
  const answers: Record<string, Record<string, unknown>> = {}
  for (const [module, methods] of Object.entries(commands)) {
    answers[module] = {}
    for (const [method, parameters] of Object.entries(methods))
      answers[module][method] = one(plug, method, parameters, alias)
  }
  return JSON.stringify(answers)
}

function one(plug: OddPlug, method: string, parameters: { state?: number }, alias: string): unknown {
  if (plug.manners === 'refuses' && method !== 'get_sysinfo') return { err_code: -1, err_msg: 'module not support' }
  if (method === 'set_relay_state') plug.on = parameters.state === 1
  if (method === 'get_realtime') {
    return { power_mw: plug.powerMw, voltage_mv: 230_100, current_ma: 54, total_wh: 1_234, err_code: 0 }
  }
  if (method !== 'get_sysinfo') return { err_code: 0 }
  const identity = { deviceId: `ID${plug.mac.replaceAll(':', '')}`, mac: plug.mac, model: 'KP115(EU)', alias }
  const state = { relay_state: plug.on ? 1 : 0, led_off: 0, feature: 'TIM:ENE', type: 'IOT.SMARTPLUGSWITCH' }
  return { err_code: 0, sw_ver: '1.0.0', hw_ver: '1.0', ...identity, ...state }
}

function reply(plug: OddPlug, socket: Socket, answer: string): void {
  if (socket.destroyed) return
  const frame = encodeFrame(answer)
  switch (plug.manners) {
    case 'silent':
      return
    case 'keeps-open':
      return void socket.write(frame)
    case 'in-pieces':
      return writeInPieces(socket, frame)
    case 'short':
      return void socket.end(frame.subarray(0, frame.length >> 1))
    case 'garbage':
      return void socket.end(Buffer.concat([Buffer.from([0, 0, 0, 40]), Buffer.alloc(40, 0xa7)]))
    case 'http':
      return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    case 'floods':
      return flood(socket)
    default:
      return void socket.end(frame)
  }
}

function writeInPieces(socket: Socket, frame: Buffer): void {
  if (frame.length === 0) return void socket.end()
  socket.write(frame.subarray(0, 3))
  setImmediate(() => writeInPieces(socket, frame.subarray(3)))
}

function flood(socket: Socket): void {
  socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]))
  const pour = (): void => {
    if (socket.destroyed) return
    socket.write(Buffer.alloc(64 * 1024, 0x20))
    setImmediate(pour)
  }
  pour()
}
