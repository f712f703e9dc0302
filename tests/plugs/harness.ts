import { createBus } from '../../appliance/src/core/bus.ts'
import { systemClock, type Clock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { createPlugs, type Plugs } from '../../appliance/src/plugs/index.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { callRoute } from '../fakes/routes.ts'

export interface PlugsHome {
  plugs: Plugs
  database: TestDatabase
  /** Every plug.changed so far. */
  changes: Plug[]
  removed: string[]
  call<T>(method: string, path: string, body?: unknown): Promise<T>
  one(name: string): Promise<Plug>
  stop(): Promise<void>
}

export interface PlugsHomeOptions {
  database?: TestDatabase
  clock?: Clock
  /** Where discovery calls; nowhere when left out. */
  broadcast?: { address: string; broadcast: string }
}

/** The plugs of a home with a real database, through their routes. */
export async function startPlugsHome(options: PlugsHomeOptions = {}): Promise<PlugsHome> {
  const database = options.database ?? (await openTestDatabase())
  const bus = createBus<Events>(silentLog())
  const changes: Plug[] = []
  const removed: string[] = []
  bus.on('plug.changed', 'test', (plug) => void changes.push(plug))
  bus.on('plug.removed', 'test', ({ id }) => void removed.push(id))
  const plugs = createPlugs({
    database,
    clock: options.clock ?? systemClock,
    log: silentLog(),
    bus,
    settings: createFakeSettings(),
    discoveryTargets: () => (options.broadcast ? [options.broadcast] : []),
    random: () => 0.5,
  })
  await plugs.start()
  const call = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    callRoute<T>(plugs.routes, method, path, { body })
  return {
    plugs,
    database,
    changes,
    removed,
    call,
    async one(name) {
      const { plugs: all } = await call<{ plugs: Plug[] }>('GET', '/api/plugs')
      const found = all.find((plug) => plug.name === name)
      if (!found) throw new Error(`No plug ${name} among ${all.map((plug) => plug.name).join(', ')}`)
      return found
    },
    async stop() {
      await plugs.stop()
      if (options.database === undefined) await database.close()
    },
  }
}

/** Polls `ask` until it answers something true; fails after `limitMs`. */
export async function until<T>(
  words: string,
  ask: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  limitMs = 10_000,
): Promise<T> {
  const endAt = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > endAt) throw new Error(`Not within ${limitMs} ms: ${words}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
