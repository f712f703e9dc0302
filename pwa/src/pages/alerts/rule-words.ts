// A rule as a sentence. Pure.
import { t } from '../../text/index.ts'
import { rulesWords } from '../../text/rules.ts'
import type { AlertRuleBody, WeekTimes } from '../../wire-rules.ts'

const words = rulesWords

/** "a person, a dog or a cat" */
function anyOf(list: readonly string[]): string {
  return new Intl.ListFormat(t.locale, { type: 'disjunction' }).format(list)
}

export function timesWords({ weekdays, from, to }: WeekTimes): string {
  const days = weekdays.length === 7 ? '' : `${weekdays.map((day) => words.week.days[day]).join(', ')} `
  return days + (from === to ? words.week.allDay : `${from}–${to}`)
}

/** null: it is gone. */
type NameOf = (id: string) => string | null

/** "When a person is seen on any camera, while away or at night". */
export function ruleSentence(rule: AlertRuleBody, cameraName: NameOf, zoneName: NameOf): string {
  const what = rule.classes.length === 0 ? words.anything : anyOf(rule.classes.map((kind) => words.classes[kind]))
  const cameras = rule.cameras.map((id) => cameraName(id) ?? words.goneCamera)
  const zones = rule.zones.map((id) => zoneName(id) ?? words.goneZone)
  const seen = zones.length === 0 ? what : words.inZone(what, anyOf(zones))
  const allModes = rule.modes.length === 0 || rule.modes.length === 4
  const when = [
    allModes ? words.anyMode : anyOf(rule.modes.map((mode) => words.whileMode[mode])),
    rule.times && timesWords(rule.times),
    words.leastShort[rule.minBand],
    rule.dwellS > 0 && (zones.length === 0 ? words.lasts : words.stays)(rule.dwellS),
  ]
  return words.sentence(seen, cameras.length === 0 ? words.anyCamera : anyOf(cameras), when.filter(Boolean).join(', '))
}

/** "→ everybody, by e-mail". */
export function ruleTells({ people, channels }: AlertRuleBody): string {
  const who = people.length === 0 ? words.everybody : words.some(people.length)
  const all = channels.length === 0 || channels.length === Object.keys(words.channels).length
  return words.tells(who, all ? '' : words.by(anyOf(channels.map((id) => words.channels[id].toLowerCase()))))
}
