import type { Plug } from '../api/plugs.ts'
import { LaresError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { createDeviceWatch, type DeviceWatch, type DeviceWatchDeps } from './device-watch.ts'
import type { DeviceInfo } from './device-state.ts'
import type { FoundDevice } from './discovery.ts'
import { createHostQueues, type HostQueues } from './host-queues.ts'
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

/** Every known plug, in memory as in the database; one watch per device. */
export interface Registry {
  readonly queues: HostQueues
  load(): Promise<void>
  stop(): Promise<void>
  views(): Plug[]
  find(id: string): { watch: DeviceWatch; outlet: StoredPlug }
  watch(mac: string): DeviceWatch | undefined
  watches(): DeviceWatch[]
  /** Adds what is new, moves what is known to where it was found, all at once. Resolves with how many plugs are new. */
  admit(found: readonly FoundDevice[]): Promise<number>
  rename(id: string, name: string): Promise<void>
  remove(id: string): Promise<void>
}

export function createRegistry(deps: RegistryDeps): Registry {
  const { database, clock, log, bus, saver } = deps
  const queues = createHostQueues()
  const watches = new Map<string, DeviceWatch>()
  const told = new Map<string, Plug>()

  function tell(plug: Plug): void {
    if (!isWorthTelling(told.get(plug.id) ?? null, plug)) return
    told.set(plug.id, plug)
    bus.emit('plug.changed', plug)
  }

  function onState(outlet: StoredPlug, view: Plug, soon: boolean): void {
    saver.note(outlet.id, outlet.last, soon)
    tell(view)
  }

  /** The device's own name and model are followed until the owner names the plug. */
  async function followInfo(mac: string, info: DeviceInfo): Promise<void> {
    const watch = watches.get(mac)
    if (!watch) return
    const [first] = watch.outlets
    if (first && (first.model !== info.model || first.canMeter !== info.canMeter)) {
      for (const outlet of watch.outlets) Object.assign(outlet, { model: info.model, canMeter: info.canMeter })
      await saveModel(database.writer, mac, info.model, info.canMeter, clock.now())
    }
    for (const { id, alias } of info.outlets) {
      const outlet = watch.outlets.find((each) => each.outlet === id)
      if (!outlet || outlet.named || outlet.name === alias) continue
      outlet.name = alias
      await saveName(database.writer, outlet.id, alias, false, clock.now())
    }
  }

  function create(mac: string): DeviceWatch {
    const { pollPauseMs, random, onLost } = deps
    const onInfo = (info: DeviceInfo): void => {
      followInfo(mac, info).catch((error: unknown) =>
        log.warn({ mac, err: error }, 'Could not keep what a plug says of itself'),
      )
    }
    const watchDeps: DeviceWatchDeps = { mac, clock, log, queues, pollPauseMs, random, onState, onInfo, onLost }
    const watch = createDeviceWatch(watchDeps)
    watches.set(mac, watch)
    return watch
  }

  function find(id: string): { watch: DeviceWatch; outlet: StoredPlug } {
    for (const watch of watches.values()) {
      const outlet = watch.outlets.find((each) => each.id === id)
      if (outlet) return { watch, outlet }
    }
    throw new LaresError('not-found', 'There is no such plug.')
  }

  const ordered = (): { watch: DeviceWatch; outlet: StoredPlug }[] =>
    [...watches.values()]
      .flatMap((watch) => watch.outlets.map((outlet) => ({ watch, outlet })))
      .sort((a, b) => a.outlet.name.localeCompare(b.outlet.name) || a.outlet.id.localeCompare(b.outlet.id))

  async function admit(found: readonly FoundDevice[]): Promise<number> {
    const now = clock.now()
    const news = found.map(({ info, host, port }) => {
      const known = watches.get(info.mac)?.outlets ?? []
      const moved = known.some((each) => each.host !== host || each.port !== port)
      const fresh = info.outlets.filter(({ id }) => !known.some((each) => each.outlet === id))
      return { info, host, port, moved, plugs: fresh.map((outlet) => newPlug(info, outlet, host, port, newId(now))) }
    })
    await database.transaction(async (trx) => {
      for (const { info, host, port, moved, plugs } of news) {
        if (moved) await saveAddress(trx, info.mac, host, port, now)
        for (const plug of plugs) await insertPlug(trx, plug, now)
      }
    })
    for (const each of news) await watchNews(each)
    return news.reduce((sum, { plugs }) => sum + plugs.length, 0)
  }

  async function watchNews(news: FoundDevice & { moved: boolean; plugs: StoredPlug[] }): Promise<void> {
    const { info, host, port, moved, plugs } = news
    const known = watches.get(info.mac)
    const watch = known ?? create(info.mac)
    if (moved) {
      log.info({ mac: info.mac, host, port }, 'A plug has a new address')
      watch.moveTo(host, port)
    }
    for (const plug of plugs) watch.put(plug)
    if (!known) await watch.start()
    for (const outlet of watch.outlets) tell(watch.view(outlet))
  }

  return {
    queues,
    find,
    admit,
    async load() {
      for (const plug of await listPlugs(database.reader)) (watches.get(plug.mac) ?? create(plug.mac)).put(plug)
      for (const watch of watches.values()) await watch.start()
    },
    async stop() {
      await Promise.all([...watches.values()].map((watch) => watch.stop()))
      watches.clear()
      told.clear()
    },
    views: () => ordered().map(({ watch, outlet }) => watch.view(outlet)),
    watch: (mac) => watches.get(mac),
    watches: () => [...watches.values()],
    async rename(id, name) {
      const { watch, outlet } = find(id)
      await saveName(database.writer, id, name, true, clock.now())
      Object.assign(outlet, { name, named: true })
      tell(watch.view(outlet))
    },
    async remove(id) {
      const { watch } = find(id)
      await deletePlug(database.writer, id)
      watch.remove(id)
      saver.forget(id)
      told.delete(id)
      bus.emit('plug.removed', { id })
      if (watch.outlets.length > 0) return
      watches.delete(watch.mac)
      await watch.stop()
    },
  }
}

function newPlug(
  info: DeviceInfo,
  outlet: DeviceInfo['outlets'][number],
  host: string,
  port: number,
  id: string,
): StoredPlug {
  const { mac, model, canMeter } = info
  const last = { on: null, reading: null, seenAt: null }
  return { id, mac, outlet: outlet.id, name: outlet.alias, named: false, model, host, port, canMeter, last }
}
