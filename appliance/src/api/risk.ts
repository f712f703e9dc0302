import { z } from 'zod'
import { epochMs, id, objectClass } from './common.ts'
import { RISK_BANDS, type RiskBand } from './risk-bands.ts'

const BANDS = RISK_BANDS.map(({ band }) => band) as [RiskBand, ...RiskBand[]]
export const riskBand = z.enum(BANDS)

/** Is it real? `could-not-look`: nobody could judge; that is never the same as "nothing there". */
export const VERDICTS = ['confirmed', 'rejected', 'uncertain', 'could-not-look'] as const
export const verdict = z.enum(VERDICTS)
export type Verdict = z.infer<typeof verdict>

/** How bad is it? */
export const risk = z.strictObject({ score: z.int().min(0).max(100), band: riskBand }).meta({ id: 'Risk' })
export type Risk = z.infer<typeof risk>

/** One reason for a score. The points of all of them, within 0–100, are the score. */
export const riskFactor = z
  .strictObject({
    code: z.string().describe('Stable name, for example `night` or `away`.'),
    words: z.string().describe('One plain sentence.'),
    points: z.int().describe('What it adds (or, below 0, takes away).'),
  })
  .meta({ id: 'RiskFactor' })
export type RiskFactor = z.infer<typeof riskFactor>

/**
 * What became of asking the language model. `off`: there is none. `waiting`: it will be asked. `answered`: it was heard.
 * `failed`: it could not be; the rules' answer stands.
 */
export const LANGUAGE_STATES = ['off', 'waiting', 'answered', 'failed'] as const
export const languageOpinion = z
  .strictObject({
    state: z.enum(LANGUAGE_STATES),
    problem: z.string().nullable().describe('Why it could not be heard, in words.'),
    summary: z.string().nullable().describe('What it says it saw.'),
    model: z.string().nullable().describe('As the server names it.'),
    promptVersion: z.string().nullable(),
    pictureSent: z.boolean(),
    latencyMs: z.int().nullable(),
    tokensIn: z.int().nullable(),
    tokensOut: z.int().nullable(),
    at: epochMs.nullable(),
  })
  .meta({ id: 'LanguageOpinion' })
export type LanguageOpinion = z.infer<typeof languageOpinion>

export const assessment = z
  .strictObject({
    by: z.enum(['rules', 'language']),
    at: epochMs,
    factors: z.array(riskFactor),
    language: languageOpinion,
  })
  .meta({ id: 'Assessment' })
export type Assessment = z.infer<typeof assessment>

/** What the language model was sent, word for word. */
export const promptReply = z
  .strictObject({ promptVersion: z.string(), system: z.string(), text: z.string(), pictureSent: z.boolean() })
  .meta({ id: 'Prompt' })
export type PromptReply = z.infer<typeof promptReply>

/** Whether a language model helps to judge, and what it is told. */
export const languageStatus = z
  .strictObject({
    configured: z.boolean(),
    address: z.string().nullable().describe('Host and port, without secrets.'),
    model: z.string().nullable(),
    pictures: z.boolean().describe('Snapshots are sent along.'),
    breaker: z.enum(['closed', 'open', 'half-open']),
    problem: z.string().nullable(),
    waiting: z.int(),
    promptVersion: z.string(),
    system: z.string().describe('What it is told before each incident.'),
  })
  .meta({ id: 'LanguageStatus' })
export type LanguageStatus = z.infer<typeof languageStatus>

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export const weekday = z.enum(WEEKDAYS)
export type Weekday = z.infer<typeof weekday>
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time such as 07:30')

/** Who or what is expected, and when: it lowers the score of what fits. Times are of the home's time zone. */
export const expectationBody = z
  .strictObject({
    name: z.string().trim().min(1).max(64).describe('For example "Post" or "School run".'),
    who: z.enum(['household', 'visitor', 'vehicle', 'animal']),
    classes: z.array(objectClass).min(1).max(9),
    cameras: z.array(id).max(64).nullable().describe('null: every camera.'),
    weekdays: z.array(weekday).min(1).max(7),
    from: clockTime,
    to: clockTime.describe(
      'Up to this minute; earlier than `from` means on the next day, the same means the whole day.',
    ),
    enabled: z.boolean(),
  })
  .meta({ id: 'ExpectationBody' })
export type ExpectationBody = z.infer<typeof expectationBody>
export const expectation = expectationBody.extend({ id, createdAt: epochMs }).meta({ id: 'Expectation' })
export type Expectation = z.infer<typeof expectation>
export const expectationsReply = z.strictObject({ expectations: z.array(expectation) }).meta({ id: 'Expectations' })
