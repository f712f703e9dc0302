import type { PlugReading } from '../api/plugs.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import { retry } from '../core/retry.ts'
import { readRealtime, readSysinfo, type DeviceInfo } from './languages/iot-state.ts'
import type { HostQueues } from './transports/host-queues.ts'
import { asLaresError, explain } from './problems.ts'
import { createTplinkDevice, isRefusal, type TplinkDevice } from './languages/kasa-library.ts'
import { sendXor } from './transports/xor-connection.ts'

export interface DeviceRead {
  info: DeviceInfo
  /** By outlet id; only outlets whose power was told. */
  readings: ReadonlyMap<string, PlugReading>
  /** Milliseconds since the epoch. */
  at: number
}

/** Speaks with what stands at one address, one question at a time. Errors are `LaresError` in plain words. */
export interface DeviceClient {
  readonly host: string
  readonly port: number
  /** `apply` runs before the next question to this address begins, so that states are seen in the order they were true. */
  read(urgency: Urgency, apply?: (read: DeviceRead) => void): Promise<DeviceRead>
  /** Resolves once the device confirmed. */
  setPower(outlet: string, on: boolean, apply?: () => void): Promise<void>
}

export type Urgency = 'person' | 'poll'

export interface DeviceClientDeps {
  host: string
  port: number
  queues: HostQueues
  clock: Clock
  /** Ends what is under way. */
  signal: AbortSignal
}

const TIMEOUT_MS = 3_000
const RETRY_PAUSES_MS = [100] as const
const SYSINFO = { system: { get_sysinfo: {} } }

export function createDeviceClient(deps: DeviceClientDeps): DeviceClient {
  const { host, port, clock, signal } = deps
  let device: TplinkDevice | null = null
  let metered = false

  const send = (payload: string): Promise<string> =>
    sendXor({ host, port, payload, clock, timeoutMs: TIMEOUT_MS, signal })
  const ask = async (command: object): Promise<Record<string, unknown>> =>
    parseReply(await send(JSON.stringify(command)))

  async function readOnce(): Promise<DeviceRead> {
    // One round trip for both when the last answer said that it meters; a plain one first to learn what it is.
    const both = metered
    const reply = await ask(both ? { ...SYSINFO, [device?.emeterModule ?? 'emeter']: { get_realtime: {} } } : SYSINFO)
    const sysinfo = field(reply, 'system', 'get_sysinfo')
    const info = readSysinfo(sysinfo)
    device ??= createTplinkDevice(sysinfo, { host, port }, send)
    metered = info.canMeter && info.outlets.length === 1
    const at = clock.now()
    const readings = new Map<string, PlugReading>()
    if (both) keepReading(readings, '', readRealtime(field(reply, device.emeterModule, 'get_realtime'), at))
    else if (info.canMeter) await readMeters(device, info, readings, clock)
    return { info, readings, at }
  }

  async function known(): Promise<TplinkDevice> {
    if (device === null) await readOnce()
    return device as unknown as TplinkDevice
  }

  return {
    host,
    port,
    read: (urgency, apply) =>
      inTurn(deps, urgency, async () => {
        const read = await readOnce()
        apply?.(read)
        return read
      }),
    setPower: (outlet, on, apply) =>
      inTurn(deps, 'person', async () => {
        await (await known()).setPower(on, outlet === '' ? undefined : outlet)
        apply?.()
      }),
  }
}

/** A person's question is asked twice before it is given up; a poll comes again anyway. */
function inTurn<T>(deps: DeviceClientDeps, urgency: Urgency, work: () => Promise<T>): Promise<T> {
  const { host, port, queues, clock, signal } = deps
  const pausesMs = urgency === 'person' ? RETRY_PAUSES_MS : []
  const worthRetrying = (error: unknown): boolean => explain(error, host).worthRetrying
  return queues.run(host, port, urgency, async () => {
    try {
      return await retry(work, { clock, pausesMs, worthRetrying, signal })
    } catch (error) {
      throw asLaresError(error, host)
    }
  })
}

/** One question for each outlet: a strip tells its watts no other way. */
async function readMeters(
  device: TplinkDevice,
  info: DeviceInfo,
  readings: Map<string, PlugReading>,
  clock: Clock,
): Promise<void> {
  for (const { id } of info.outlets) {
    try {
      const command = { [device.emeterModule]: { get_realtime: {} } }
      keepReading(readings, id, readRealtime(await device.command(command, id === '' ? undefined : id), clock.now()))
    } catch (error) {
      // A meter that is announced but refuses leaves the plug switchable.
      if (!isRefusal(error)) throw error
    }
  }
}

function keepReading(readings: Map<string, PlugReading>, outlet: string, reading: PlugReading | null): void {
  if (reading !== null) readings.set(outlet, reading)
}

function parseReply(text: string): Record<string, unknown> {
  try {
    const reply: unknown = JSON.parse(text)
    if (typeof reply === 'object' && reply !== null && !Array.isArray(reply)) return reply as Record<string, unknown>
  } catch {
    // Falls through: what is no JSON object is told the same way.
  }
  throw new LaresError('unavailable', 'The answer is not what a Kasa plug says.', { code: 'BAD_REPLY' })
}

function field(reply: Record<string, unknown>, module: string, method: string): unknown {
  const answer = reply[module]
  return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[method] : undefined
}
