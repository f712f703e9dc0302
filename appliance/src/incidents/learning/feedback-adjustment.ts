import type { IncidentFeedback } from '../../api/incidents.ts'

/** What somebody once said about something like this. */
export interface Mark {
  feedback: IncidentFeedback
  /** When it was said, epoch milliseconds. */
  at: number
}

export interface LearnedAdjustment {
  /** Whole points within ±MOST_POINTS. */
  points: number
  /** Why, in one sentence. */
  words: string
}

export const MOST_POINTS = 20
const DAY_MS = 86_400_000
/** What was said a month ago counts half, and so on. */
const HALF_LIFE_MS = 30 * DAY_MS
/** Older marks teach nothing. */
export const REMEMBERED_MS = 180 * DAY_MS
/** Points of one fresh mark. */
const POINTS: Readonly<Record<IncidentFeedback, number>> = { expected: -5, false: -7, threat: 12, unsure: 0 }
/** One tap is no habit. */
const FEWEST_TO_LOWER = 2

const NAMES: readonly (readonly [IncidentFeedback, string])[] = [
  ['expected', 'as expected'],
  ['false', 'as a false alarm'],
]

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

/** "5 like this as expected and 2 as a false alarm" */
function calmWords(counts: ReadonlyMap<IncidentFeedback, number>): string {
  const parts = NAMES.flatMap(([feedback, name]) => {
    const count = counts.get(feedback) ?? 0
    return count > 0 ? [{ count, name }] : []
  })
  return parts.map(({ count, name }, index) => `${count}${index === 0 ? ' like this' : ''} ${name}`).join(' and ')
}

function countsOf(marks: readonly Mark[]): Map<IncidentFeedback, number> {
  const counts = new Map<IncidentFeedback, number>()
  for (const { feedback } of marks) counts.set(feedback, (counts.get(feedback) ?? 0) + 1)
  return counts
}

/**
 * What earlier marks of the same kind of sight change in a score: expected and false lower it, threat raises it, never by
 * more than 20 points, the less the longer ago. As long as a threat is remembered, nothing lowers the score, and the
 * words say so. null: nothing was learned.
 */
export function feedbackAdjustment(history: readonly Mark[], now: number): LearnedAdjustment | null {
  const known = history.filter(({ at, feedback }) => now - at < REMEMBERED_MS && POINTS[feedback] !== 0)
  const counts = countsOf(known)
  const threats = counts.get('threat') ?? 0
  const calm = known.length - threats
  const weighed = known.map(({ feedback, at }) => POINTS[feedback] * 0.5 ** (Math.max(0, now - at) / HALF_LIFE_MS))
  const sum = Math.round(weighed.reduce((all, points) => all + points, 0))
  if (threats > 0) {
    const points = Math.min(MOST_POINTS, Math.max(0, sum))
    const but = calm > 0 ? `, so the ${calmWords(counts).replace(' like this', '')} do not lower it` : ''
    return { points, words: `You marked something like this as a threat ${times(threats)}${but}.` }
  }
  if (calm < FEWEST_TO_LOWER || sum === 0) return null
  return { points: Math.max(-MOST_POINTS, sum), words: `You marked ${calmWords(counts)}.` }
}
