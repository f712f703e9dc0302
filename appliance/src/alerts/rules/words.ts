import type { AlertRuleBody } from '../../api/alert-rules.ts'
import type { ObjectClass } from '../../api/common.ts'
import type { HomeMode, RiskBand } from '../../api/risk-bands.ts'
import type { WeekTimes } from '../../api/week.ts'
import { homeClock } from '../../core/home-time.ts'
import type { Decision } from './decide.ts'
import type { Visit } from './visit.ts'

const PLURALS: Readonly<Record<ObjectClass, string>> = {
  ...{ person: 'people', bicycle: 'bicycles', car: 'cars', motorcycle: 'motorcycles', bus: 'buses' },
  ...{ truck: 'trucks', bird: 'birds', cat: 'cats', dog: 'dogs' },
}

const MODE_WORDS: Readonly<Record<HomeMode, string>> = {
  ...{ home: 'at home', away: 'while away', night: 'at night', disarmed: 'while off' },
}

function list(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length <= 1) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`
}

const DAY_COUNT = 7
const short = (day: string): string => day.charAt(0).toUpperCase() + day.slice(1, 3)

export function timesWords({ weekdays, from, to }: WeekTimes): string {
  const hours = from === to ? 'all day' : `${from}–${to}`
  return weekdays.length === DAY_COUNT ? hours : `${list(weekdays.map(short), 'and')} ${hours}`
}

const LEAST: Readonly<Record<RiskBand, string>> = {
  ...{ low: '', medium: 'risk from medium up', high: 'risk from high up', critical: 'alarms only' },
}

/** What rules name, by id; null: it is gone. */
export interface NamesInRules {
  camera(id: string): string | null
  zone(id: string): string | null
}

/** "When a person is seen on any camera, while away or at night" */
export function ruleWords(rule: AlertRuleBody, names: NamesInRules): string {
  const what =
    rule.classes.length === 0
      ? 'anything'
      : list(
          rule.classes.map((name) => `a ${name}`),
          'or',
        )
  const cameras = rule.cameras.map((id) => names.camera(id) ?? 'a camera that is gone')
  const where = cameras.length === 0 ? 'any camera' : list(cameras, 'or')
  const zones = rule.zones.map((id) => names.zone(id) ?? 'a zone that is gone')
  const entered = zones.length === 0 ? '' : ` in ${list(zones, 'or')}`
  const allModes = rule.modes.length === 0 || rule.modes.length === Object.keys(MODE_WORDS).length
  const conditions = [
    allModes
      ? 'in any mode'
      : list(
          rule.modes.map((mode) => MODE_WORDS[mode]),
          'or',
        ),
    ...(rule.times === null ? [] : [timesWords(rule.times)]),
    ...(LEAST[rule.minBand] === '' ? [] : [LEAST[rule.minBand]]),
    ...(rule.dwellS === 0 ? [] : [`${zones.length === 0 ? 'for' : 'there for'} ${rule.dwellS} seconds or more`]),
  ]
  return `When ${what} is seen${entered} on ${where}, ${conditions.join(', ')}`
}

/** "Person and 2 dogs" */
export function whatWasSeen(classes: Visit['classes']): string {
  const names = classes.map(({ class: name, count }) => (count > 1 ? `${count} ${PLURALS[name]}` : name))
  const text = names.length === 0 ? 'something' : list(names, 'and')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export const noticeTitle = (visit: Visit): string => `${whatWasSeen(visit.classes)} at ${visit.cameraName}`

export function noticeBody(
  visit: Visit,
  { state, urgency }: Pick<Decision, 'state' | 'urgency'>,
  timeZone: string,
): string {
  const seen = `Seen at ${homeClock(visit.openedAt, timeZone)}.`
  if (urgency === 'critical') return `Alarm. ${seen} Tap to look.`
  return state === 'escalated' ? `It became more serious. ${seen} Tap to look.` : `${seen} Tap to look.`
}

/** The reason with its time, as it is kept. */
export function reasonWords({ reason, until }: Pick<Decision, 'reason' | 'until'>, timeZone: string): string {
  return until === null ? reason : `${reason} until ${homeClock(until, timeZone)}.`
}
