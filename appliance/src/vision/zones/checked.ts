import type { CameraZones, CameraZonesBody, Polygon } from '../../api/zones.ts'
import { LaresError } from '../../core/errors.ts'
import { areaOfPolygon, crossesItself } from './geometry.ts'

/** Smaller is a slip of the finger. */
const SMALLEST_AREA = 0.0005
const SHORTEST_LINE = 0.02

function refuse(field: string, code: string, words: string): never {
  throw new LaresError('invalid', words, { code, details: { [field]: words } })
}

function checkShape(shape: Polygon, field: string, name: string): void {
  if (crossesItself(shape))
    refuse(field, 'SHAPE_CROSSES_ITSELF', `The edges of ${name} cross each other. Move a point so that they do not.`)
  if (areaOfPolygon(shape) < SMALLEST_AREA)
    refuse(field, 'SHAPE_TOO_SMALL', `${name} is too small. Draw it larger, or remove it.`)
}

function checkNames(list: readonly { name: string }[], field: string): void {
  const names = list.map(({ name }) => name.toLowerCase())
  const twice = list.find(({ name }, n) => names.indexOf(name.toLowerCase()) !== n)
  if (twice) refuse(field, 'NAME_TAKEN', `There are two called ${twice.name}. Give one of them another name.`)
}

/**
 * What somebody has drawn, with ids: those of this camera are kept, every other is made anew. Throws `invalid` with the
 * field and a sentence for edges that cross, what is too small, names that are there twice, limits that nothing fits.
 */
export function checkedZones(body: CameraZonesBody, before: CameraZones, newId: () => string): CameraZones {
  for (const field of ['zones', 'ignored', 'motionMasks', 'privacyMasks'] as const)
    body[field].forEach(({ shape, name }, n) => checkShape(shape, `${field}.${n}`, name))
  // Rules name both.
  checkNames([...body.zones, ...body.lines], 'zones')
  body.lines.forEach(({ from, to, name }, n) => {
    if (Math.hypot(to.x - from.x, to.y - from.y) < SHORTEST_LINE)
      refuse(`lines.${n}`, 'LINE_TOO_SHORT', `${name} is too short. Draw it longer, or remove it.`)
  })
  checkLimits(body.limits)
  const known = new Set(idsOf(before))
  const withIds = <Item extends { id?: string | undefined }>(items: readonly Item[]): (Item & { id: string })[] =>
    items.map((item) => {
      // Each known one once: a copy is another.
      const isKnown = item.id !== undefined && known.delete(item.id)
      return { ...item, id: isKnown && item.id !== undefined ? item.id : newId() }
    })
  return {
    ...{ zones: withIds(body.zones), lines: withIds(body.lines), ignored: withIds(body.ignored) },
    ...{ motionMasks: withIds(body.motionMasks), privacyMasks: withIds(body.privacyMasks) },
    ...{ limits: body.limits, revision: before.revision + 1 },
  }
}

const idsOf = ({ zones, lines, ignored, motionMasks, privacyMasks }: CameraZones): string[] =>
  [zones, lines, ignored, motionMasks, privacyMasks].flatMap((list) => list.map(({ id }) => id))

function checkLimits(limits: CameraZones['limits']): void {
  const names = limits.map((limit) => limit.class)
  limits.forEach(({ class: name, minHeight, maxHeight }, n) => {
    if (names.indexOf(name) !== n) refuse(`limits.${n}`, 'LIMIT_TWICE', `There are two limits for ${name}.`)
    if (minHeight !== null && maxHeight !== null && minHeight >= maxHeight)
      refuse(`limits.${n}`, 'LIMIT_EMPTY', `Nothing is larger than the smallest and smaller than the largest ${name}.`)
  })
}

/** Whether the same is hidden as before. */
export const isSameMasks = (one: CameraZones, other: CameraZones): boolean =>
  JSON.stringify(one.privacyMasks.map(({ shape }) => shape)) ===
  JSON.stringify(other.privacyMasks.map(({ shape }) => shape))
