import type { ObjectClass } from '../../api/common.ts'
import type { IncidentFeedback } from '../../api/incidents.ts'
import type { Verdict } from '../../api/risk.ts'
import { bandOf } from '../../api/risk-bands.ts'
import { homeTimeOf } from '../../core/home-time.ts'
import { dayPartOf } from '../learning/day-part.ts'
import { marks } from './marks.ts'
import { wordsIn } from './words.ts'

/** Everything that an incident can be found by. */
export interface Findable {
  /** Its place in the order of all lists. */
  place: number
  camera: { id: string; name: string }
  openedAt: number
  classes: readonly ObjectClass[]
  feedback: IncidentFeedback | null
  reviewed: boolean
  starred: boolean
  notes: string
  verdict: Verdict
  riskScore: number | null
  /** Sentences of whoever judged it. */
  assessment: readonly string[]
  /** Camera of the visit's beginning, where this carries one on. */
  partOfCamera: string | null
  /** Later parts of the visit that it began. */
  parts: readonly { cameraId: string; classes: readonly ObjectClass[]; zones: readonly { id: string }[] }[]
  /** Zones that were entered. */
  zones: readonly { id: string; name: string }[]
  /** Switched while it lasted. */
  plugs: readonly { id: string; name: string }[]
}

const CLASS_WORDS: Readonly<Record<ObjectClass, string>> = {
  person: 'person people somebody',
  bicycle: 'bicycle bicycles bike',
  car: 'car cars vehicle',
  motorcycle: 'motorcycle motorcycles motorbike vehicle',
  bus: 'bus buses vehicle',
  truck: 'truck trucks lorry van vehicle',
  bird: 'bird birds animal',
  cat: 'cat cats animal',
  dog: 'dog dogs animal',
}
const FEEDBACK_WORDS: Readonly<Record<IncidentFeedback, string>> = {
  expected: 'expected',
  false: 'false alarm',
  threat: 'threat',
  unsure: 'unsure',
}
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
]

/** "saturday 28 november 2026 evening" */
function dayWords(at: number, timeZone: string): string {
  const { year, month, day, weekday, hour } = homeTimeOf(at, timeZone)
  return [WEEKDAYS[weekday], day, MONTHS[month - 1], year, dayPartOf(hour)].join(' ')
}

function textOf(it: Findable, timeZone: string): string {
  return [
    it.camera.name,
    ...it.classes.map((name) => CLASS_WORDS[name]),
    dayWords(it.openedAt, timeZone),
    it.riskScore === null ? '' : bandOf(it.riskScore),
    it.verdict,
    it.feedback === null ? '' : FEEDBACK_WORDS[it.feedback],
    it.starred ? 'starred' : '',
    ...it.zones.map(({ name }) => name),
    ...it.plugs.map(({ name }) => name),
    ...it.assessment,
    it.notes,
  ].join(' ')
}

function marksOf(it: Findable): string[] {
  const seen = [{ cameraId: it.camera.id, classes: it.classes }, ...it.parts]
  return [
    ...(it.partOfCamera === null ? [marks.first] : [marks.part, marks.partOf(it.partOfCamera)]),
    ...seen.flatMap(({ cameraId, classes }) => [
      marks.camera(cameraId),
      ...classes.flatMap((name) => [marks.class(name), marks.cameraClass(cameraId, name)]),
    ]),
    ...(it.riskScore === null ? [] : [marks.band(bandOf(it.riskScore))]),
    marks.verdict(it.verdict),
    ...(it.feedback === null ? [] : [marks.feedback(it.feedback)]),
    marks.reviewed(it.reviewed),
    ...(it.starred ? [marks.starred] : []),
    ...it.plugs.map(({ id }) => marks.plug(id)),
    ...it.zones.map(({ id }) => marks.zone(id)),
    ...it.parts.flatMap(({ zones }) => zones.map(({ id }) => marks.zoneOfPart(id))),
  ]
}

export interface SearchDocument {
  place: number
  words: readonly string[]
  /** Words and marks, each once. */
  text: string
}

export function documentOf(it: Findable, timeZone: string): SearchDocument {
  const words = [...new Set(wordsIn(textOf(it, timeZone)))]
  return { place: it.place, words, text: [...words, ...new Set(marksOf(it))].join(' ') }
}
