import { z } from 'zod'
import { id, objectClass } from './common.ts'

/** What a zone is to the household; what was entered weighs in the risk (`incidents/risk/weights.ts`). */
export const ZONE_KINDS = ['entry', 'drive', 'garden', 'street', 'other'] as const
export const zoneKind = z.enum(ZONE_KINDS)
export type ZoneKind = z.infer<typeof zoneKind>

const share = z.number().min(0).max(1)
/** A place in the picture, in fractions: origin top left. */
export const point = z.strictObject({ x: share, y: share }).meta({ id: 'Point' })
export type Point = z.infer<typeof point>
export const MOST_POINTS = 32
export const polygon = z.array(point).min(3).max(MOST_POINTS).meta({ id: 'Polygon' })
export type Polygon = z.infer<typeof polygon>

const areaName = z.string().trim().min(1).max(40)
/** Left out for a new one; a known one keeps its id, so that rules and incidents still mean it. */
const knownId = id.optional()

export const zoneBody = z.strictObject({
  id: knownId,
  name: areaName,
  kind: zoneKind,
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  shape: polygon,
  inertiaLooks: z.int().min(1).max(20).default(3).describe('So many looks in a row before somebody is in, or out.'),
  loiterS: z.int().min(0).max(3_600).default(0).describe('From then on it counts as loitering; 0: never.'),
})
export const lineBody = z
  .strictObject({ id: knownId, name: areaName, from: point, to: point })
  .describe('An entry line. Whoever looks from `from` to `to` has "in" on the right.')
export const ignoreBody = z
  .strictObject({
    id: knownId,
    name: areaName,
    shape: polygon,
    classes: z.array(objectClass).max(9).describe('Empty: whatever stands there is not looked at.'),
  })
  .describe('What stands in it (by the foot of its box) is not seen at all.')
export const maskBody = z.strictObject({ id: knownId, name: areaName, shape: polygon })
export const classLimit = z
  .strictObject({
    class: objectClass,
    minHeight: share.nullable().describe('Share of the height of the picture.'),
    maxHeight: share.nullable(),
    minScore: share.nullable(),
  })
  .meta({ id: 'ClassLimit' })
export type ClassLimit = z.infer<typeof classLimit>

const parts = {
  zones: z.array(zoneBody).max(16),
  lines: z.array(lineBody).max(8),
  ignored: z.array(ignoreBody).max(8),
  motionMasks: z
    .array(maskBody)
    .max(8)
    .describe('Where movement alone does not make the detector look: trees, a street.'),
  privacyMasks: z.array(maskBody).max(8).describe('Black before anything is stored, shown or looked at.'),
  limits: z.array(classLimit).max(9),
}

/** Everything that is drawn on a camera's picture; takes the place of what was there. */
export const cameraZonesBody = z
  .strictObject({
    ...parts,
    revision: z.int().min(0).describe('The one that was changed; a later one answers 409.'),
    recorded: z
      .enum(['delete', 'keep'])
      .default('delete')
      .describe('Where privacy masks change: what becomes of the last minutes, recorded as they were.'),
  })
  .meta({ id: 'CameraZonesBody' })
export type CameraZonesBody = z.infer<typeof cameraZonesBody>

export const zone = zoneBody.extend({ id }).meta({ id: 'Zone' })
export const entryLine = z.strictObject({ ...lineBody.shape, id }).meta({ id: 'EntryLine' })
export const ignoredArea = z.strictObject({ ...ignoreBody.shape, id }).meta({ id: 'IgnoredArea' })
export const mask = maskBody.extend({ id }).meta({ id: 'Mask' })
export type Zone = z.infer<typeof zone>
export type EntryLine = z.infer<typeof entryLine>
export type IgnoredArea = z.infer<typeof ignoredArea>
export type Mask = z.infer<typeof mask>

export const cameraZones = z
  .strictObject({
    ...parts,
    zones: z.array(zone),
    lines: z.array(entryLine),
    ignored: z.array(ignoredArea),
    motionMasks: z.array(mask),
    privacyMasks: z.array(mask),
    revision: z.int(),
  })
  .meta({ id: 'CameraZones' })
export type CameraZones = z.infer<typeof cameraZones>

/** Where a camera has nothing drawn on its picture. */
export const NO_ZONES: CameraZones = {
  ...{ zones: [], lines: [], ignored: [], motionMasks: [], privacyMasks: [], limits: [], revision: 0 },
}

/** A zone by name, for whoever chooses one. */
export const zoneName = z.strictObject({ id, cameraId: id, name: z.string(), kind: zoneKind }).meta({ id: 'ZoneName' })
export type ZoneName = z.infer<typeof zoneName>
export const zoneNamesReply = z.strictObject({ zones: z.array(zoneName) }).meta({ id: 'ZoneNames' })

/** Where people and things stood lately, to see where zones belong. */
export const footprintsReply = z
  .strictObject({ feet: z.array(z.strictObject({ class: objectClass, at: point })).describe('At most 2000 dots.') })
  .meta({ id: 'Footprints' })
export type Footprints = z.infer<typeof footprintsReply>
