import type { PlugWatch } from '../../api/alert-rules.ts'
import type { Plug } from '../../api/plugs.ts'
import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import { homeClock } from '../../core/home-time.ts'
import type { Log } from '../../core/log.ts'
import { supervise } from '../../core/supervise.ts'
import type { Database } from '../../db/database.ts'
import type { Notices } from '../../health/types.ts'
import type { RequestContext } from '../../http/route.ts'
import { homeTimeZone, type Settings } from '../../settings/index.ts'
import { deleteWatch, listWatches, putWatch, type StoredWatch } from './plug-watch-store.ts'

export interface PlugWatchDeps {
  database: Database
  clock: Clock
  log: Log
  notices: Pick<Notices, 'raise' | 'clear'>
  settings: Settings
  audit: Pick<Audit, 'record'>
  /** Throws `not-found`. */
  findPlug(id: string): Promise<Plug>
}

const LOOK_EVERY_MS = 20_000
/** That it still draws power is written this rarely: cards wear out. */
const SAVE_EVERY_MS = 5 * 60_000
const MINUTE_MS = 60_000

const noticeId = (plugId: string): string => `plug.${plugId}`

function toApi({ minPowerMw, afterMs }: StoredWatch): PlugWatch {
  return { minWatts: minPowerMw / 1_000, afterMin: Math.round(afterMs / MINUTE_MS) }
}

function requireMeter({ can, name }: Plug): void {
  if (!can.includes('meter')) throw new LaresError('unsupported', `${name} cannot measure what it switches.`)
}

const recordOf = ({ principal: who, address, userAgent }: RequestContext, id: string) =>
  ({ type: 'alert_options_changed', who, address, userAgent, resource: `plug-watch:${id}` }) as const

/** What is watched, in memory; what it is found to do is judged now and then. */
function createJudging({ database, clock, log, notices, settings, findPlug }: PlugWatchDeps) {
  const watches = new Map<string, StoredWatch>()
  const savedAt = new Map<string, number>()

  async function save(watch: StoredWatch): Promise<void> {
    savedAt.set(watch.plugId, clock.monotonic())
    await putWatch(database.writer, watch).catch((error: unknown) =>
      log.warn({ err: messageOf(error) }, 'Cannot note that a plug draws power'),
    )
  }

  async function judge(watch: StoredWatch): Promise<void> {
    if (clock.now() - watch.drewAt < watch.afterMs) return notices.clear(noticeId(watch.plugId))
    const plug = await findPlug(watch.plugId).catch(() => null)
    if (!plug) return
    const since = homeClock(watch.drewAt, settings.get(homeTimeZone))
    const title = plug.reachable ? `${plug.name} draws no power` : `${plug.name} does not answer`
    const found = plug.reachable
      ? `Less than ${toApi(watch).minWatts} W since ${since}.`
      : `Whether it draws power is not known since ${since}.`
    const detail = `${found} Look whether it still runs.`
    notices.raise({ id: noticeId(watch.plugId), level: 'problem', title, detail, link: '/plugs' })
  }

  const loop = supervise({
    ...{ name: 'plugs that must run', clock, log, pauseMs: LOOK_EVERY_MS },
    async runOnce() {
      for (const watch of [...watches.values()]) await judge(watch)
    },
  })

  return {
    ...{ watches, loop },
    see(plug: Plug): void {
      const watch = watches.get(plug.id)
      if (!watch || !plug.reachable || !plug.reading || plug.reading.powerMw < watch.minPowerMw) return
      watch.drewAt = clock.now()
      notices.clear(noticeId(plug.id))
      const saved = savedAt.get(plug.id)
      if (saved === undefined || clock.monotonic() - saved >= SAVE_EVERY_MS) void save(watch)
    },
  }
}

/** Plugs that must go on drawing power, such as a freezer's. */
export function createPlugWatch(deps: PlugWatchDeps) {
  const { database, clock, notices, audit, findPlug } = deps
  const { watches, loop, see } = createJudging(deps)
  const drop = (plugId: string): void => {
    watches.delete(plugId)
    notices.clear(noticeId(plugId))
  }
  return {
    see,
    /** `lastAliveAt`: what stood still while the box was off is not counted. */
    async start(lastAliveAt: number | null): Promise<void> {
      const now = clock.now()
      for (const watch of await listWatches(database.writer)) {
        const stillMs = Math.max(0, (lastAliveAt ?? watch.drewAt) - watch.drewAt)
        watches.set(watch.plugId, { ...watch, drewAt: now - Math.min(stillMs, watch.afterMs - 1) })
      }
      await loop.start()
    },
    stop: () => loop.stop(),
    async forget(plugId: string): Promise<void> {
      drop(plugId)
      await deleteWatch(database.writer, plugId)
    },
    async get(plugId: string): Promise<PlugWatch | null> {
      await findPlug(plugId)
      const watch = watches.get(plugId)
      return watch ? toApi(watch) : null
    },
    async set(request: RequestContext, plugId: string, { minWatts, afterMin }: PlugWatch): Promise<PlugWatch> {
      requireMeter(await findPlug(plugId))
      const limits = { minPowerMw: Math.round(minWatts * 1_000), afterMs: afterMin * MINUTE_MS }
      const watch: StoredWatch = { plugId, ...limits, drewAt: clock.now() }
      await database.transaction(async (trx) => {
        await putWatch(trx, watch)
        await audit.record(trx, recordOf(request, plugId))
      })
      watches.set(plugId, watch)
      notices.clear(noticeId(plugId))
      return toApi(watch)
    },
    async remove(request: RequestContext, plugId: string): Promise<void> {
      await database.transaction(async (trx) => {
        await deleteWatch(trx, plugId)
        await audit.record(trx, recordOf(request, plugId))
      })
      drop(plugId)
    },
  }
}

export type PlugWatcher = ReturnType<typeof createPlugWatch>
