import { z } from 'zod'
import { box, epochMs, id, objectClass } from './common.ts'
import { assessment, risk, verdict } from './risk.ts'

export const INCIDENT_FEEDBACK = ['expected', 'false', 'threat'] as const
export const incidentFeedback = z.enum(INCIDENT_FEEDBACK)

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
  })
  .meta({ id: 'Incident' })
export type Incident = z.infer<typeof incident>

/** What carried a visit on: on another camera, or after the longest time that one incident lasts. */
export const incidentPart = incident
  .pick({ id: true, camera: true, state: true, openedAt: true, lastSeenAt: true, classes: true })
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

export const incidentsQuery = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  camera: id.optional(),
  class: objectClass.optional(),
  reviewed: z.enum(['yes', 'no']).optional(),
})
export type IncidentsQuery = z.infer<typeof incidentsQuery>
export const incidentsReply = z
  .strictObject({ incidents: z.array(incident), nextCursor: z.string().nullable(), unreviewed: z.int() })
  .meta({ id: 'Incidents' })
export type IncidentsReply = z.infer<typeof incidentsReply>
/** `feedback: null` takes it back. */
export const reviewBody = z.strictObject({ feedback: incidentFeedback.nullable() }).meta({ id: 'Review' })
