import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBus } from '../../appliance/src/core/bus.ts'
import { systemClock, type Clock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import type { NoticeBoard } from '../../appliance/src/core/notices.ts'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import type { AuditEvent } from '../../appliance/src/audit/types.ts'
import { createMediaFolder } from '../../appliance/src/media/index.ts'
import { createPlugs, type Plugs } from '../../appliance/src/plugs/index.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { callRoute } from '../fakes/routes.ts'

export interface PlugsHome {
  plugs: Plugs
  database: TestDatabase
  /** Every plug.changed so far. */
  changes: Plug[]
  removed: string[]
  /** What went into the record. */
  recorded: AuditEvent[]
  /** Notices that stand. */
  notices: Map<string, Parameters<NoticeBoard['raise']>[0]>
  call<T>(method: string, path: string, body?: unknown): Promise<T>
  one(name: string): Promise<Plug>
  stop(): Promise<void>
}

export interface PlugsHomeOptions {
  database?: TestDatabase
  clock?: Clock
  /** Where pictures lie; a folder of its own when left out. */
  mediaDir?: string
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
  const recorded: AuditEvent[] = []
  const notices: PlugsHome['notices'] = new Map()
  const mediaDir = options.mediaDir ?? (await mkdtemp(join(tmpdir(), 'lares-plugs-')))
  const plugs = createPlugs({
    database,
    secretBox: createSecretBox(Buffer.alloc(32, 5)),
    audit: {
      record: async (_trx, event) => void recorded.push(event),
      note: (event) => void recorded.push(event),
    },
    notices: {
      raise: (notice) => void notices.set(notice.id, notice),
      clear: (id) => void notices.delete(id),
    },
    folder: createMediaFolder(mediaDir),
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
    recorded,
    notices,
    call,
    async one(name) {
      const { plugs: all } = await call<{ plugs: Plug[] }>('GET', '/api/plugs')
      const found = all.find((plug) => plug.name === name)
      if (!found) throw new Error(`No plug ${name} among ${all.map((plug) => plug.name).join(', ')}`)
      return found
    },
    async stop() {
      await plugs.stop()
      if (options.mediaDir === undefined) await rm(mediaDir, { recursive: true, force: true })
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
