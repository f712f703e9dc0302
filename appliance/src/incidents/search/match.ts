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

/** Whoever sees only some cameras learns nothing of zones that a part on another one went through. */
const entered = ({ zone }: IncidentsFilter, visible: VisibleCameras): string[] =>
  zone === undefined
    ? []
    : [anyOf(zone.flatMap((id) => (visible === null ? [marks.zone(id), marks.zoneOfPart(id)] : [marks.zone(id)])))]

/** Nobody has marked what is not reviewed. */
const contradictsItself = ({ feedback, reviewed }: IncidentsFilter): boolean =>
  feedback !== undefined && reviewed === 'no'

/**
 * What the index is asked: everything that must be there, without what must not. Lists are walked side by side, so the
 * long ones (what is not starred, what began a visit) are asked for by what little they leave out. null: nothing can
 * match. `words`: for each word that was typed, those of the index that begin like it.
 */
export function matchOf(
  filter: IncidentsFilter,
  words: readonly (readonly string[])[],
  visible: VisibleCameras,
): string | null {
  const cameras = camerasOf(filter, visible)
  if (cameras?.length === 0 || words.some((each) => each.length === 0) || contradictsItself(filter)) return null
  const reviewed = filter.feedback === undefined && filter.reviewed
  const wanted = [
    ...words.map(anyOf),
    ...placesAndClasses(filter, cameras),
    ...choice(filter.band, marks.band),
    ...choice(filter.verdict, marks.verdict),
    ...choice(filter.feedback, marks.feedback),
    ...(reviewed ? [anyOf([marks.reviewed(reviewed === 'yes')])] : []),
    ...(filter.starred === 'yes' ? [anyOf([marks.starred])] : []),
    ...choice(filter.plug, marks.plug),
    ...entered(filter, visible),
  ]
  // Whoever sees only some cameras sees a part of a visit by itself where they do not see its beginning.
  const unwanted = [
    ...(visible === null ? [marks.part] : [...visible].map(marks.partOf)),
    ...(filter.starred === 'no' ? [marks.starred] : []),
  ]
  return `(${wanted.length === 0 ? anyOf([marks.first]) : wanted.join(' AND ')}) NOT ${anyOf(unwanted)}`
}

const FILTERS = ['q', 'camera', 'class', 'band', 'verdict', 'feedback', 'reviewed', 'starred', 'plug', 'zone'] as const

/** Nothing is asked for but perhaps a time. */
export const isUnfiltered = (filter: IncidentsFilter): boolean => FILTERS.every((name) => filter[name] === undefined)
