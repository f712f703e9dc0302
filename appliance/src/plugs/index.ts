import type { Plug } from '../api/plugs.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Settings } from '../settings/types.ts'
import { parsePlugAddress } from './address.ts'
import { createDeviceClient } from './device-client.ts'
import { discover as callOut, type FoundDevice } from './discovery.ts'
import { broadcastTargets, type BroadcastTarget } from './interfaces.ts'
import { createRegistry, type Registry } from './registry.ts'
import { createPlugRoutes } from './routes.ts'
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

/** A plug that went away may have a new address; looking for it disturbs the network, so not more often than this. */
const LOST_SWEEP_EVERY_MS = 60_000

export function createPlugs(deps: PlugsDeps): Plugs {
  const { database, clock, settings, random = Math.random } = deps
  const log = deps.log.child({ part: 'plugs' })
  const saver = createStateSaver({ database, clock, log })
  let stopping = new AbortController()
  let watched = true
  let sweepUnderWay: Promise<FoundDevice[]> | null = null
  let lastLostSweepAt = -Infinity

  const pollPauseMs = (): number => settings.get(watched ? pollWhileWatchedS : pollOtherwiseS) * 1000
  const registry = createRegistry({ database, clock, log, bus: deps.bus, saver, pollPauseMs, random, onLost })

  function sweep(): Promise<FoundDevice[]> {
    const targets = (deps.discoveryTargets ?? (() => broadcastTargets(false)))()
    sweepUnderWay ??= callOut({ targets, clock, log, signal: stopping.signal }).finally(() => (sweepUnderWay = null))
    return sweepUnderWay
  }

  function onLost(): void {
    const now = clock.monotonic()
    if (now - lastLostSweepAt < LOST_SWEEP_EVERY_MS || stopping.signal.aborted) return
    lastLostSweepAt = now
    followLost().catch((error: unknown) => log.warn({ err: error }, 'Could not look for lost plugs'))
  }

  /** Known devices that answered from another address are followed; unknown ones wait for a person to add them. */
  async function followLost(): Promise<void> {
    const found = await sweep()
    if (!stopping.signal.aborted) await registry.admit(found.filter(({ info }) => registry.watch(info.mac)))
  }

  async function view(id: string): Promise<Plug> {
    const { watch, outlet } = registry.find(id)
    return watch.view(outlet)
  }

  const plugs: Omit<Plugs, 'routes'> = {
    name: 'plugs',
    async start() {
      stopping = new AbortController()
      await saver.start()
      await registry.load()
    },
    async stop() {
      stopping.abort()
      await sweepUnderWay?.catch(() => [])
      await registry.stop()
      await saver.stop()
    },
    list: async () => registry.views(),
    get: view,
    async switch(id, on) {
      const { watch, outlet } = registry.find(id)
      try {
        await watch.switch(outlet, on)
      } finally {
        // Watts follow the switch, and what did not answer is looked at again at once.
        watch.wake()
      }
      return watch.view(outlet)
    },
    add: (host) => addByAddress(registry, host, clock, stopping.signal),
    async discover() {
      const found = await sweep()
      const added = await registry.admit(found)
      const count = found.reduce((sum, { info }) => sum + info.outlets.length, 0)
      return { found: count, added, plugs: registry.views() }
    },
    rename: async (id, name) => {
      await registry.rename(id, name)
      return view(id)
    },
    remove: (id) => registry.remove(id),
    setWatched(now) {
      if (watched === now) return
      watched = now
      if (now) for (const watch of registry.watches()) watch.wake()
    },
  }
  return { ...plugs, routes: createPlugRoutes(plugs) }
}

async function addByAddress(registry: Registry, text: string, clock: Clock, signal: AbortSignal): Promise<Plug[]> {
  const { host, port } = parsePlugAddress(text)
  const client = createDeviceClient({ host, port, queues: registry.queues, clock, signal })
  const { info } = await client.read('person')
  await registry.admit([{ info, host, port }])
  const watch = registry.watch(info.mac)
  if (!watch) throw new LaresError('conflict', 'The plug was removed while it was added.')
  await watch.poll()
  return watch.outlets.map(watch.view)
}
