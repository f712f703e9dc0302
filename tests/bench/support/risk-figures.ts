import { bandOf, rankOfBand } from '../../../appliance/src/api/risk-bands.ts'
import { wilson } from './interval.ts'
import type { DescribedScene } from './risk-scenes.ts'

export interface Judged {
  scene: DescribedScene
  /** null: could not be judged, which misses an incident and raises no false alarm. */
  score: number | null
}

/**
 * `recall`: of the scenes that deserve attention (medium and above), how many were judged at or above their band.
 * `false_alarm`: of the harmless ones (low), how many were judged medium or above. With Wilson's 95 % intervals.
 */
export function figuresOf(judged: readonly Judged[], prefix = ''): Record<string, number> {
  const incidents = judged.filter(({ scene }) => scene.expected !== 'low')
  const harmless = judged.filter(({ scene }) => scene.expected === 'low')
  const recall = wilson(incidents.filter(isFound).length, incidents.length)
  const falseAlarm = wilson(harmless.filter(({ score }) => rankOf(score) >= 1).length, harmless.length)
  return {
    [`${prefix}recall`]: recall.share,
    [`${prefix}recall_low`]: recall.low,
    [`${prefix}recall_high`]: recall.high,
    [`${prefix}false_alarm`]: falseAlarm.share,
    [`${prefix}false_alarm_low`]: falseAlarm.low,
    [`${prefix}false_alarm_high`]: falseAlarm.high,
  }
}

const rankOf = (score: number | null): number => (score === null ? -1 : rankOfBand(bandOf(score)))
export const isFound = ({ scene, score }: Judged): boolean => rankOf(score) >= rankOfBand(scene.expected)
