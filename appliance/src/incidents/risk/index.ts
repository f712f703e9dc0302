import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import type { Database } from '../../db/index.ts'
import type { Route } from '../../http/route.ts'
import type { Settings } from '../../settings/index.ts'
import type { IncidentMedia } from '../types.ts'
import type { IncidentWriter } from '../writer.ts'
import { findPrompt } from './assessment-store.ts'
import { createAssessor, type Assessor } from './assessor.ts'
import { forgetCamera } from './baseline-store.ts'
import { createExpectations } from './expectations.ts'
import { createFacts } from './facts.ts'
import { Language } from './language/language-loop.ts'
import { riskRoutes } from './routes.ts'
import { llmUrl } from './settings.ts'
import type { HouseContext } from './types.ts'

export interface RiskDeps {
  database: Database
  settings: Settings
  media: Pick<IncidentMedia, 'folder'>
  house: HouseContext
  clock: Clock
  log: Log
}

/** How bad is it, and is it real. */
export interface Risk {
  /** For the writer: judges in the incident's own transaction. */
  readonly assessor: Assessor
  /** Asks the language model; needs the writer, which needs the assessor. */
  connect(deps: RiskConnections): RiskPart
}

export interface RiskConnections {
  writer: Pick<IncidentWriter, 'judge'>
  /** Throws `not-found` for an incident that they may not see. */
  mustSee(incidentId: string, visible: ReadonlySet<string> | null): Promise<unknown>
}

export interface RiskPart extends Part {
  readonly routes: readonly Route[]
  /** An incident began, grew or ended: it may be due. */
  wake(): void
  forgetCamera(cameraId: string): Promise<void>
}

export function createRisk({ database, settings, media, house, clock, log }: RiskDeps): Risk {
  const expectations = createExpectations({ database, clock })
  const facts = createFacts({ database, settings, house, expectations })
  const hasLanguage = (): boolean => settings.get(llmUrl) !== ''
  return {
    assessor: createAssessor({ clock, log, settings, facts, hasLanguage }),
    connect({ writer, mustSee }) {
      const language = new Language({ database, settings, media, writer, clock, log })
      async function prompt(incidentId: string, visible: ReadonlySet<string> | null) {
        await mustSee(incidentId, visible)
        const found = await findPrompt(database.reader, incidentId)
        if (found) return found
        throw new LaresError('not-found', 'The language model was not asked about this incident.')
      }
      return {
        name: 'risk',
        routes: riskRoutes({ expectations, language, prompt }),
        wake: () => language.wake(),
        forgetCamera: (cameraId) => database.transaction((trx) => forgetCamera(trx, cameraId)),
        async start() {
          await expectations.load()
          await language.start()
        },
        stop: () => language.stop(),
      }
    },
  }
}
