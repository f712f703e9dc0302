import type { ObjectClass } from '../../api/common.ts'
import type { Day } from '../../api/review.ts'
import type { IncidentFeedback } from '../../api/incidents.ts'
import { bandOf, rankOfBand } from '../../api/risk-bands.ts'
import { leadingClass } from '../learning/pattern.ts'

/** A visit, as far as a day's sentence needs it. */
export interface DayVisit {
  id: string
  openedAt: number
  camera: { id: string; name: string }
  classes: readonly { class: ObjectClass; bestScore: number }[]
  riskScore: number | null
  feedback: IncidentFeedback | null
  reviewed: boolean
  /** It came at an hour at which such a thing is not usual. */
  unusual: boolean
}

const MOST_NOTABLE = 3

type Why = Day['notable'][number]['why']

/** Why it stands out; null when it does not, or when somebody said that it was nothing. */
function whyNotable({ feedback, riskScore, unusual }: DayVisit): Why | null {
  if (feedback === 'threat') return 'threat'
  if (feedback === 'expected' || feedback === 'false') return null
  const rank = riskScore === null ? 0 : rankOfBand(bandOf(riskScore))
  if (rank >= 3) return 'critical'
  if (rank >= 2) return 'high'
  return unusual ? 'unusual' : null
}

const WORST_FIRST: readonly Why[] = ['threat', 'critical', 'high', 'unusual']

/** A day's visits in numbers, and what stands out. Pure. False alarms were no visits. */
export function summariseDay(visits: readonly DayVisit[]): Pick<Day, 'total' | 'unreviewed' | 'groups' | 'notable'> {
  const real = visits.filter(({ feedback }) => feedback !== 'false')
  const groups = new Map<string, Day['groups'][number]>()
  for (const { camera, classes } of real) {
    const kind = leadingClass(classes)
    if (kind === null) continue
    const key = `${camera.id}:${kind}`
    const group = groups.get(key) ?? { camera, class: kind, visits: 0 }
    groups.set(key, { ...group, visits: group.visits + 1 })
  }
  const notable = real
    .flatMap((visit) => {
      const why = whyNotable(visit)
      if (why === null) return []
      const { id, openedAt, camera, classes } = visit
      return [{ id, openedAt, camera, class: leadingClass(classes), why }]
    })
    .toSorted((a, b) => WORST_FIRST.indexOf(a.why) - WORST_FIRST.indexOf(b.why) || a.openedAt - b.openedAt)
  return {
    total: real.length,
    unreviewed: visits.filter(({ reviewed }) => !reviewed).length,
    groups: [...groups.values()].toSorted((a, b) => b.visits - a.visits),
    notable: notable.slice(0, MOST_NOTABLE),
  }
}
