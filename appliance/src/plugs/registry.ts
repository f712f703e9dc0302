import type { Plug } from '../api/plugs.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { DeviceWatch } from './device-watch.ts'
import type { DeviceInfo } from './languages/types.ts'
import { createHostQueues } from './transports/host-queues.ts'
import { isWorthTelling } from './plug-view.ts'
import type { PlugsDeps } from './index.ts'
import type { StateSaver } from './state-saver.ts'
import { deletePlug, insertPlug, listPlugs, saveAddress, saveModel, saveName, type StoredPlug } from './store.ts'

export interface RegistryDeps extends Pick<PlugsDeps, 'database' | 'clock' | 'log' | 'bus'> {
  saver: StateSaver
  pollPauseMs(): number
  random(): number
  onLost(): void
}

/** A device that said what it is. */
export interface KnownDevice {
  host: string
  port: number
  info: DeviceInfo
}

interface News extends KnownDevice {
  moved: boolean
  /** Not known before. */
  plugs: StoredPlug[]
}

/** Every known plug, in memory as in the database; one watch per device. */
export class Registry {
  readonly queues = createHostQueues()
  readonly #deps: RegistryDeps
  readonly #watches = new Map<string, DeviceWatch>()
  /** What the app last heard of each. */
  readonly #told = new Map<string, Plug>()

  constructor(deps: RegistryDeps) {
    this.#deps = deps
  }

  async load(): Promise<void> {
    const plugs = await listPlugs(this.#deps.database.reader)
    for (const plug of plugs) (this.#watches.get(plug.mac) ?? this.#create(plug.mac)).put(plug)
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

  /** Throws `not-found`. */
  find(id: string): { watch: DeviceWatch; outlet: StoredPlug } {
    for (const watch of this.#watches.values()) {
      const outlet = watch.outlets.find((each) => each.id === id)
      if (outlet) return { watch, outlet }
    }
    throw new LaresError('not-found', 'There is no such plug.')
  }

  /** Adds what is new, moves what is known to where it was found, all at once. Resolves with how many plugs are new. */
  async admit(found: readonly KnownDevice[]): Promise<number> {
    const { database, clock } = this.#deps
    const now = clock.now()
    const all = found.map((device) => this.#newsOf(device, now))
    await database.transaction(async (trx) => {
      for (const { info, host, port, moved, plugs } of all) {
        if (moved) await saveAddress(trx, info.mac, host, port, now)
        for (const plug of plugs) await insertPlug(trx, plug, now)
      }
    })
    for (const news of all) await this.#follow(news)
    return all.reduce((sum, { plugs }) => sum + plugs.length, 0)
  }

  async rename(id: string, name: string): Promise<void> {
    const { watch, outlet } = this.find(id)
    await saveName(this.#deps.database.writer, id, name, true, this.#deps.clock.now())
    Object.assign(outlet, { name, named: true })
    this.#tell(watch.view(outlet))
  }

  async remove(id: string): Promise<void> {
    const { watch } = this.find(id)
    await deletePlug(this.#deps.database.writer, id)
    watch.remove(id)
    this.#deps.saver.forget(id)
    this.#told.delete(id)
    this.#deps.bus.emit('plug.removed', { id })
    if (watch.outlets.length > 0) return
    this.#watches.delete(watch.mac)
    await watch.stop()
  }

  #newsOf(device: KnownDevice, now: number): News {
    const { info, host, port } = device
    const known = this.#watches.get(info.mac)?.outlets ?? []
    const moved = known.some((each) => each.host !== host || each.port !== port)
    const fresh = info.outlets.filter(({ id }) => !known.some((each) => each.outlet === id))
    return { ...device, moved, plugs: fresh.map((outlet) => newPlug(device, outlet, newId(now))) }
  }

  async #follow({ info, host, port, moved, plugs }: News): Promise<void> {
    const known = this.#watches.get(info.mac)
    const watch = known ?? this.#create(info.mac)
    if (moved) {
      this.#deps.log.info({ mac: info.mac, host, port }, 'A plug has a new address')
      watch.moveTo(host, port)
    }
    for (const plug of plugs) watch.put(plug)
    if (!known) await watch.start()
    for (const outlet of watch.outlets) this.#tell(watch.view(outlet))
  }

  #create(mac: string): DeviceWatch {
    const { clock, log, pollPauseMs, random, onLost, saver } = this.#deps
    const watch = new DeviceWatch({
      ...{ mac, clock, log, queues: this.queues, pollPauseMs, random, onLost },
      onState: (outlet, view, soon) => {
        saver.note(outlet.id, outlet.last, soon)
        this.#tell(view)
      },
      onInfo: (info) => {
        this.#keepInfo(watch, info).catch((error: unknown) => {
          log.warn({ mac, err: messageOf(error) }, 'Could not keep what a plug says of itself')
        })
      },
    })
    this.#watches.set(mac, watch)
    return watch
  }

  #tell(plug: Plug): void {
    if (!isWorthTelling(this.#told.get(plug.id) ?? null, plug)) return
    this.#told.set(plug.id, plug)
    this.#deps.bus.emit('plug.changed', plug)
  }

  /** The device's own name is followed until the owner names the plug. */
  async #keepInfo({ mac, outlets }: DeviceWatch, info: DeviceInfo): Promise<void> {
    const { database, clock } = this.#deps
    const { model } = info
    const canMeter = info.capabilities.meter
    if (outlets.some((outlet) => outlet.model !== model || outlet.canMeter !== canMeter)) {
      for (const outlet of outlets) Object.assign(outlet, { model, canMeter })
      await saveModel(database.writer, mac, model, canMeter, clock.now())
    }
    for (const { id, alias } of info.outlets) {
      const outlet = outlets.find((each) => each.outlet === id)
      if (!outlet || outlet.named || outlet.name === alias) continue
      outlet.name = alias
      await saveName(database.writer, outlet.id, alias, false, clock.now())
    }
  }
}

function newPlug({ info, host, port }: KnownDevice, outlet: DeviceInfo['outlets'][number], id: string): StoredPlug {
  const { mac, model } = info
  const canMeter = info.capabilities.meter
  const last = { on: null, reading: null, seenAt: null }
  return { id, mac, outlet: outlet.id, name: outlet.alias, named: false, model, host, port, canMeter, last }
}
