import type { IncidentsFilter } from '../../api/incidents.ts'
import type { VisibleCameras } from '../types.ts'
import { marks } from './marks.ts'

const MOST_PRODUCTS = 300

const anyOf = (tokens: readonly string[]): string => `(${tokens.map((token) => `"${token}"`).join(' OR ')})`
const choice = <Value>(chosen: readonly Value[] | undefined, mark: (value: Value) => string): string[] =>
  chosen === undefined ? [] : [anyOf(chosen.map(mark))]

/** Cameras that may and shall be looked at; null: all of them. */
function camerasOf({ camera }: IncidentsFilter, visible: VisibleCameras): readonly string[] | null {
  if (visible === null) return camera ?? null
  return camera === undefined ? [...visible] : camera.filter((id) => visible.has(id))
}

/** Cameras and classes: together where that is possible, so that each is seen on one of those very cameras. */
function placesAndClasses(filter: IncidentsFilter, cameras: readonly string[] | null): string[] {
  const classes = filter.class
  if (cameras === null) return choice(classes, marks.class)
  if (classes === undefined || cameras.length * classes.length > MOST_PRODUCTS)
    return [anyOf(cameras.map(marks.camera)), ...choice(classes, marks.class)]
  return [anyOf(cameras.flatMap((id) => classes.map((name) => marks.cameraClass(id, name))))]
}

/**
 * What the index is asked: everything that must be there, and for whoever sees only some cameras what must not: a part
 * of a visit whose beginning they see. null: nothing can match. `words`: for each word that was typed, those of the
 * index that begin like it.
 */
export function matchOf(
  filter: IncidentsFilter,
  words: readonly (readonly string[])[],
  visible: VisibleCameras,
): string | null {
  const cameras = camerasOf(filter, visible)
  if (cameras?.length === 0 || words.some((each) => each.length === 0)) return null
  const wanted = [
    ...words.map(anyOf),
    ...placesAndClasses(filter, cameras),
    ...choice(filter.band, marks.band),
    ...choice(filter.verdict, marks.verdict),
    ...choice(filter.feedback, marks.feedback),
    ...choice(filter.reviewed && [filter.reviewed === 'yes'], marks.reviewed),
    ...choice(filter.starred && [filter.starred === 'yes'], marks.starred),
    ...choice(filter.plug, marks.plug),
    ...(visible === null ? [anyOf([marks.first])] : []),
  ].join(' AND ')
  return visible === null ? wanted : `(${wanted}) NOT ${anyOf([...visible].map(marks.partOf))}`
}

const FILTERS = ['q', 'camera', 'class', 'band', 'verdict', 'feedback', 'reviewed', 'starred', 'plug'] as const

/** Nothing is asked for but perhaps a time. */
export const isUnfiltered = (filter: IncidentsFilter): boolean => FILTERS.every((name) => filter[name] === undefined)
