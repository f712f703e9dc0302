import type { Accounts } from '../../accounts/types.ts'
import type { AlertDecision } from '../../api/alert-rules.ts'
import type { Audit } from '../../audit/types.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import type { Database } from '../../db/database.ts'
import type { Events } from '../../events.ts'
import { maySeeCamera, type RequestContext, type Route } from '../../http/route.ts'
import type { IncidentHook, Incidents } from '../../incidents/types.ts'
import type { Modes } from '../../modes/types.ts'
import type { Settings } from '../../settings/types.ts'
import type { QueueNotice } from '../notice.ts'
import { decisionsOf, namesOf } from './decision-store.ts'
import { createEvaluator } from './evaluate.ts'
import { createHoldsLoop } from './holds-loop.ts'
import { createPeace } from './peace.ts'
import { ruleRoutes } from './rule-routes.ts'
import { listRules } from './rule-store.ts'
import { createRules } from './rules.ts'

export interface AlertRulesDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  audit: Pick<Audit, 'record'>
  accounts: Pick<Accounts, 'audience'>
  incidents: Pick<Incidents, 'get' | 'list'>
  modes: Pick<Modes, 'state' | 'entryDelay' | 'modesSince'>
  queueNotice: QueueNotice
  /** null: there is none (any more). */
  cameraName(id: string): string | null
  /** The same of zones. */
  zone(id: string): { name: string; cameraId: string } | null
}

export interface AlertRules extends Part {
  readonly routes: readonly Route[]
  readonly incidentHook: IncidentHook
}

/** Who is told what, when, and why. */
export function createAlertRules(deps: AlertRulesDeps): AlertRules {
  const { database, bus } = deps
  const names = { camera: deps.cameraName, zone: (id: string) => deps.zone(id)?.name ?? null }
  const rules = createRules({ ...deps, names })
  const evaluator = createEvaluator({ ...deps, names, rules: (trx) => rules.active(trx), onHeld: () => holds.wake() })
  const holds = createHoldsLoop({ ...deps, evaluator })
  let stopListening = (): void => undefined
  return {
    name: 'alert rules',
    routes: ruleRoutes({
      ...{ rules, ...createPeace(deps) },
      decisionsOf: (request, incidentId) => describeDecisions(database, request, incidentId),
    }),
    incidentHook: (trx, change, incident) => evaluator.onIncident(trx, change, incident),
    async start() {
      stopListening = bus.on('mode.changed', 'alerts', () => holds.wake())
      await holds.start()
    },
    async stop() {
      stopListening()
      await holds.stop()
    },
  }
}

async function describeDecisions(
  { reader }: Database,
  { principal }: RequestContext,
  incidentId: string,
): Promise<AlertDecision[]> {
  const all = await decisionsOf(reader, incidentId)
  if (all.some(({ cameraId }) => !maySeeCamera(principal, cameraId)))
    throw new LaresError('not-found', 'There is no such incident.')
  const names = await namesOf(reader, [...new Set(all.flatMap(({ people }) => people))])
  const known = new Set((await listRules(reader)).map(({ id }) => id))
  return all.map(({ at, ruleId, ruleWords, outcome, code, reason, people }) => ({
    ...{ at, rule: ruleWords, outcome, code, reason, ruleId: known.has(ruleId) ? ruleId : null },
    people: people.map((id) => names.get(id) ?? 'somebody who is gone'),
  }))
}
