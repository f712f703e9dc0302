import type { Plug } from '../api/plugs.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import { createDeviceClient, type DeviceClient, type DeviceRead } from './device-client.ts'
import type { DeviceInfo } from './device-state.ts'
import type { HostQueues } from './host-queues.ts'
import { explain } from './problems.ts'
import type { StoredPlug } from './store.ts'

export interface DeviceWatchDeps {
  mac: string
  clock: Clock
  log: Log
  queues: HostQueues
  /** Between two polls of a plug that answers. */
  pollPauseMs(): number
  /** 0–1, for jitter. */
  random(): number
  /** `soon` when more changed than a reading. */
  onState(plug: StoredPlug, view: Plug, soon: boolean): void
  /** Name, model or meter differ from what is stored. */
  onInfo(info: DeviceInfo): void
  /** It stopped answering: perhaps it has a new address. */
  onLost(): void
}

/** One device on the network, all its outlets: knows their state, asks for it again and again, switches them. */
export interface DeviceWatch {
  readonly mac: string
  readonly outlets: readonly StoredPlug[]
  view(outlet: StoredPlug): Plug
  isReachable(): boolean
  put(outlet: StoredPlug): void
  remove(id: string): void
  moveTo(host: string, port: number): void
  poll(): Promise<void>
  wake(): void
  switch(outlet: StoredPlug, on: boolean): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** Polls that fail in a row before a plug is shown as gone: Wi-Fi loses one now and then. */
const FAILURES_UNTIL_LOST = 3
const PAUSES_AFTER_FAILURE_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000] as const
const JITTER = 0.1

export function createDeviceWatch(deps: DeviceWatchDeps): DeviceWatch {
  const { mac, clock, log } = deps
  const outlets = new Map<string, StoredPlug>()
  let client: DeviceClient | null = null
  let stopping = new AbortController()
  let failures = 0
  // Until the first answer after a start everything shown is a memory.
  let reachable = false
  let problem: string | null = null

  const first = (): StoredPlug | undefined => outlets.values().next().value

  function clientNow(): DeviceClient | null {
    const at = first()
    if (!at) return null
    if (client?.host !== at.host || client.port !== at.port) {
      const { host, port } = at
      client = createDeviceClient({ host, port, queues: deps.queues, clock, signal: stopping.signal })
    }
    return client
  }

  function view(outlet: StoredPlug): Plug {
    const { id, name, model, host, canMeter, last } = outlet
    return {
      id,
      name,
      model,
      host,
      mac,
      canMeter,
      reachable,
      problem,
      on: last.on,
      reading: last.reading,
      seenAt: last.seenAt,
    }
  }

  function tellAll(soon: boolean): void {
    for (const outlet of outlets.values()) deps.onState(outlet, view(outlet), soon)
  }

  function answered({ info, readings, at }: DeviceRead): void {
    if (info.mac !== mac) throw anotherDevice(first()?.host ?? '', mac)
    const soon = !reachable
    if (!reachable && failures > 0) log.info({ mac, host: first()?.host }, 'A plug answers again')
    failures = 0
    reachable = true
    problem = null
    for (const { id, on } of info.outlets) {
      const outlet = outlets.get(id)
      if (outlet) outlet.last = { on, reading: readings.get(id) ?? null, seenAt: at }
    }
    deps.onInfo(info)
    tellAll(soon)
  }

  function failed(error: unknown, host: string): void {
    failures += 1
    if (failures < FAILURES_UNTIL_LOST) return
    const { words, code } = explain(error, host)
    const news = reachable || problem !== words
    if (reachable || failures === FAILURES_UNTIL_LOST) log.warn({ mac, host, code }, 'A plug does not answer')
    reachable = false
    problem = words
    if (news) tellAll(true)
    deps.onLost()
  }

  async function poll(): Promise<void> {
    const asked = clientNow()
    if (!asked) return
    try {
      await asked.read('poll', answered)
    } catch (error) {
      // Moved meanwhile: that address no longer says anything about this plug.
      if (!stopping.signal.aborted && asked === clientNow()) failed(error, asked.host)
    }
  }

  function pauseMs(): number {
    const last = PAUSES_AFTER_FAILURE_MS.length - 1
    const ms = failures === 0 ? deps.pollPauseMs() : (PAUSES_AFTER_FAILURE_MS[Math.min(failures - 1, last)] ?? 0)
    return ms * (1 - JITTER + 2 * JITTER * deps.random())
  }

  const loop = supervise({ name: `plug ${mac}`, clock, log, pauseMs, runOnce: poll })

  return {
    mac,
    get outlets() {
      return [...outlets.values()]
    },
    view,
    isReachable: () => reachable,
    put: (outlet) => void outlets.set(outlet.outlet, outlet),
    remove(id) {
      for (const [key, outlet] of outlets) if (outlet.id === id) outlets.delete(key)
    },
    moveTo(host, port) {
      for (const outlet of outlets.values()) Object.assign(outlet, { host, port })
      loop.wake()
    },
    poll,
    wake: () => loop.wake(),
    async switch(outlet, on) {
      const asked = clientNow()
      if (!asked) return
      // Before a plug that was gone is switched, it must say that it is still the same one.
      if (!reachable) await asked.read('person', answered)
      await asked.setPower(outlet.outlet, on, () => {
        outlet.last = { ...outlet.last, on, seenAt: clock.now() }
        deps.onState(outlet, view(outlet), true)
      })
    },
    async start() {
      stopping = new AbortController()
      client = null
      await loop.start()
    },
    async stop() {
      stopping.abort()
      await loop.stop()
    },
  }
}

function anotherDevice(host: string, mac: string): LaresError {
  const words = `Another device answers at ${host} now; looking for where ${mac} went.`
  return new LaresError('unavailable', words, { code: 'ANOTHER_DEVICE' })
}
