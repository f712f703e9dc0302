import { z } from 'zod'
import { box, epochMs, id, objectClass } from './common.ts'
import { zoneKind } from './zones.ts'
import { assessment, risk, riskBand, verdict } from './risk.ts'

/** What somebody says it was. `unsure` counts as reviewed and teaches nothing. */
export const INCIDENT_FEEDBACK = ['expected', 'false', 'threat', 'unsure'] as const
export const incidentFeedback = z.enum(INCIDENT_FEEDBACK)
export type IncidentFeedback = z.infer<typeof incidentFeedback>

/** A zone, or an entry line (kind `entry`), by its name of then; it may be gone. */
const visitedZone = z.strictObject({ id, name: z.string(), kind: zoneKind })
export const trackZone = visitedZone.extend({
  what: z.enum(['stay', 'in', 'out']).describe('`in` and `out`: across an entry line.'),
  enteredAt: epochMs,
  leftAt: epochMs,
  loitered: z.boolean(),
})

/** One thing that was followed through the picture. */
export const track = z
  .strictObject({
    id,
    class: objectClass,
    firstSeenAt: epochMs,
    lastSeenAt: epochMs,
    bestScore: z.number().describe('0–1, of its best sighting.'),
    /** Where it was, oldest first; thinned to at most 300 points. */
    path: z.array(z.strictObject({ at: epochMs, box })),
    zones: z.array(trackZone).describe('Its stays in zones and ways across entry lines, oldest first.'),
  })
  .meta({ id: 'Track' })
export type Track = z.infer<typeof track>

export const incident = z
  .strictObject({
    id,
    camera: z.strictObject({ id, name: z.string() }),
    partOf: id
      .nullable()
      .describe('The incident that began this visit, where this one carries it on: later, or on another camera.'),
    state: z.enum(['open', 'closed']).describe('`open` also while a later part of the visit goes on.'),
    openedAt: epochMs,
    lastSeenAt: epochMs,
    closedAt: epochMs.nullable(),
    classes: z.array(z.strictObject({ class: objectClass, count: z.int(), bestScore: z.number() })),
    zones: z
      .array(visitedZone.extend({ stayedMs: z.int().describe('Of the one who stayed longest.') }))
      .describe('Zones that were entered, in that order.'),
    snapshot: z
      .strictObject({
        url: z.string(),
        width: z.int(),
        height: z.int(),
        takenAt: epochMs,
        boxes: z.array(z.strictObject({ class: objectClass, score: z.number(), box })),
      })
      .nullable(),
    clip: z.discriminatedUnion('state', [
      z.strictObject({ state: z.literal('recording') }),
      z.strictObject({ state: z.literal('ready'), url: z.string(), startsAt: epochMs, durationMs: z.int() }),
      z.strictObject({ state: z.literal('missing'), reason: z.string() }),
    ]),
    verdict,
    risk: risk.nullable().describe('null: it could not be judged.'),
    feedback: incidentFeedback.nullable(),
    reviewedAt: epochMs.nullable(),
    reviewedBy: z
      .strictObject({
        id: z.string(),
        name: z.string().nullable().describe('null: an account that is gone, or a program.'),
      })
      .nullable(),
    starred: z.boolean().describe('Its clip is the last to go when the disk is full.'),
    notes: z.string(),
    reviewCount: z.int().describe('Counts changes of the review; sent back as `seen`, it keeps two people apart.'),
  })
  .meta({ id: 'Incident' })
export type Incident = z.infer<typeof incident>

/** What carried a visit on: on another camera, or after the longest time that one incident lasts. */
export const incidentPart = incident
  .pick({ id: true, camera: true, state: true, openedAt: true, lastSeenAt: true, classes: true, zones: true })
  .extend({ snapshot: incident.shape.snapshot, clip: incident.shape.clip, risk: incident.shape.risk })
  .meta({ id: 'IncidentPart' })
export type IncidentPart = z.infer<typeof incidentPart>

/** A plug when the incident began, or as it changed while the incident lasted. */
export const plugAtTheTime = z
  .strictObject({ at: epochMs, plugId: id, name: z.string(), on: z.boolean(), powerMw: z.int().nullable() })
  .meta({ id: 'PlugAtTheTime' })
export type PlugAtTheTime = z.infer<typeof plugAtTheTime>

export const incidentDetail = incident
  .extend({
    tracks: z.array(track),
    dwellMs: z.int().describe('How long the one who stayed longest was followed.'),
    /** Later parts of the same visit that the asker may see, oldest first. */
    parts: z.array(incidentPart),
    plugs: z.array(plugAtTheTime),
    assessment: assessment.nullable(),
  })
  .meta({ id: 'IncidentDetail' })
export type IncidentDetail = z.infer<typeof incidentDetail>

const MOST_CHOICES = 32
/** Several values with commas between them: any of them. */
const anyOf = <Item extends z.ZodType<string, string>>(item: Item, what: string) =>
  z
    .string()
    .max(1_500)
    .transform((text): z.input<Item>[] => text.split(',') as z.input<Item>[])
    .pipe(z.array(item).min(1).max(MOST_CHOICES))
    .optional()
    .describe(`${what}; several with commas between them mean any of them.`)
const yesOrNo = z.enum(['yes', 'no'])

/** Everything that incidents can be found by; all of it together must fit. */
export const incidentsFilter = z.strictObject({
  q: z.string().max(200).optional().describe('Words that it is found by, each at least as a beginning.'),
  camera: anyOf(id, 'Cameras'),
  zone: anyOf(id, 'Zones that were entered'),
  class: anyOf(objectClass, 'What was seen'),
  band: anyOf(riskBand, 'How bad'),
  verdict: anyOf(verdict, 'Whether it was real'),
  feedback: anyOf(incidentFeedback, 'What somebody said it was'),
  reviewed: yesOrNo.optional(),
  starred: yesOrNo.optional(),
  plug: anyOf(z.uuid(), 'Plugs that were switched meanwhile'),
  from: z.coerce.number().pipe(epochMs).optional().describe('Begun at this moment or later.'),
  until: z.coerce.number().pipe(epochMs).optional().describe('Begun before this moment.'),
})
export type IncidentsFilter = z.infer<typeof incidentsFilter>

export const incidentsQuery = incidentsFilter.extend({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type IncidentsQuery = z.infer<typeof incidentsQuery>
export const incidentsReply = z
  .strictObject({
    incidents: z.array(incident),
    nextCursor: z.string().nullable(),
    unreviewed: z.int(),
    preparing: z
      .boolean()
      .describe('After an update: older ones are still being prepared for searching and filtering.'),
  })
  .meta({ id: 'Incidents' })
export type IncidentsReply = z.infer<typeof incidentsReply>
