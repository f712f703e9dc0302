import type { ObjectClass } from '../../api/common.ts'
import { WEEKDAYS } from '../../api/risk.ts'
import type { WeekTimes } from '../../api/week.ts'
import { homeTimeOf, isWithin, minuteOf, type WeekWindow } from '../../core/home-time.ts'
import type { EarlierDecision, Question } from './decide.ts'
import { bandRank, reaches, verdictRank, type Visit } from './visit.ts'

/** Why nobody is told. */
export interface Refusal {
  /** Stable name. */
  code: string
  /** A plain sentence; without its full stop where a time follows. */
  words: string
  /** When it ends. */
  until?: number
  /** It may still be told, at `until`. */
  holds?: true
}

type Check = (question: Question) => Refusal | null

const refuse = (when: boolean, code: string, words: string): Refusal | null => (when ? { code, words } : null)

export function windowOf({ weekdays, from, to }: WeekTimes): WeekWindow {
  const days = weekdays.map((name) => WEEKDAYS.indexOf(name))
  return { weekdays: days, fromMinute: minuteOf(from), toMinute: minuteOf(to) }
}

const otherClass: Check = ({ classes }) =>
  refuse(classes.length === 0, 'other-class', 'The rule is about something else.')

const otherCamera: Check = ({ rule, visit }) =>
  refuse(
    rule.cameras.length > 0 && !rule.cameras.includes(visit.cameraId),
    'other-camera',
    'The rule is about another camera.',
  )

const otherZone: Check = ({ rule, visit }) =>
  refuse(
    rule.zones.length > 0 && !rule.zones.some((zone) => visit.zones.includes(zone)),
    'other-zone',
    'None of the zones of the rule was entered.',
  )

/** Held on the way in, and then somebody chose another mode: it was they who came. */
const cameHome: Check = ({ context }) =>
  refuse(
    context.earlier.some(({ code }) => code === 'came-home') ||
      (context.mode !== 'away' && context.earlier.some(({ outcome }) => outcome === 'held')),
    'came-home',
    'The mode was changed within the entry delay: it was one of you.',
  )

const otherMode: Check = ({ rule, context }) =>
  refuse(
    rule.modes.length > 0 && !rule.modes.includes(context.mode),
    'other-mode',
    `The rule is for another mode; it was ${context.mode === 'disarmed' ? 'off' : context.mode}.`,
  )

const otherTime: Check = ({ rule, context }) =>
  refuse(
    rule.times !== null && !isWithin(windowOf(rule.times), homeTimeOf(context.at, context.timeZone)),
    'other-time',
    'The rule is for another time of day or week.',
  )

const rejected: Check = ({ visit }) =>
  refuse(visit.verdict === 'rejected', 'rejected', 'At a second look there was nothing.')

const reviewed: Check = ({ visit: { feedback } }) =>
  refuse(
    feedback === 'expected' || feedback === 'false',
    'reviewed',
    'Somebody has already said that it is nothing to worry about.',
  )

const belowBand: Check = ({ rule, visit }) =>
  refuse(
    !reaches(visit.band, rule.minBand),
    'below-band',
    `Its risk is ${visit.band ?? 'not known'}; the rule begins at ${rule.minBand}.`,
  )

/** What counts against a rule's seconds: the visit, or the longest stay in one of the zones that the rule names. */
export function lastedMs({ zones }: Pick<Question['rule'], 'zones'>, visit: Visit): number {
  if (zones.length === 0) return visit.lastSeenAt - visit.openedAt
  return Math.max(0, ...zones.map((id) => visit.stayedMs[id] ?? 0))
}

const tooShort: Check = ({ rule, visit }) =>
  refuse(
    lastedMs(rule, visit) < rule.dwellS * 1_000,
    'too-short',
    rule.zones.length === 0
      ? `It has not lasted for ${rule.dwellS} seconds.`
      : `Nobody has stayed in a zone of the rule for ${rule.dwellS} seconds.`,
  )

const toldBefore: Check = ({ toldBefore: told, isMore }) =>
  refuse(told !== null && !isMore, 'told-before', 'The rule has told it already.')

/** Per rule, camera and class; a higher band or a surer verdict than what was told breaks through. */
const coolingDown: Check = ({ rule, context, visit, classes, toldBefore: told }) => {
  if (told !== null || rule.cooldownS === 0) return null
  const ends = classes.map((name) => cooldownEnd(name, { rule, context, visit }))
  if (ends.some((end) => end <= context.at)) return null
  return { code: 'cooldown', words: 'The rule has told of the same here; it is quiet', until: Math.max(...ends) }
}

/** When the rule may tell of that class on this camera again, as bad as it is now; 0 when it may. */
function cooldownEnd(
  name: ObjectClass,
  { rule, context, visit }: Pick<Question, 'rule' | 'context' | 'visit'>,
): number {
  const isOther = (told: EarlierDecision): boolean => told.incidentId !== visit.id && told.ruleId === rule.id
  const same = context.lastTold
    .filter((told) => isOther(told) && told.cameraId === visit.cameraId)
    .filter((told) => told.outcome === 'told' && told.classes.includes(name))
  const ended = (told: EarlierDecision): boolean =>
    told.at + rule.cooldownS * 1_000 <= context.at || told.at > context.at || isWorse(visit, told)
  return Math.max(0, ...same.filter((told) => !ended(told)).map((told) => told.at + rule.cooldownS * 1_000))
}

const isWorse = (visit: Visit, told: EarlierDecision): boolean =>
  bandRank(visit.band) > bandRank(told.band) || verdictRank(visit.verdict) > verdictRank(told.verdict)

const inQuietHours: Check = ({ rule, context, urgency }) =>
  refuse(
    context.quietHours !== null &&
      urgency !== 'critical' &&
      !rule.throughQuiet &&
      isWithin(context.quietHours, homeTimeOf(context.at, context.timeZone)),
    'quiet-hours',
    'These are quiet hours.',
  )

const onTheWayIn: Check = ({ context, visit }) => {
  const until = visit.openedAt + context.entry.delayMs
  const waits = context.mode === 'away' && context.entry.cameras.includes(visit.cameraId) && context.at < until
  return waits ? { code: 'entry-delay', words: 'Somebody may be coming home; it waits', until, holds: true } : null
}

/** In the order in which reasons are given: what the rule is about, then what the visit is like, then peace. */
export const CHECKS: readonly Check[] = [
  ...[otherClass, otherCamera, otherZone, cameHome, otherMode, otherTime, rejected, reviewed, belowBand],
  ...[tooShort, toldBefore, coolingDown, inQuietHours, onTheWayIn],
]
