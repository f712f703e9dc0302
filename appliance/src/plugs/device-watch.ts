import type { Plug } from '../api/plugs.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import { createDeviceLink, type DeviceLink } from './device-link.ts'
import { probe } from './discovery/probe.ts'
import type { DeviceInfo, DeviceRead } from './languages/types.ts'
import type { HostQueues } from './transports/host-queues.ts'
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

/** Polls that fail in a row before a plug is shown as gone: Wi-Fi loses one now and then. */
const FAILURES_UNTIL_LOST = 3
const PAUSES_AFTER_FAILURE_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000] as const
const JITTER = 0.1
const SOON_MS = 300

/** One device on the network, all its outlets: knows their state, asks for it again and again, switches them. */
export class DeviceWatch {
  readonly mac: string
  readonly #deps: DeviceWatchDeps
  readonly #outlets = new Map<string, StoredPlug>()
  readonly #loop: Loop
  #client: DeviceLink | null = null
  #cancelSoon: (() => void) | null = null
  #stopping = new AbortController()
  #failures = 0
  /** Until the first answer after a start everything shown is a memory. */
  #reachable = false
  #problem: string | null = null

  constructor(deps: DeviceWatchDeps) {
    const { mac, clock, log } = deps
    this.mac = mac
    this.#deps = deps
    const pauseMs = (): number => this.#pauseMs()
    this.#loop = supervise({ name: `plug ${mac}`, clock, log, pauseMs, runOnce: () => this.poll() })
  }

  get outlets(): readonly StoredPlug[] {
    return [...this.#outlets.values()]
  }

  view({ id, name, model, host, canMeter, last }: StoredPlug): Plug {
    const what = { id, name, model, host, mac: this.mac, canMeter }
    return { ...what, reachable: this.#reachable, problem: this.#problem, ...last }
  }

  put(outlet: StoredPlug): void {
    this.#outlets.set(outlet.outlet, outlet)
  }

  remove(id: string): void {
    for (const [key, outlet] of this.#outlets) if (outlet.id === id) this.#outlets.delete(key)
  }

  moveTo(host: string, port: number): void {
    for (const outlet of this.#outlets.values()) Object.assign(outlet, { host, port })
    this.#loop.wake()
  }

  wake(): void {
    this.#loop.wake()
  }

  /** After a switch: when the answer is out and the watts have followed. */
  wakeSoon(): void {
    this.#cancelSoon?.()
    this.#cancelSoon = this.#deps.clock.after(SOON_MS, () => this.#loop.wake())
  }

  async start(): Promise<void> {
    this.#stopping = new AbortController()
    this.#client = null
    await this.#loop.start()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#cancelSoon?.()
    await this.#loop.stop()
  }

  /** Never rejects: what went wrong is the state. */
  async poll(): Promise<void> {
    const asked = this.#clientNow()
    if (!asked) return
    try {
      await asked.read('poll', (read) => this.#answered(read))
    } catch (error) {
      // Moved meanwhile: that address no longer says anything about this plug.
      if (!this.#stopping.signal.aborted && asked === this.#clientNow()) this.#failed(error, asked.host)
    }
  }

  /** Resolves once the device confirmed. */
  async switch(outlet: StoredPlug, on: boolean): Promise<void> {
    const asked = this.#clientNow()
    if (!asked) return
    // Before a plug that was gone is switched, it must say that it is still the same one.
    if (!this.#reachable) await asked.read('person', (read) => this.#answered(read))
    await asked.setPower(outlet.outlet, on, () => {
      outlet.last = { ...outlet.last, on, seenAt: this.#deps.clock.now() }
      this.#deps.onState(outlet, this.view(outlet), true)
    })
  }

  #first(): StoredPlug | undefined {
    return this.#outlets.values().next().value
  }

  #clientNow(): DeviceLink | null {
    const at = this.#first()
    if (!at) return null
    if (this.#client?.host !== at.host || this.#client.port !== at.port) {
      const { host, port } = at
      const { queues, clock } = this.#deps
      const { signal } = this.#stopping
      this.#client?.close()
      this.#client = createDeviceLink({
        host,
        port,
        queues,
        clock,
        signal,
        probe: (at) => probe(at, { clock, signal }),
      })
    }
    return this.#client
  }

  #answered({ info, readings, at }: DeviceRead): void {
    const { mac } = this
    const host = this.#first()?.host ?? ''
    if (info.mac !== mac) throw anotherDevice(host, mac)
    const soon = !this.#reachable
    if (soon && this.#failures > 0) this.#deps.log.info({ mac, host }, 'A plug answers again')
    this.#failures = 0
    this.#reachable = true
    this.#problem = null
    for (const { id, on } of info.outlets) {
      const outlet = this.#outlets.get(id)
      if (outlet) outlet.last = { on, reading: readings.get(id) ?? null, seenAt: at }
    }
    this.#deps.onInfo(info)
    this.#tellAll(soon)
  }

  #failed(error: unknown, host: string): void {
    const { mac } = this
    this.#failures += 1
    if (this.#failures < FAILURES_UNTIL_LOST) return
    const { words } = explain(error, host)
    const news = this.#reachable || this.#problem !== words
    if (this.#failures === FAILURES_UNTIL_LOST) this.#deps.log.warn({ mac, host, why: words }, 'A plug does not answer')
    this.#reachable = false
    this.#problem = words
    if (news) this.#tellAll(true)
    this.#deps.onLost()
  }

  #tellAll(soon: boolean): void {
    for (const outlet of this.#outlets.values()) this.#deps.onState(outlet, this.view(outlet), soon)
  }

  #pauseMs(): number {
    const last = PAUSES_AFTER_FAILURE_MS.length - 1
    const afterFailure = PAUSES_AFTER_FAILURE_MS[Math.min(this.#failures - 1, last)]
    const ms = afterFailure ?? this.#deps.pollPauseMs()
    return ms * (1 - JITTER + 2 * JITTER * this.#deps.random())
  }
}

function anotherDevice(host: string, mac: string): LaresError {
  const words = `Another device answers at ${host} now; looking for where ${mac} went.`
  return new LaresError('unavailable', words, { code: 'ANOTHER_DEVICE' })
}
