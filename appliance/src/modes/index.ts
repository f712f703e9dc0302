import type { Accounts } from '../accounts/types.ts'
import type { Audit } from '../audit/types.ts'
import type { Bus } from '../core/bus.ts'
import { sleep, type Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { RequestContext } from '../http/route.ts'
import { homeTimeZone, type Settings } from '../settings/index.ts'
import { createModeKeeper, type ModeKeeper } from './mode-keeper.ts'
import { newestChanges } from './mode-store.ts'
import { changeOptions, readOptions } from './options.ts'
import { createPresenceProbe, type PresenceProbe } from './presence/presence-probe.ts'
import { createPresence, type PresenceKeeper } from './presence/presence.ts'
import { modeRoutes, presenceRoutes } from './routes.ts'
import { latestPoint, scheduledChange } from './schedule.ts'
import * as own from './settings.ts'
import type { Modes } from './types.ts'

export type { EntryDelay, Modes } from './types.ts'
export { modeSettings } from './settings.ts'

export interface ModesDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  audit: Pick<Audit, 'record'>
  accounts: Pick<Accounts, 'listPeople'>
  /** How a phone is looked for; on the home network when left out. */
  probe?: PresenceProbe
}

const SCHEDULE_EVERY_MS = 10_000
const SHOWN_CHANGES = 50
const REPLAYED_CHANGES = 2_000

/** Home, away, night, off: by tap, by the clock, by who is home; with time to leave and time to come in. */
export function createModes(deps: ModesDeps): Modes {
  const { clock, bus, settings, database } = deps
  const log = deps.log.child({ part: 'modes' })
  const keeper = createModeKeeper({ ...deps, log })
  const probe = deps.probe ?? createPresenceProbe({ clock, pause: (ms, signal) => sleep(clock, ms, signal) })
  const presence = createPresence({ ...deps, log, probe, onHouse: (state) => followHouse(keeper, deps, state) })
  const clockwork = supervise({
    ...{ name: 'schedule of the modes', clock, log, pauseMs: SCHEDULE_EVERY_MS },
    runOnce: () => followSchedule(keeper, deps),
  })
  let stopListening = (): void => undefined

  return {
    name: 'modes',
    routes: [
      ...modeRoutes({
        state: () => keeper.state(),
        set: (request, mode, now) => choose(keeper, deps, request, { mode, now }),
        history: () => keeper.history(SHOWN_CHANGES),
        options: () => readOptions(settings),
        changeOptions: (request, options) => changeOptions(deps, request, options),
      }),
      ...presenceRoutes(presence),
    ],
    state: () => keeper.state(),
    set: async (mode, by) => void (await keeper.change({ mode, cause: 'program', userName: by })),
    entryDelay: () => ({
      ...{ delayMs: settings.get(own.entryDelayS) * 1_000, cameras: settings.get(own.entryCameras) },
    }),
    people: () => presence.people(),
    atHome: () => namesAtHome(presence),
    async modesSince(sinceMs) {
      const changes = (await newestChanges(database.reader, REPLAYED_CHANGES)).map(({ mode, effectiveAt: at }) => ({
        ...{ mode, at },
      }))
      const first = changes.findIndex(({ at }) => at <= sinceMs)
      return first === -1 ? [...changes, { mode: 'home', at: 0 }] : changes.slice(0, first + 1)
    },
    async start() {
      await keeper.load()
      await presence.start()
      stopListening = bus.on('account.changed', 'modes', () => presence.reload())
      await clockwork.start()
    },
    async stop() {
      stopListening()
      await clockwork.stop()
      await presence.stop()
      keeper.stop()
    },
  }
}

async function choose(
  keeper: ModeKeeper,
  { accounts }: ModesDeps,
  request: RequestContext,
  { mode, now }: { mode: Parameters<ModeKeeper['change']>[0]['mode']; now: boolean },
) {
  const { principal } = request
  const person = (await accounts.listPeople()).find(({ id }) => id === principal?.userId)
  const isProgram = principal?.kind === 'api-key'
  const userName = isProgram ? principal.username : (person?.displayName ?? principal?.username ?? '')
  return keeper.change({ mode, now, request, userName, cause: isProgram ? 'program' : 'tap' })
}

async function followSchedule(keeper: ModeKeeper, { clock, settings }: ModesDeps): Promise<void> {
  const { mode, next } = keeper.state()
  const change = scheduledChange({
    ...{ schedule: settings.get(own.modeSchedule), scheduleSince: settings.get(own.scheduleSince) },
    ...{ mode: next?.mode ?? mode, chosenAt: keeper.chosenAt() },
    ...{ now: clock.now(), timeZone: settings.get(homeTimeZone) },
  })
  if (change) await keeper.change({ mode: change, cause: 'schedule' })
}

/** The last one has left, or the first is back. Who comes back at night comes back into the night. */
async function followHouse(
  keeper: ModeKeeper,
  { clock, settings }: ModesDeps,
  state: 'empty' | 'lived-in',
): Promise<void> {
  const { mode } = keeper.state()
  if (state === 'empty' && settings.get(own.awayWhenEmpty) && mode !== 'away')
    await keeper.change({ mode: 'away', cause: 'presence' })
  if (state === 'lived-in' && settings.get(own.homeWhenBack) && mode === 'away') {
    const scheduled = latestPoint(settings.get(own.modeSchedule), clock.now(), settings.get(homeTimeZone))
    await keeper.change({ mode: scheduled?.mode === 'night' ? 'night' : 'home', cause: 'presence' })
  }
}

function namesAtHome(presence: PresenceKeeper): readonly string[] | null {
  const people = presence.people().filter(({ state }) => state !== 'unknown')
  return people.length === 0 ? null : people.filter(({ state }) => state === 'home').map(({ name }) => name)
}
