import { z } from 'zod'
import { epochMs, id, objectClass } from './common.ts'
import { incident, incidentFeedback, incidentsFilter } from './incidents.ts'

export const LONGEST_NOTE = 2_000

const change = {
  feedback: incidentFeedback.nullable().optional().describe('null takes it back.'),
  starred: z.boolean().optional(),
}

/** What is left out stays as it is. */
export const reviewBody = z
  .strictObject({
    ...change,
    notes: z.string().trim().max(LONGEST_NOTE).optional(),
    seen: z
      .int()
      .optional()
      .describe('`reviewCount` as it was seen: when somebody has changed it since, nothing happens.'),
  })
  .meta({ id: 'Review' })
export type ReviewBody = z.infer<typeof reviewBody>
/** `undo` is what to send to take it back; null when nothing had to change. */
export const reviewReply = z.strictObject({ incident, undo: id.nullable() }).meta({ id: 'Reviewed' })
export type ReviewReply = z.infer<typeof reviewReply>

export const MOST_AT_ONCE = 500

/** Either these, or all that match; at most 500 at once, newest first. */
export const bulkReviewBody = z
  .strictObject({
    ids: z.array(id).min(1).max(MOST_AT_ONCE).optional(),
    matching: incidentsFilter.optional(),
    ...change,
  })
  .meta({ id: 'BulkReview' })
export type BulkReviewBody = z.infer<typeof bulkReviewBody>
export const bulkReviewReply = z
  .strictObject({
    changed: z.int(),
    threats: z.int().describe('Left as they were: somebody had marked them as a threat.'),
    more: z.boolean().describe('More match than are changed at once.'),
    undo: id.nullable(),
  })
  .meta({ id: 'BulkReviewed' })
export type BulkReviewReply = z.infer<typeof bulkReviewReply>

export const undoReply = z
  .strictObject({
    restored: z.int(),
    left: z.int().describe('Left as they are: somebody has changed them since.'),
  })
  .meta({ id: 'ReviewUndone' })
export type UndoReply = z.infer<typeof undoReply>

export const unreviewedReply = z.strictObject({ unreviewed: z.int() }).meta({ id: 'Unreviewed' })

/** One change of a review, newest first. */
export const reviewEntry = z
  .strictObject({
    at: epochMs,
    by: z.string().nullable().describe('Name; null: an account that is gone, or a program.'),
    feedback: incidentFeedback.nullable().optional().describe('When it was changed: to what.'),
    starred: z.boolean().optional(),
    notes: z.string().optional(),
    undoneAt: epochMs.nullable(),
  })
  .meta({ id: 'ReviewEntry' })
export type ReviewEntry = z.infer<typeof reviewEntry>
export const reviewHistoryReply = z.strictObject({ entries: z.array(reviewEntry) }).meta({ id: 'ReviewHistory' })
export type ReviewHistory = z.infer<typeof reviewHistoryReply>

export const DAY_PARTS = ['night', 'morning', 'afternoon', 'evening'] as const
export const dayPart = z.enum(DAY_PARTS)
export type DayPart = z.infer<typeof dayPart>

/** What marks have taught about one kind of sight: this class, on this camera, in this part of the day. */
export const learned = z
  .strictObject({
    pattern: z.string().describe('Names it when it is to be forgotten.'),
    camera: z.strictObject({ id, name: z.string() }),
    class: objectClass,
    part: dayPart,
    counts: z.strictObject({ expected: z.int(), false: z.int(), threat: z.int() }),
    lastAt: epochMs,
    points: z.int().describe('What it adds to a score now, or takes away; within ±20.'),
    words: z.string().describe('Why, in one sentence.'),
  })
  .meta({ id: 'Learned' })
export type Learned = z.infer<typeof learned>
export const learnedReply = z.strictObject({ learned: z.array(learned) }).meta({ id: 'LearnedList' })
export type LearnedReply = z.infer<typeof learnedReply>
export const forgetQuery = z.strictObject({
  pattern: z.string().max(80).optional().describe('Left out: everything that you may see.'),
})

export const dayQuery = z.strictObject({
  day: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a day such as 2026-11-28')
    .optional()
    .describe('Of the home; today when left out.'),
})
/** One day in numbers, for a sentence. */
export const dayReply = z
  .strictObject({
    day: z.string(),
    from: epochMs,
    until: epochMs,
    total: z.int().describe('Visits; a very busy day is counted up to 2000.'),
    unreviewed: z.int(),
    groups: z.array(
      z.strictObject({ camera: z.strictObject({ id, name: z.string() }), class: objectClass, visits: z.int() }),
    ),
    /** At most three that stand out, the worst first. */
    notable: z.array(
      z.strictObject({
        id,
        openedAt: epochMs,
        camera: z.strictObject({ id, name: z.string() }),
        class: objectClass.nullable(),
        why: z.enum(['threat', 'critical', 'high', 'unusual']),
      }),
    ),
  })
  .meta({ id: 'Day' })
export type Day = z.infer<typeof dayReply>

export const HEAT_WEEKS = [4, 13, 52] as const
export const heatQuery = z.strictObject({
  camera: id.optional(),
  class: objectClass.optional(),
  weeks: z.coerce.number().int().min(1).max(52).default(4),
})
export type HeatQuery = z.infer<typeof heatQuery>
/** How often something was seen, by weekday and hour of the home. */
export const heatReply = z
  .strictObject({
    from: epochMs,
    until: epochMs,
    total: z.int(),
    most: z.int(),
    cells: z.array(z.array(z.int())).describe('Seven rows from Monday, each of 24 hours.'),
  })
  .meta({ id: 'Heat' })
export type Heat = z.infer<typeof heatReply>
