import type { Plug } from '../api/plugs.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Settings } from '../settings/types.ts'
import { parsePlugAddress } from './address.ts'
import { createDeviceLink } from './device-link.ts'
import { probe } from './discovery/probe.ts'
import type { FoundDevice } from './discovery/types.ts'
import { Finder } from './discovery/finder.ts'
import { broadcastTargets, type BroadcastTarget } from './discovery/interfaces.ts'
import { Registry, type KnownDevice } from './registry.ts'
import { createPlugRoutes, type PlugActions } from './routes.ts'
import { pollOtherwiseS, pollWhileWatchedS } from './settings.ts'
import { createStateSaver } from './state-saver.ts'
import type { Plugs } from './types.ts'

export type { Plugs } from './types.ts'
export { plugSettings } from './settings.ts'

export interface PlugsDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  /** Where to call for plugs; every IPv4 network of this box when left out. */
  discoveryTargets?: () => BroadcastTarget[]
  /** 0–1, for jitter. */
  random?: () => number
}

export function createPlugs(deps: PlugsDeps): Plugs {
  const { database, clock, settings, bus, random = Math.random } = deps
  const log = deps.log.child({ part: 'plugs' })
  const saver = createStateSaver({ database, clock, log })
  let stopping = new AbortController()
  let watched = true

  const pollPauseMs = (): number => settings.get(watched ? pollWhileWatchedS : pollOtherwiseS) * 1000
  const onLost = (): void => finder.lost()
  const registry = new Registry({ database, clock, log, bus, saver, pollPauseMs, random, onLost })
  const finder = new Finder({
    clock,
    log,
    targets: deps.discoveryTargets ?? (() => broadcastTargets()),
    // Unknown ones wait for a person to add them.
    onFoundWhileLost: async (found) =>
      void (await registry.admit(known(found).filter(({ info }) => registry.watch(info.mac)))),
  })

  const actions: PlugActions = {
    list: async () => registry.views(),
    get: async (id) => viewOf(registry, id),
    switch: (id, on) => switchPlug(registry, id, on),
    add: (host) => addByAddress(registry, host, clock, stopping.signal),
    discover: async () => admitFound(registry, known(await finder.call())),
    async rename(id, name) {
      await registry.rename(id, name)
      return viewOf(registry, id)
    },
    remove: (id) => registry.remove(id),
  }
  return {
    name: 'plugs',
    ...actions,
    routes: createPlugRoutes(actions),
    async start() {
      stopping = new AbortController()
      finder.start()
      await saver.start()
      await registry.load()
    },
    async stop() {
      stopping.abort()
      await finder.stop()
      await registry.stop()
      await saver.stop()
    },
    setWatched(now) {
      if (watched === now) return
      watched = now
      if (now) for (const watch of registry.watches()) watch.wake()
    },
  }
}

function viewOf(registry: Registry, id: string): Plug {
  const { watch, outlet } = registry.find(id)
  return watch.view(outlet)
}

async function switchPlug(registry: Registry, id: string, on: boolean): Promise<Plug> {
  const { watch, outlet } = registry.find(id)
  try {
    await watch.switch(outlet, on)
  } finally {
    // Watts follow the switch, and what did not answer is looked at again.
    watch.wakeSoon()
  }
  return watch.view(outlet)
}

async function admitFound(
  registry: Registry,
  devices: readonly KnownDevice[],
): Promise<{ found: number; added: number; plugs: Plug[] }> {
  const added = await registry.admit(devices)
  const found = devices.reduce((sum, { info }) => sum + info.outlets.length, 0)
  return { found, added, plugs: registry.views() }
}

async function addByAddress(registry: Registry, text: string, clock: Clock, signal: AbortSignal): Promise<Plug[]> {
  const { host, port } = parsePlugAddress(text)
  const { queues } = registry
  const link = createDeviceLink({ host, port, queues, clock, signal, probe: (at) => probe(at, { clock, signal }) })
  const { info } = await link.read('person').finally(() => link.close())
  await registry.admit([{ info, host, port }])
  const watch = registry.watch(info.mac)
  if (!watch) throw new LaresError('conflict', 'The plug was removed while it was added.')
  await watch.poll()
  return watch.outlets.map((outlet) => watch.view(outlet))
}

/** Those that told all about themselves. */
function known(found: readonly FoundDevice[]): KnownDevice[] {
  return found.flatMap(({ host, port, info }) => (info ? [{ host, port, info }] : []))
}
