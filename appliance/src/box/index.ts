import type { BoxFacts } from '../api/updates.ts'
import type { Audit, AuditEvent } from '../audit/types.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Database } from '../db/database.ts'
import type { Host } from '../host/index.ts'
import type { RequestContext } from '../http/route.ts'
import { homeName, type Settings } from '../settings/index.ts'
import { boxRoutes } from './routes.ts'
import type { Box } from './types.ts'
import { askForWipe } from './wipe.ts'

export type * from './types.ts'
export { askForWipe, wipeIfAsked } from './wipe.ts'

export interface BoxDeps {
  dataDir: string
  database: Database
  settings: Settings
  audit: Pick<Audit, 'record'>
  notices: NoticeBoard
  host: Host
  clock: Clock
  log: Log
  /** Folders outside the data folder that Lares uses and a reset does not touch. */
  outside: readonly string[]
  /** Ends this process; whoever started it starts it anew. */
  leave(): void
}

/** Long enough for the answer to go out. */
const LEAVE_MS = 1_000
const STAYS_ON_A_BOX = [
  'Both systems and their version',
  'Files on the first partition of the card, such as lares.toml',
]

/** On its own a sentence for the setup page, too: such a box looks as if it were new. */
export const IN_MEMORY_ONLY =
  'The card has no part that data can be kept on. What you do now is forgotten at the next restart: try another card.'

/** The box itself: on, off, and as new. */
export function createBox(deps: BoxDeps): Box {
  const { dataDir, database, settings, audit, notices, host, clock, log } = deps

  async function record(type: AuditEvent['type'], { principal: who, address, userAgent }: RequestContext) {
    const event = { type, severity: 'WARNING', who, address, userAgent, resource: 'box' } as const
    await database.transaction((trx) => audit.record(trx, event))
    log.warn({ by: who?.username, address }, `Asked for: ${type.replaceAll('_', ' ')}`)
  }

  async function facts(): Promise<BoxFacts> {
    const [canPower, canReset] = [await host.can('power'), await host.can('factory-reset')]
    return {
      ...{ canRestart: canPower, canPowerOff: canPower, reset: canReset ? 'box' : 'data' },
      homeName: settings.get(homeName),
      stays: canReset ? STAYS_ON_A_BOX : ['Lares itself and its settings file', ...deps.outside.map(folderWords)],
    }
  }

  async function reset(by: RequestContext, typed: string): Promise<void> {
    if (typed.trim() !== settings.get(homeName))
      throw new LaresError('invalid', 'That is not the name of this home. Nothing was changed.', {
        code: 'HOME_NAME_WRONG',
      })
    await record('factory_reset', by)
    if (await host.can('factory-reset')) return void (await host.call('factory-reset', {}))
    await askForWipe(dataDir)
    clock.after(LEAVE_MS, deps.leave)
  }

  /** Where nobody can be asked nothing is known, and updates say that in the log. */
  async function tellWhatIsWrong(): Promise<void> {
    if (!(await host.about())?.inMemoryOnly) return
    const title = 'Nothing is kept on the card'
    notices.raise({ id: 'box.in-memory-only', level: 'problem', title, detail: IN_MEMORY_ONLY, link: '/more/box' })
  }

  return {
    name: 'box',
    start: async () => undefined,
    async startLate() {
      // Nobody waits for it: the agent has to be started first, and may be silent.
      void tellWhatIsWrong().catch((error: unknown) => log.warn({ err: messageOf(error) }, 'The box is silent'))
    },
    stop: async () => undefined,
    routes: boxRoutes({
      ...{ facts, reset },
      async restart(by) {
        await record('box_restarted', by)
        await host.call('power.restart', {})
      },
      async powerOff(by) {
        await record('box_powered_off', by)
        await host.call('power.off', {})
      },
    }),
  }
}

const folderWords = (folder: string): string => `The folder ${folder}`
