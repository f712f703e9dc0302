import type { ObjectClass } from '../../api/common.ts'
import type { Incident } from '../../api/incidents.ts'
import type { Verdict } from '../../api/risk.ts'
import { rankOfBand, type RiskBand } from '../../api/risk-bands.ts'

/** What rules look at of an incident. */
export interface Visit {
  id: string
  cameraId: string
  cameraName: string
  openedAt: number
  lastSeenAt: number
  classes: readonly { class: ObjectClass; count: number }[]
  /** Ids of the zones that were entered. */
  zones: readonly string[]
  /** How long each of them was stayed in, by id. */
  stayedMs: Readonly<Record<string, number>>
  /** null: the risk could not be judged. */
  band: RiskBand | null
  verdict: Verdict
  feedback: Incident['feedback']
}

export function visitOf(incident: Incident): Visit {
  const { id, camera, openedAt, lastSeenAt, classes, feedback, zones } = incident
  return {
    ...{
      id,
      cameraId: camera.id,
      cameraName: camera.name,
      openedAt,
      lastSeenAt,
      feedback,
      zones: zones.map((zone) => zone.id),
    },
    stayedMs: Object.fromEntries(zones.map((zone) => [zone.id, zone.stayedMs])),
    classes: classes.map(({ class: name, count }) => ({ class: name, count })),
    band: incident.risk?.band ?? null,
    verdict: incident.verdict,
  }
}

/** What could not be judged stands between: rather told than not, and no alarm. */
const UNJUDGED_RANK = rankOfBand('medium')

export const bandRank = (band: RiskBand | null): number => (band === null ? UNJUDGED_RANK : rankOfBand(band))

const VERDICT_RANKS: Readonly<Record<Verdict, number>> = {
  rejected: 0,
  'could-not-look': 1,
  uncertain: 2,
  confirmed: 3,
}
export const verdictRank = (verdict: Verdict): number => VERDICT_RANKS[verdict]

/** Whether the lowest band of a rule is reached; what could not be judged reaches all but the alarm. */
export const reaches = (band: RiskBand | null, least: RiskBand): boolean =>
  band === null ? least !== 'critical' : rankOfBand(band) >= rankOfBand(least)
