import type { Audit } from '../audit/types.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { MediaFolder } from '../media/index.ts'
import type { Settings } from '../settings/types.ts'
import { Adding } from './adding/adding.ts'
import { Arrangement } from './arrangement/arrangement.ts'
import { createControl } from './control.ts'
import { accountActions } from './credentials/account-actions.ts'
import { PlugAccounts } from './credentials/plug-accounts.ts'
import type { BroadcastTarget } from './discovery/interfaces.ts'
import { createListeners } from './listeners.ts'
import { createNetwork, type Network } from './network.ts'
import { ownersWords } from './owners-words.ts'
import { createPictures } from './pictures.ts'
import { createPollPace } from './poll-pace.ts'
import { createPlugNotices } from './plug-notices.ts'
import { createRecorder } from './recorder.ts'
import { Registry } from './registry.ts'
import { createPlugRoutes } from './routes.ts'
import { createStateSaver } from './state-saver.ts'
import type { Measurement, PlugActions, Plugs } from './types.ts'

export type { Measurement, Plugs, Wish } from './types.ts'
export { plugSettings } from './settings.ts'

export interface PlugsDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  audit: Pick<Audit, 'record' | 'note'>
  notices: NoticeBoard
  /** Where pictures lie. */
  folder: MediaFolder
  /** Where to call for plugs; every IPv4 network of this box when left out. */
  discoveryTargets?: () => BroadcastTarget[]
  /** 0–1, for jitter. */
  random?: () => number
}

/** Everything there is, tied together. */
interface Parts {
  registry: Registry
  adding: Adding
  network: Network
  arrangement: Arrangement
  accounts: PlugAccounts
  saver: ReturnType<typeof createStateSaver>
  pace: ReturnType<typeof createPollPace>
  measured: ReturnType<typeof createListeners<Measurement>>
}

export function createPlugs(deps: PlugsDeps): Plugs {
  const log = deps.log.child({ part: 'plugs' })
  const recorder = createRecorder(deps.audit)
  const parts = build({ ...deps, log }, recorder)
  const { registry, adding, network, arrangement, accounts, saver, pace, measured } = parts
  const control = createControl({ registry, clock: deps.clock, watchFor: pace.watchFor })
  const words = ownersWords({
    ...{ registry, arrangement, database: deps.database, clock: deps.clock },
    pictures: createPictures(deps.folder, log),
  })
  const actions: PlugActions = {
    ...control,
    ...words,
    list: async () => registry.views(),
    add: (host, by) => adding.byAddress(host, by),
    discover: (by) => adding.discover(by),
    startScan: (range, by) => adding.startScan(range, by),
    scan: () => adding.scan(),
    diagnose: (id) => network.diagnose(registry.find(id).watch),
  }
  return {
    name: 'plugs',
    list: actions.list,
    get: async (id) => registry.view(id),
    identity: (id) => {
      const { mac, outlet } = registry.find(id).outlet
      return { mac, outlet }
    },
    switch: control.switch,
    together: control.together,
    onMeasured: measured.listen,
    setWatched: pace.setWatched,
    watchClosely: pace.watchClosely,
    routes: createPlugRoutes({
      plugs: actions,
      arrangement,
      accounts: accountActions({ accounts, registry, network }),
      recorder,
    }),
    async start() {
      network.start()
      await accounts.load()
      await arrangement.load()
      await saver.start()
      await registry.load()
    },
    async stop() {
      pace.stop()
      await network.stop()
      await registry.stop()
      await saver.stop()
    },
  }
}

function build(deps: PlugsDeps, recorder: ReturnType<typeof createRecorder>): Parts {
  const { database, clock, log, bus, settings, random = Math.random } = deps
  const saver = createStateSaver({ database, clock, log })
  const measured = createListeners<Measurement>('readings of plugs', log)
  const pace = createPollPace({ settings, clock, registry: () => registry })
  const notices = createPlugNotices(deps.notices)
  const accounts = new PlugAccounts({
    ...{ database, secretBox: deps.secretBox, clock, log, recorder },
    onChanged: () => registry.watches().forEach((watch) => watch.credentialsChanged()),
  })
  const network = createNetwork({
    ...{ clock, log, notices },
    targets: deps.discoveryTargets,
    credentials: () => accounts.all(),
    onFoundWhileLost: (found) => adding.follow(found),
    onMemory: (mac, memory) => registry.keepMemory(mac, memory),
    plugOf: (mac) => registry.watch(mac)?.outlets[0] ?? null,
  })
  const registry: Registry = new Registry({
    ...{ database, clock, log, bus, saver, recorder, random },
    openLink: network.openLink,
    pollPauseMs: pace.pauseMs,
    onLost: () => network.lost(),
    onMeasured: measured.hand,
  })
  const adding: Adding = new Adding({ registry, reach: network, onWaiting: notices.waiting })
  const arrangement = new Arrangement({
    ...{ database, clock, bus, recorder },
    requirePlug: (id) => registry.find(id),
    onRoomRemoved: (roomId) => registry.roomRemoved(roomId),
  })
  return { registry, adding, network, arrangement, accounts, saver, pace, measured }
}
