import type { Plug } from '../api/plugs.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import type { DeviceLink } from './device-link.ts'
import type { StoredDevice } from './device-store.ts'
import type { FoundDevice } from './discovery/types.ts'
import type { DeviceInfo, DeviceRead } from './languages/types.ts'
import { viewOf, type Liveness } from './plug-view.ts'
import type { StoredPlug } from './plug-store.ts'
import { explain } from './problems.ts'

export interface DeviceWatchDeps {
  clock: Clock
  log: Log
  /** A link to where the device is now. */
  openLink(device: StoredDevice, signal: AbortSignal): DeviceLink
  /** Between two polls of a plug that answers. */
  pollPauseMs(): number
  /** 0–1, for jitter. */
  random(): number
  /** `soon` when more changed than a reading. */
  onState(plug: StoredPlug, view: Plug, soon: boolean): void
  /** After each good poll. */
  onRead(read: DeviceRead): void
  /** It stopped answering: perhaps it has a new address. */
  onLost(): void
}

/** Polls that fail in a row before a plug is shown as gone: Wi-Fi loses one now and then. */
const FAILURES_UNTIL_LOST = 3
const PAUSES_AFTER_FAILURE_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000] as const
const JITTER = 0.1
const SOON_MS = 300

/** One device on the network, all its outlets: knows their state, asks for it again and again. */
export class DeviceWatch {
  readonly device: StoredDevice
  readonly #deps: DeviceWatchDeps
  readonly #outlets = new Map<string, StoredPlug>()
  readonly #loop: Loop
  #link: DeviceLink | null = null
  #hint: FoundDevice | null = null
  #cancelSoon: (() => void) | null = null
  #stopping = new AbortController()
  #failures = 0
  /** Until the first answer after a start everything shown is a memory. */
  #live: Liveness = { reachable: false, problem: null, problemCode: null }
  #info: DeviceInfo | null = null

  constructor(device: StoredDevice, deps: DeviceWatchDeps) {
    const { clock, log } = deps
    this.device = device
    this.#deps = deps
    const pauseMs = (): number => this.#pauseMs()
    this.#loop = supervise({ name: `plug ${device.mac}`, clock, log, pauseMs, runOnce: () => this.poll() })
  }

  get mac(): string {
    return this.device.mac
  }

  /** In the order of the strip. */
  get outlets(): readonly StoredPlug[] {
    return [...this.#outlets.values()].sort((a, b) => a.position - b.position)
  }

  get reachable(): boolean {
    return this.#live.reachable
  }

  /** Why it is not reachable, in words. */
  get problem(): string | null {
    return this.#live.problem
  }

  /** The same for programs. */
  get problemCode(): string | null {
    return this.#live.problemCode
  }

  /** What the device said of itself last since the start; null while it has not. */
  get info(): DeviceInfo | null {
    return this.#info
  }

  view(outlet: StoredPlug): Plug {
    return viewOf(this.device, outlet, this.#live)
  }

  put(outlet: StoredPlug): void {
    this.#outlets.set(outlet.outlet, outlet)
  }

  remove(id: string): void {
    for (const [key, outlet] of this.#outlets) if (outlet.id === id) this.#outlets.delete(key)
  }

  moveTo(host: string, port: number): void {
    Object.assign(this.device, { host, port })
    this.#link?.close()
    this.#link = null
    this.#loop.wake()
  }

  /** What a call just said of it: the next poll may go another way. */
  hint(found: FoundDevice): void {
    this.#hint = found
    this.#link?.hint(found)
    if (!this.reachable) this.#loop.wake()
  }

  credentialsChanged(): void {
    this.#link?.credentialsChanged()
    if (!this.reachable) this.#loop.wake()
  }

  wake(): void {
    this.#loop.wake()
  }

  /** After a command: when the answer is out and the watts have followed. */
  wakeSoon(): void {
    this.#cancelSoon?.()
    this.#cancelSoon = this.#deps.clock.after(SOON_MS, () => this.#loop.wake())
  }

  async start(): Promise<void> {
    this.#stopping = new AbortController()
    await this.#loop.start()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#cancelSoon?.()
    await this.#loop.stop()
    this.#link?.close()
    this.#link = null
  }

  /** Never rejects: what went wrong is the state. */
  async poll(): Promise<void> {
    if (this.#outlets.size === 0) return
    const asked = this.link()
    try {
      await asked.read('poll', (read) => this.#answered(read))
    } catch (error) {
      // Moved meanwhile: that address no longer says anything about this plug.
      if (!this.#stopping.signal.aborted && asked === this.link()) this.#failed(error, asked.host)
    }
  }

  /** Asks now, as a person does. Rejects in plain words. */
  async readNow(): Promise<void> {
    await this.link().read('person', (read) => this.#answered(read))
  }

  /** Before a plug that was gone is told anything, it must say that it is still the same one. */
  async readyLink(): Promise<DeviceLink> {
    const link = this.link()
    if (!this.reachable) await this.readNow()
    return link
  }

  /** A link to where the device is now; another one after it moved. */
  link(): DeviceLink {
    if (this.#link) return this.#link
    this.#link = this.#deps.openLink(this.device, this.#stopping.signal)
    if (this.#hint?.host === this.device.host) this.#link.hint(this.#hint)
    return this.#link
  }

  /** Something was confirmed. */
  confirmed(outlet: StoredPlug, change: Partial<StoredPlug['last']>): void {
    outlet.last = { ...outlet.last, ...change, seenAt: this.#deps.clock.now() }
    this.#deps.onState(outlet, this.view(outlet), true)
  }

  #answered(read: DeviceRead): void {
    const { info, readings, at } = read
    const { mac, host } = this.device
    if (info.mac !== mac) throw anotherDevice(host, mac)
    const soon = !this.reachable
    if (soon && this.#failures > 0) this.#deps.log.info({ mac, host }, 'A plug answers again')
    this.#failures = 0
    this.#info = info
    this.#live = { reachable: true, problem: null, problemCode: null }
    for (const { id, on, brightness } of info.outlets) {
      const outlet = this.#outlets.get(id)
      if (outlet) outlet.last = { on, brightness, reading: readings.get(id) ?? null, seenAt: at }
    }
    this.#deps.onRead(read)
    this.#tellAll(soon)
  }

  #failed(error: unknown, host: string): void {
    const { mac } = this
    this.#failures += 1
    if (this.#failures < FAILURES_UNTIL_LOST) return
    const { words, code } = explain(error, host)
    const news = this.reachable || this.#live.problem !== words
    if (this.#failures === FAILURES_UNTIL_LOST) this.#deps.log.warn({ mac, host, why: words }, 'A plug does not answer')
    this.#live = { reachable: false, problem: words, problemCode: code }
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
