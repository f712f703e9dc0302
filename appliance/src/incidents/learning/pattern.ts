import { OBJECT_CLASSES, type ObjectClass } from '../../api/common.ts'
import { DAY_PARTS, type DayPart } from '../../api/review.ts'

/** What counts as alike: the same class on the same camera in the same part of the day. */
export interface Pattern {
  cameraId: string
  class: ObjectClass
  part: DayPart
}

export const patternName = ({ cameraId, class: kind, part }: Pattern): string => `${cameraId}:${kind}:${part}`

/** null for what `patternName` did not make. */
export function parsePattern(name: string): Pattern | null {
  const [cameraId = '', kind, part, ...rest] = name.split(':')
  const known = OBJECT_CLASSES.find((each) => each === kind)
  const partOfDay = DAY_PARTS.find((each) => each === part)
  return rest.length === 0 && cameraId !== '' && known && partOfDay ? { cameraId, class: known, part: partOfDay } : null
}

/** What a mark is about: a person where there is one, else what was seen best. */
export function leadingClass(classes: readonly { class: ObjectClass; bestScore: number }[]): ObjectClass | null {
  const best = classes.toSorted((a, b) => b.bestScore - a.bestScore)[0]
  return classes.some((each) => each.class === 'person') ? 'person' : (best?.class ?? null)
}
