import type { Audit } from '../audit/types.ts'
import type { Bus } from '../core/bus.ts'
import { sleep, type Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { FetchOptions } from '../core/fetch-file.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Host } from '../host/index.ts'
import type { Settings } from '../settings/index.ts'
import { createFeedLoop } from './feed-loop.ts'
import { createInstaller } from './install.ts'
import { UpdateKeeper } from './keeper.ts'
import { createNews } from './news.ts'
import type { Fitness } from './proof.ts'
import { createProving } from './proving-loop.ts'
import { createReceiver } from './receive.ts'
import { updateRoutes } from './routes.ts'
import type { Updates } from './types.ts'
import { wayOf } from './way.ts'

export type * from './types.ts'
export { updateSettings } from './settings.ts'
export { settleUpdate, type SettleDeps } from './settle.ts'
export { readVerdict, type Verdict } from './verdict.ts'

export interface UpdatesDeps {
  dataDir: string
  databaseFile: string
  database: Database
  settings: Settings
  audit: Pick<Audit, 'record'>
  bus: Bus<Events>
  notices: NoticeBoard
  host: Host
  clock: Clock
  log: Log
  version: string
  /** How the home is now, to be compared with how it is after an update. */
  fitness(): Promise<Fitness>
  /** Of all cameras that are still in the list. */
  cameraIds(): Promise<ReadonlySet<string>>
  fetch?: FetchOptions
  freeBytesOf?: (path: string) => Promise<number>
}

/** An agent has to be started and RAUC after it; one that is silent holds nothing up. */
const PATIENCE_MS = 5_000

/** New systems: taken in, checked, installed, tried, kept or taken back. */
export function createUpdates(deps: UpdatesDeps): Updates {
  const log = deps.log.child({ part: 'updates' })
  const { host, clock, fetch = {} } = deps
  let isKnown = false
  /** Once is enough; until then whoever needs it asks again. */
  const askBox = async (): Promise<void> => {
    if (isKnown) return
    await lookAround(host, keeper)
    isKnown = true
  }
  const keeper = new UpdateKeeper(deps)
  const receiver = createReceiver({ ...deps, keeper, fetch })
  const installer = createInstaller({ ...deps, log, keeper, receiver })
  const news = createNews({ ...deps, keeper })
  const feed = createFeedLoop({ ...deps, log, keeper, receiver, installer, fetch, askBox })
  const proving = createProving({ ...deps, log, keeper, afterwards: () => news.tell() })

  /** What was under way when the power went: begun anew by whoever began it. */
  async function tidy(): Promise<void> {
    const { phase } = keeper.record()
    if (phase === 'receiving') await keeper.change({ phase: 'idle', bundle: null, problem: null })
    if (phase === 'installing') {
      const problem = 'The box was restarted while it installed. Nothing has changed; install it again.'
      await keeper.change({ phase: 'verified', problem })
    }
    await keeper.sweep((name) => name.startsWith('.coming') || name.endsWith('.tmp'))
  }

  return {
    name: 'updates',
    routes: updateRoutes({ ...deps, keeper, receiver, installer, feed, news }),
    state: () => keeper.view(),
    async start() {
      await keeper.load()
      keeper.show({ way: wayOf(null) })
      await tidy()
    },
    async startLate() {
      const waited = new AbortController()
      const asking = askBox().catch((error: unknown) =>
        log.warn({ err: messageOf(error) }, 'Cannot ask the box about itself'),
      )
      await Promise.race([asking, sleep(clock, PATIENCE_MS, waited.signal)])
      waited.abort()
      await news.tell()
      await proving.start()
      await feed.start()
    },
    async stop() {
      await feed.stop()
      await proving.stop()
    },
  }
}

/** What the box says of itself, and what that means for an update that waits for its restart. */
async function lookAround(host: Host, keeper: UpdateKeeper): Promise<void> {
  const facts = await host.about()
  keeper.show({ way: wayOf(facts), imageVersion: facts?.imageVersion ?? null })
  if (keeper.passing().way !== 'bundle') return
  const slots = await host.call('updates.status', {})
  keeper.show({ slots })
  // The loader's word on what comes next is forgotten when the power goes.
  if (keeper.record().phase !== 'installed' || slots.primary !== slots.booted) return
  await keeper.change({
    phase: 'verified',
    restartAt: null,
    problem: 'The box was restarted meanwhile: install it again.',
  })
}
