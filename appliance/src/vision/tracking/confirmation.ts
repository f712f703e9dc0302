import type { ObjectClass } from '../../api/common.ts'
import { isVehicle } from '../coco.ts'

/** When a thing is believed: at once from `sure` on, else at its second sighting when the usual score reaches `usual`. */
interface Bar {
  sure: number
  usual: number
}

const PERSON: Bar = { sure: 0.6, usual: 0.42 }
const VEHICLE: Bar = { sure: 0.6, usual: 0.45 }
/** Bushes and bags look like cats and birds more often than like people, and a cat can wait for a second look. */
const ANIMAL: Bar = { sure: 0.7, usual: 0.5 }

/** Sightings whose median is the usual score. */
export const KEPT_SCORES = 10

export function isConvincing(name: ObjectClass, scores: readonly number[]): boolean {
  const { sure, usual } = name === 'person' ? PERSON : isVehicle(name) ? VEHICLE : ANIMAL
  if ((scores.at(-1) ?? 0) >= sure) return true
  return scores.length >= 2 && medianOf(scores) >= usual
}

/** The lower one of the two in the middle: half of the sightings are at least this good. */
function medianOf(scores: readonly number[]): number {
  return scores.toSorted((a, b) => a - b)[(scores.length - 1) >> 1] ?? 0
}
