import type { AlertChannel, AlertRuleBody } from '../../api/alert-rules.ts'
import type { ObjectClass } from '../../api/common.ts'
import type { Verdict } from '../../api/risk.ts'
import type { HomeMode, RiskBand } from '../../api/risk-bands.ts'
import type { IncidentChange } from '../../incidents/types.ts'
import type { WeekWindow } from '../../core/home-time.ts'
import { CHECKS, type Refusal } from './checks.ts'
import { bandRank, verdictRank, type Visit } from './visit.ts'

export interface Rule extends AlertRuleBody {
  id: string
}

export type Urgency = 'normal' | 'high' | 'critical'

/** What came of a rule earlier, for this visit or for another one on this camera. */
export interface EarlierDecision {
  ruleId: string
  incidentId: string
  cameraId: string
  at: number
  outcome: 'told' | 'held' | 'not-told'
  code: string
  classes: readonly ObjectClass[]
  band: RiskBand | null
  verdict: Verdict
  people: readonly string[]
  channels: readonly AlertChannel[]
}

export interface DecideContext {
  at: number
  timeZone: string
  mode: HomeMode
  quietHours: WeekWindow | null
  /** Alerts of entry cameras wait that long while away. */
  entry: { delayMs: number; cameras: readonly string[] }
  /** Ids of those who may see this camera's incidents. */
  people: readonly string[]
  /** Of people who want peace from this camera. */
  snoozes: readonly { userId: string; until: number }[]
  /** Of this visit, its parts on other cameras too; oldest first. */
  earlier: readonly EarlierDecision[]
  /** Of other visits: what was told, not longer ago than the longest cooldown. */
  lastTold: readonly EarlierDecision[]
}

export interface Decision {
  ruleId: string
  outcome: 'told' | 'held' | 'not-told'
  /** Stable name of the reason. */
  code: string
  /** One plain sentence. */
  reason: string
  /** Of a held one: when it is looked at again. */
  until: number | null
  state: 'opened' | 'escalated'
  urgency: Urgency
  classes: ObjectClass[]
  people: string[]
  channels: AlertChannel[]
}

export const ALL_CHANNELS: readonly AlertChannel[] = ['push', 'email', 'webhook', 'mqtt', 'ntfy']

/** Everything a check may look at. */
export interface Question {
  rule: Rule
  context: DecideContext
  visit: Visit
  /** Of the classes in sight those that the rule is about. */
  classes: ObjectClass[]
  urgency: Urgency
  /** What this rule told of this part of the visit last. */
  toldBefore: EarlierDecision | null
  /** More than what was told before: a higher band, a surer verdict, a person where there was none. */
  isMore: boolean
  /** Who would be told, before snoozes and other rules. */
  candidates: string[]
}

function urgencyOf({ band }: Visit, classes: readonly ObjectClass[]): Urgency {
  if (band === 'critical') return 'critical'
  return band === 'high' || classes.includes('person') ? 'high' : 'normal'
}

/** A surer verdict alone is worth a second word only where it matters. */
function isMoreThan(told: EarlierDecision, visit: Visit, classes: readonly ObjectClass[]): boolean {
  const rank = bandRank(visit.band)
  const isSurer = verdictRank(visit.verdict) > verdictRank(told.verdict)
  const isNewPerson = classes.includes('person') && !told.classes.includes('person')
  return rank > bandRank(told.band) || isNewPerson || (isSurer && rank >= bandRank('high'))
}

function questionOf(rule: Rule, context: DecideContext, visit: Visit): Question {
  const seen = visit.classes.map((each) => each.class)
  const classes = rule.classes.length === 0 ? seen : seen.filter((name) => rule.classes.includes(name))
  const own = context.earlier.filter(({ ruleId, incidentId }) => ruleId === rule.id && incidentId === visit.id)
  const told = own.findLast(({ outcome }) => outcome === 'told') ?? null
  const named = new Set(rule.people)
  return {
    ...{ rule, context, visit, classes, urgency: urgencyOf(visit, classes), toldBefore: told },
    isMore: told !== null && isMoreThan(told, visit, classes),
    candidates: context.people.filter((id) => named.size === 0 || named.has(id)),
  }
}

/** Which channels each person was already told by of this visit, as high as it is now. */
type Covered = Map<string, Set<AlertChannel>>

function cover(covered: Covered, people: readonly string[], channels: readonly AlertChannel[]): void {
  for (const id of people) {
    const known = covered.get(id) ?? new Set()
    channels.forEach((channel) => known.add(channel))
    covered.set(id, known)
  }
}

function coveredBefore({ earlier }: DecideContext, visit: Visit): Covered {
  const covered: Covered = new Map()
  for (const { outcome, band, people, channels } of earlier)
    if (outcome === 'told' && bandRank(band) >= bandRank(visit.band)) cover(covered, people, channels)
  return covered
}

/** Those who are awake and were not told the same by another rule; or why there is nobody. */
function chooseListeners(
  { candidates, urgency, context, isMore }: Question,
  channels: readonly AlertChannel[],
  covered: Covered,
): string[] | Refusal {
  if (candidates.length === 0) return { code: 'nobody', words: 'Nobody whom the rule names may see this camera.' }
  const snoozed = new Map(context.snoozes.filter(({ until }) => until > context.at).map((each) => [each.userId, each]))
  const awake = urgency === 'critical' ? candidates : candidates.filter((id) => !snoozed.has(id))
  if (awake.length === 0) {
    const until = Math.min(...[...snoozed.values()].map((each) => each.until))
    return { code: 'snoozed', words: 'Whoever would be told has snoozed this camera', until }
  }
  const news = awake.filter((id) => isMore || !channels.every((channel) => covered.get(id)?.has(channel)))
  return news.length > 0
    ? news
    : { code: 'told-already', words: 'It was told already: by another rule, or where the visit began.' }
}

function decideOne(question: Question, covered: Covered): Decision {
  const { rule, classes, urgency, toldBefore } = question
  const channels = rule.channels.length === 0 ? [...ALL_CHANNELS] : rule.channels
  const basis = { ruleId: rule.id, urgency, classes, channels, until: null, people: [] as string[] }
  const state = toldBefore ? ('escalated' as const) : ('opened' as const)
  const refused = (refusal: Refusal): Decision => ({
    ...{ ...basis, state, code: refusal.code, until: refusal.until ?? null },
    outcome: refusal.holds ? 'held' : 'not-told',
    reason: refusal.words,
  })
  for (const check of CHECKS) {
    const refusal = check(question)
    if (refusal) return refused(refusal)
  }
  const people = chooseListeners(question, channels, covered)
  if (!Array.isArray(people)) return refused(people)
  cover(covered, people, channels)
  const reason = toldBefore ? 'It became more serious.' : 'The rule fits.'
  return { ...basis, state, people, outcome: 'told', code: toldBefore ? 'escalated' : 'fits', reason }
}

/**
 * What comes of every rule for a visit, in the order of the rules, each with its reason. Pure. A visit that ends is
 * over: nobody is told then.
 */
export function decide(
  rules: readonly Rule[],
  context: DecideContext,
  visit: Visit,
  change: IncidentChange,
): Decision[] {
  if (change === 'closed') return []
  const covered = coveredBefore(context, visit)
  return rules.filter(({ enabled }) => enabled).map((rule) => decideOne(questionOf(rule, context, visit), covered))
}
