import type { Plug, PlugCapability } from '../api/plugs.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { RequestContext } from '../http/route.ts'
import { DeviceWatch } from './device-watch.ts'
import { deleteDevice, insertDevice, listDevices, noteAddress, saveDevice, type StoredDevice } from './device-store.ts'
import type { PlugsDeps } from './index.ts'
import type { LinkMemory, DeviceLink } from './device-link.ts'
import type { DeviceInfo, DeviceRead } from './languages/types.ts'
import { capabilitiesOf, isWorthTelling } from './plug-view.ts'
import {
  UNKNOWN_STATE,
  deletePlug,
  insertPlug,
  listPlugs,
  savePlugWords,
  type PlugWords,
  type StoredPlug,
} from './plug-store.ts'
import type { Recorder } from './recorder.ts'
import type { StateSaver } from './state-saver.ts'
import type { Measurement } from './types.ts'

export interface RegistryDeps extends Pick<PlugsDeps, 'database' | 'clock' | 'log' | 'bus'> {
  saver: StateSaver
  recorder: Recorder
  openLink(device: StoredDevice, signal: AbortSignal): DeviceLink
  pollPauseMs(mac: string): number
  random(): number
  onLost(mac: string): void
  onMeasured(measurement: Measurement): void
}

/** A device that said who it is. */
export interface KnownDevice {
  info: DeviceInfo
  host: string
  port: number
  memory: LinkMemory | null
}

/** Every known plug, in memory as in the database; one watch per device. */
export class Registry {
  readonly #deps: RegistryDeps
  readonly #watches = new Map<string, DeviceWatch>()
  /** What the app last heard of each. */
  readonly #told = new Map<string, Plug>()

  constructor(deps: RegistryDeps) {
    this.#deps = deps
  }

  async load(): Promise<void> {
    const { reader } = this.#deps.database
    for (const device of await listDevices(reader)) this.#create(device)
    for (const plug of await listPlugs(reader)) this.#watches.get(plug.mac)?.put(plug)
    for (const watch of this.#watches.values()) await watch.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.watches().map((watch) => watch.stop()))
    this.#watches.clear()
    this.#told.clear()
  }

  watch(mac: string): DeviceWatch | undefined {
    return this.#watches.get(mac)
  }

  watches(): DeviceWatch[] {
    return [...this.#watches.values()]
  }

  /** By name. */
  views(): Plug[] {
    const views = this.watches().flatMap((watch) => watch.outlets.map((outlet) => watch.view(outlet)))
    return views.sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
  }

  view(id: string): Plug {
    const { watch, outlet } = this.find(id)
    return watch.view(outlet)
  }

  /** Throws `not-found`. */
  find(id: string): { watch: DeviceWatch; outlet: StoredPlug } {
    for (const watch of this.#watches.values()) {
      const outlet = watch.outlets.find((each) => each.id === id)
      if (outlet) return { watch, outlet }
    }
    throw new LaresError('not-found', 'There is no such plug.')
  }

  /** Adds what is new of devices, outlets included, all at once. Resolves with how many plugs are new. */
  async admit(devices: readonly KnownDevice[], by: RequestContext): Promise<number> {
    const { database, clock, recorder } = this.#deps
    const now = clock.now()
    const all = devices.map((device) => this.#newsOf(device, now))
    await database.transaction(async (trx) => {
      for (const { device, isNew, plugs } of all) {
        if (isNew) await insertDevice(trx, device, now)
        for (const plug of plugs) {
          await insertPlug(trx, plug, now)
          await recorder.record(trx, by, { type: 'device_added', resource: `plug:${plug.id}` })
        }
      }
    })
    for (const { device, isNew, plugs } of all) {
      const watch = isNew ? this.#create(device) : this.#watches.get(device.mac)
      for (const plug of plugs) watch?.put(plug)
      if (isNew) await watch?.start()
      for (const outlet of watch?.outlets ?? []) this.tell(outlet.id)
    }
    return all.reduce((sum, { plugs }) => sum + plugs.length, 0)
  }

  /** A known device answered from another address. */
  async move(mac: string, host: string, port: number): Promise<void> {
    const watch = this.#watches.get(mac)
    if (!watch) return
    const { database, clock, log } = this.#deps
    log.info({ mac, host, port }, 'A plug has a new address')
    const now = clock.now()
    await database.transaction(async (trx) => {
      await saveDevice(trx, { ...watch.device, host, port }, now)
      await noteAddress(trx, mac, host, now)
    })
    watch.moveTo(host, port)
    for (const outlet of watch.outlets) this.tell(outlet.id)
  }

  /** What the owner says of a plug. */
  async change(id: string, words: PlugWords, by: RequestContext): Promise<Plug> {
    const { database, clock, recorder } = this.#deps
    const { watch, outlet } = this.find(id)
    await database.transaction(async (trx) => {
      await savePlugWords(trx, id, words, clock.now())
      const what = Object.keys(words).filter((key) => key !== 'named')
      await recorder.record(trx, by, { type: 'device_updated', resource: `plug:${id}`, details: { what } })
    })
    Object.assign(outlet, words)
    this.tell(id)
    return watch.view(outlet)
  }

  /** The database has taken everybody out of it. */
  roomRemoved(roomId: string): void {
    for (const watch of this.#watches.values()) {
      for (const outlet of watch.outlets.filter((each) => each.roomId === roomId)) {
        outlet.roomId = null
        this.tell(outlet.id)
      }
    }
  }

  async remove(id: string, by: RequestContext): Promise<void> {
    const { database, saver, bus, recorder } = this.#deps
    const { watch } = this.find(id)
    const isLast = watch.outlets.length === 1
    await database.transaction(async (trx) => {
      await deletePlug(trx, id)
      if (isLast) await deleteDevice(trx, watch.mac)
      await recorder.record(trx, by, { type: 'device_removed', resource: `plug:${id}` })
    })
    watch.remove(id)
    saver.forget(id)
    this.#told.delete(id)
    bus.emit('plug.removed', { id })
    if (!isLast) return
    this.#watches.delete(watch.mac)
    await watch.stop()
  }

  /** Tells the app when there is something worth telling. */
  tell(id: string): void {
    const plug = this.view(id)
    if (!isWorthTelling(this.#told.get(id) ?? null, plug)) return
    this.#told.set(id, plug)
    this.#deps.bus.emit('plug.changed', plug)
  }

  #newsOf({ info, host, port, memory }: KnownDevice, now: number) {
    const known = this.#watches.get(info.mac)
    const device = known?.device ?? deviceOf(info, host, port, memory)
    const fresh = info.outlets
      .map((outlet, position) => ({ outlet, position }))
      .filter(({ outlet }) => !known?.outlets.some((each) => each.outlet === outlet.id))
    const plugs = fresh.map(({ outlet, position }) => newPlug(info.mac, outlet, position, newId(now)))
    return { device, isNew: !known, plugs }
  }

  #create(device: StoredDevice): DeviceWatch {
    const { clock, log, openLink, pollPauseMs, random, onLost, saver } = this.#deps
    const { mac } = device
    const watch: DeviceWatch = new DeviceWatch(device, {
      ...{ clock, log, openLink, random },
      pollPauseMs: () => pollPauseMs(mac),
      onLost: () => onLost(mac),
      onState: (outlet, _view, soon) => {
        saver.note(outlet.id, outlet.last, soon)
        this.tell(outlet.id)
      },
      onRead: (read) => {
        this.#measured(watch, read)
        this.#keepInfo(watch, read.info).catch((error: unknown) => {
          log.warn({ mac, err: messageOf(error) }, 'Could not keep what a plug says of itself')
        })
      },
    })
    this.#watches.set(mac, watch)
    return watch
  }

  /** Of the outlets that are plugs: what was removed is not measured, and what a strip says of itself as a whole neither. */
  #measured({ mac, outlets }: DeviceWatch, { readings, energy }: DeviceRead): void {
    for (const { outlet } of outlets) {
      const reading = readings.get(outlet)
      if (!reading) continue
      const { at, powerMw } = reading
      const counted = energy.get(outlet)
      const counters = { lifetimeWh: counted?.lifetimeWh ?? null, todayWh: counted?.todayWh ?? null }
      this.#deps.onMeasured({ mac, outlet, at, powerMw, ...counters })
    }
  }

