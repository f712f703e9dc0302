import type { Audit } from '../../audit/types.ts'
import type { Plug } from '../../api/plugs.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import type { Database } from '../../db/database.ts'
import type { Events } from '../../events.ts'
import type { Notices } from '../../health/types.ts'
import type { Route } from '../../http/route.ts'
import type { Modes } from '../../modes/types.ts'
import type { Settings } from '../../settings/types.ts'
import type { QueueNotice } from '../notice.ts'
import { createAcceleratorWatch } from './accelerator.ts'
import { createLifeline } from './lifeline.ts'
import { createPlugWatch } from './plug-watch.ts'
import { plugWatchRoutes } from './plug-watch-routes.ts'
import { createSignInWatch } from './sign-ins.ts'
import { createTeller } from './teller.ts'

export interface OwnHealthDeps {
  database: Database
  dataDir: string
  clock: Clock
  log: Log
  bus: Bus<Events>
  notices: Notices
  settings: Settings
  audit: Pick<Audit, 'record' | 'onEntry'>
  modes: Pick<Modes, 'state'>
  queueNotice: QueueNotice
  isCameraLive(id: string): boolean
  findPlug(id: string): Promise<Plug>
  clockTrusted(): boolean
}

export interface OwnHealth extends Part {
  readonly routes: readonly Route[]
}

/** What the box tells its people about itself, by the same way as incidents. */
export function createOwnHealth(deps: OwnHealthDeps): OwnHealth {
  const { bus, audit } = deps
  const log = deps.log.child({ part: 'own health' })
  const teller = createTeller({ ...deps, log })
  const lifeline = createLifeline({ ...deps, log })
  const plugs = createPlugWatch({ ...deps, log })
  const accelerator = createAcceleratorWatch(deps.notices)
  const onSignIn = createSignInWatch(deps)
  let stopListening: (() => void)[] = []

  return {
    name: 'own health',
    routes: plugWatchRoutes(plugs),
    async start() {
      stopListening = [
        bus.on('notices.changed', 'own health', () => teller.wake()),
        bus.on('plug.changed', 'own health', (plug) => plugs.see(plug)),
        bus.on('plug.removed', 'own health', ({ id }) => plugs.forget(id)),
        bus.on('detector.changed', 'own health', accelerator),
        audit.onEntry((entry) => {
          void onSignIn(entry).catch((error: unknown) =>
            log.error({ err: messageOf(error) }, 'Cannot tell of a sign-in'),
          )
        }),
      ]
      await plugs.start(await lifeline.lastAliveAt())
      await lifeline.start()
      await teller.start()
    },
    async stop() {
      for (const stop of stopListening) stop()
      await teller.stop()
      await plugs.stop()
      await lifeline.stop()
    },
  }
}
