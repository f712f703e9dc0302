import type { RiskFactor } from '../../api/risk.ts'
import { HIGHEST_SCORE, LOWEST_SCORE } from '../../api/risk-bands.ts'
import type { Judgement, SceneFacts } from './types.ts'
import { SUBJECT_OF, SURE_FROM, WEIGHTS, type Subject } from './weights.ts'
import { dwellWords, MODE_WORDS, seenWords, timeWords } from './words.ts'

type Rule = (facts: SceneFacts, subject: Subject) => RiskFactor | null

const factor = (code: string, points: number, words: string): RiskFactor | null =>
  points === 0 ? null : { code, points, words }

/**
 * Judges a scene by rules alone: at once, without asking anybody, and with every reason. Pure. A scene in which nothing
 * was seen cannot be judged: no score.
 */
export function judgeByRules(facts: SceneFacts): Judgement {
  const subject = subjectOf(facts)
  if (subject === null) return { verdict: 'could-not-look', score: null, factors: [] }
  const factors = RULES.map((rule) => rule(facts, subject)).filter((each) => each !== null)
  return { verdict: isSure(facts) ? 'confirmed' : 'uncertain', score: scoreOf(factors), factors }
}

/** The sum of the points, within 0–100. */
export function scoreOf(factors: readonly RiskFactor[]): number {
  const sum = factors.reduce((points, each) => points + each.points, 0)
  return Math.round(Math.min(HIGHEST_SCORE, Math.max(LOWEST_SCORE, sum)))
}

function subjectOf({ classes }: SceneFacts): Subject | null {
  const subjects = new Set(classes.map((each) => SUBJECT_OF[each.class]))
  return (['person', 'vehicle', 'animal'] as const).find((subject) => subjects.has(subject)) ?? null
}

const isSure = ({ classes }: SceneFacts): boolean => classes.some(({ bestScore }) => bestScore >= SURE_FROM)

const countOf = ({ classes }: SceneFacts, name: string): number =>
  classes.find((each) => each.class === name)?.count ?? 0

const seen: Rule = ({ classes }, subject) => {
  const ofSubject = classes.filter((each) => SUBJECT_OF[each.class] === subject)
  const gravest = ofSubject.reduce((most, each) => (WEIGHTS.seen[each.class] > WEIGHTS.seen[most.class] ? each : most))
  return factor('seen', WEIGHTS.seen[gravest.class], seenWords(gravest.class))
}

const severalPeople: Rule = (facts) => {
  const people = countOf(facts, 'person')
  const { each, atMost } = WEIGHTS.furtherPerson
  return people < 2
    ? null
    : factor('several-people', Math.min(atMost, (people - 1) * each), `${people} people at once.`)
}

const vehicle: Rule = ({ classes }, subject) =>
  subject === 'person' && classes.some((each) => SUBJECT_OF[each.class] === 'vehicle')
    ? factor('vehicle', WEIGHTS.vehicleWithPerson, 'A vehicle was there too.')
    : null

const night: Rule = ({ night: isNight, hour }, subject) =>
  isNight ? factor('night', WEIGHTS.night[subject], `It was night, ${timeWords(hour)}.`) : null

const mode: Rule = ({ mode: now }, subject) => factor('mode', WEIGHTS.mode[now][subject], MODE_WORDS[now])

const whoIsHome: Rule = ({ atHome, mode: now, night: isNight }, subject) => {
  if (atHome === null) return null
  // Away already says that nobody is there; it is not counted twice.
  if (atHome.length === 0)
    return now === 'away' ? null : factor('nobody-home', WEIGHTS.nobodyHome[subject], 'Nobody is known to be home.')
  if (isNight) return null
  return factor('somebody-home', WEIGHTS.somebodyHome[subject], `${atHome.join(' and ')} at home, by day.`)
}

const dwell: Rule = ({ dwellMs }, subject) => {
  const reached = WEIGHTS.dwell.find(({ fromS }) => dwellMs >= fromS * 1_000)
  return reached ? factor('dwell', reached[subject], dwellWords(dwellMs)) : null
}

const hour: Rule = ({ usualness, hour: at }, subject) => {
  if (usualness.state === 'unusual')
    return factor('unusual-hour', WEIGHTS.unusualHour[subject], `Hardly ever seen here at this hour, ${timeWords(at)}.`)
  if (usualness.state === 'usual')
    return factor('usual-hour', WEIGHTS.usualHour[subject], `Often seen here at this hour, ${timeWords(at)}.`)
  return null
}

const repeated: Rule = ({ earlierVisits }) => {
  const { each, atMost } = WEIGHTS.repeated
  const times = earlierVisits + 1
  const words = `Here for the ${ordinal(times)} time within half an hour.`
  return earlierVisits < 1 ? null : factor('repeated', Math.min(atMost, earlierVisits * each), words)
}

const cameras: Rule = ({ camerasSeen }) => {
  if (camerasSeen < 2) return null
  const { two, more } = WEIGHTS.severalCameras
  return factor('several-cameras', camerasSeen === 2 ? two : more, `Went past ${camerasSeen} cameras.`)
}

const zones: Rule = ({ zones: entered }, subject) => {
  if (subject !== 'person') return null
  const known = entered.filter((zone) => WEIGHTS.zones[zone] !== undefined)
  const [gravest] = known.sort((a, b) => (WEIGHTS.zones[b] ?? 0) - (WEIGHTS.zones[a] ?? 0))
  return gravest === undefined ? null : factor('zone', WEIGHTS.zones[gravest] ?? 0, `Went into a zone: ${gravest}.`)
}

const plugs: Rule = ({ plugsSwitched, atHome, mode: now }) => {
  const [first] = plugsSwitched
  if (first === undefined) return null
  const nobody = now === 'away' || atHome?.length === 0
  if (nobody) return factor('plug', WEIGHTS.plugAlone, `${first} was switched although nobody is home.`)
  return factor('plug', WEIGHTS.plugAtHome, `${first} was switched: somebody of the house is about.`)
}

const expected: Rule = ({ expected: who }) =>
  who && factor('expected', WEIGHTS.expected[who.who], `Expected at this time: ${who.name}.`)

const unsure: Rule = (facts) =>
  isSure(facts) ? null : factor('unsure', WEIGHTS.unsure, 'The detector itself was not sure.')

const feedback: Rule = ({ feedback: learnt }) => {
  const most = WEIGHTS.feedbackAtMost
  return learnt && factor('feedback', Math.round(Math.min(most, Math.max(-most, learnt.points))), learnt.words)
}

/** In the order in which they are told. */
const RULES: readonly Rule[] = [
  ...[seen, severalPeople, vehicle, night, mode, whoIsHome, dwell, hour],
  ...[repeated, cameras, zones, plugs, expected, unsure, feedback],
]

function ordinal(n: number): string {
  const names = ['first', 'second', 'third', 'fourth', 'fifth']
  return names[n - 1] ?? `${n}th`
}