  /** What a device says of itself is followed; its name for an outlet until the owner names the plug. */
  async #keepInfo(watch: DeviceWatch, info: DeviceInfo): Promise<void> {
    const { database, clock } = this.#deps
    const { device } = watch
    const told = deviceOf(info, device.host, device.port, device.link)
    if (isOtherThan(device, told)) {
      Object.assign(device, told)
      await saveDevice(database.writer, device, clock.now())
    }
    for (const { id, alias } of info.outlets) {
      const outlet = watch.outlets.find((each) => each.outlet === id)
      if (!outlet || outlet.named || outlet.name === alias) continue
      outlet.name = alias
      await savePlugWords(database.writer, outlet.id, { name: alias }, clock.now())
    }
  }

  /** What a link learnt; where it begins the next time. */
  async keepMemory(mac: string, memory: LinkMemory): Promise<void> {
    const device = this.#watches.get(mac)?.device
    if (!device) return
    Object.assign(device, { link: memory, port: memory.scheme.port })
    await saveDevice(this.#deps.database.writer, device, this.#deps.clock.now())
  }
}

function deviceOf(info: DeviceInfo, host: string, port: number, link: LinkMemory | null): StoredDevice {
  const { mac, model, firmware, hardware, capabilities } = info
  const can: PlugCapability[] = capabilitiesOf(capabilities)
  return { mac, name: info.alias, model, firmware: firmware ?? '', hardware: hardware ?? '', host, port, link, can }
}

function isOtherThan(device: StoredDevice, told: StoredDevice): boolean {
  const plain = ['name', 'model', 'firmware', 'hardware'] as const
  return plain.some((key) => device[key] !== told[key]) || device.can.join() !== told.can.join()
}

function newPlug(mac: string, outlet: DeviceInfo['outlets'][number], position: number, id: string): StoredPlug {
  const words = { name: outlet.alias, named: false, roomId: null, notes: '', picture: null }
  return { id, mac, outlet: outlet.id, position, ...words, last: UNKNOWN_STATE }
}
