import type { Accounts } from '../../accounts/types.ts'
import type { Incident } from '../../api/incidents.ts'
import type { Clock } from '../../core/clock.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { IncidentChange } from '../../incidents/types.ts'
import type { Modes } from '../../modes/types.ts'
import { homeTimeZone, type Settings } from '../../settings/index.ts'
import type { AlertNotice, QueueNotice } from '../notice.ts'
import { EVERY_CAMERA, snoozesAt } from '../told/snooze-store.ts'
import { lastedMs, windowOf } from './checks.ts'
import { decide, type DecideContext, type Decision, type Rule } from './decide.ts'
import { decisionsOfVisit, insertDecisions, toldSince, type StoredDecision } from './decision-store.ts'
import { quietTimes } from '../settings.ts'
import { visitOf, type Visit } from './visit.ts'
import { noticeBody, noticeTitle, reasonWords, ruleWords, type NamesInRules } from './words.ts'

export interface EvaluateDeps {
  database: Database
  clock: Clock
  settings: Settings
  accounts: Pick<Accounts, 'audience'>
  modes: Pick<Modes, 'state' | 'entryDelay'>
  queueNotice: QueueNotice
  /** Those that are switched on, from memory where they were read before. */
  rules(trx: Trx): Promise<readonly Rule[]>
  names: NamesInRules
  /** Something waits: it has to be looked at again. */
  onHeld(): void
}

export interface Evaluator {
  /** In the incident's own transaction. */
  onIncident(trx: Trx, change: IncidentChange, incident: Incident): Promise<void>
  /** Looks again at something that waited. */
  again(trx: Trx, incident: Incident): Promise<void>
}

const TTL_S = 5 * 60
/** Between changes that could matter it is looked at this often: times of day begin, cooldowns end. */
const LOOK_EVERY_MS = 15_000

/** What is the same as a moment ago decides the same: an incident is written every second while it lasts. */
function createSameness() {
  const known = new Map<string, string>()
  return {
    isSame(visit: Visit, context: { at: number; mode: string }, rules: readonly Rule[]): boolean {
      const reached = rules.filter((rule) => lastedMs(rule, visit) >= rule.dwellS * 1_000).length
      const { band, verdict, feedback, classes, zones } = visit
      const kinds = classes.map((each) => each.class)
      const facts = [
        band,
        verdict,
        feedback,
        kinds,
        zones,
        reached,
        context.mode,
        Math.floor(context.at / LOOK_EVERY_MS),
      ]
      const now = JSON.stringify(facts)
      if (known.get(visit.id) === now) return true
      known.set(visit.id, now)
      return false
    },
    forget: (id: string) => void known.delete(id),
  }
}

/** Rows for what is different from what is kept already. */
function newsOf(
  decisions: readonly Decision[],
  earlier: readonly StoredDecision[],
  row: (decision: Decision) => StoredDecision,
): StoredDecision[] {
  return decisions
    .filter(({ ruleId, outcome, code }) => {
      if (code === 'told-before') return false
      const before = earlier.findLast((each) => each.ruleId === ruleId)
      return outcome === 'told' || before?.code !== code
    })
    .map(row)
}

function noticeOf(decision: Decision, rule: Rule, visit: Visit, hasPicture: boolean, timeZone: string): AlertNotice {
  const { id: incidentId, cameraId } = visit
  return {
    subject: { kind: 'incident', incidentId, cameraId },
    ...{ state: decision.state, ruleId: rule.id, ttlS: TTL_S, urgency: decision.urgency },
    reason: decision.reason,
    ...{ title: noticeTitle(visit), body: noticeBody(visit, decision, timeZone) },
    ...(hasPicture && { pictureIncidentId: incidentId }),
    actions: rule.lightPlugId === null ? ['expected', 'snooze'] : ['expected', 'snooze', 'light'],
    ...(rule.lightPlugId !== null && { lightPlugId: rule.lightPlugId }),
    audience: { permission: 'incidents.view', userIds: decision.people },
    channels: rule.channels.length === 0 ? 'all' : rule.channels,
  }
}

/** From an incident to who is told, with everything written in one transaction. */
export function createEvaluator(deps: EvaluateDeps): Evaluator {
  const { database, clock, settings, accounts, modes } = deps
  const sameness = createSameness()

  async function contextOf(
    trx: Trx,
    visit: Visit,
    partOf: string | null,
    rules: readonly Rule[],
  ): Promise<Omit<DecideContext, 'earlier'> & { earlier: StoredDecision[] }> {
    const at = clock.now()
    const quiet = settings.get(quietTimes)
    const longestS = Math.max(0, ...rules.map(({ cooldownS }) => cooldownS))
    const snoozes = await snoozesAt(trx, at)
    return {
      ...{ at, timeZone: settings.get(homeTimeZone), mode: modes.state().mode, entry: modes.entryDelay() },
      quietHours: quiet && windowOf(quiet),
      people: await accounts.audience(trx, 'incidents.view', visit.cameraId),
      snoozes: snoozes.filter(({ cameraId }) => cameraId === EVERY_CAMERA || cameraId === visit.cameraId),
      earlier: await decisionsOfVisit(trx, visit.id, partOf ?? visit.id),
      lastTold: longestS === 0 ? [] : await toldSince(trx, visit.cameraId, at - longestS * 1_000),
    }
  }

  async function evaluate(trx: Trx, change: IncidentChange, incident: Incident, anew: boolean): Promise<void> {
    const visit = visitOf(incident)
    if (change === 'closed') return sameness.forget(visit.id)
    const rules = await deps.rules(trx)
    const at = clock.now()
    if (sameness.isSame(visit, { at, mode: modes.state().mode }, rules) && !anew) return
    const context = await contextOf(trx, visit, incident.partOf, rules)
    const decisions = decide(rules, context, visit, change)
    const own = context.earlier.filter(({ incidentId }) => incidentId === visit.id)
    const byId = new Map(rules.map((rule) => [rule.id, rule]))
    const words = (id: string): string => {
      const rule = byId.get(id)
      return rule ? ruleWords(rule, deps.names) : ''
    }
    const rows = newsOf(decisions, own, (decision) => ({
      ...{ id: newId(at), incidentId: visit.id, cameraId: visit.cameraId, ruleId: decision.ruleId, at },
      ...{ ruleWords: words(decision.ruleId), outcome: decision.outcome, code: decision.code, until: decision.until },
      ...{ reason: reasonWords(decision, context.timeZone), classes: decision.classes, band: visit.band },
      ...{ verdict: visit.verdict, people: decision.people, channels: decision.channels },
    }))
    await insertDecisions(trx, rows)
    for (const decision of decisions) {
      const rule = byId.get(decision.ruleId)
      if (decision.outcome !== 'told' || !rule) continue
      const notice = noticeOf(decision, rule, visit, incident.snapshot !== null, context.timeZone)
      await deps.queueNotice(trx, { ...notice, reason: `${words(rule.id)}. ${decision.reason}` })
    }
    if (rows.some(({ outcome }) => outcome === 'held')) database.afterCommit(trx, deps.onHeld)
  }

  return {
    onIncident: (trx, change, incident) => evaluate(trx, change, incident, change === 'opened'),
    again: (trx, incident) => evaluate(trx, 'updated', incident, true),
  }
}
