import { z } from 'zod'
import { epochMs, id, objectClass } from './common.ts'
import { homeMode } from './modes.ts'
import { riskBand } from './risk.ts'
import { weekTimes } from './week.ts'

/** Ways by which somebody can be told; `alerts/notice.ts` has the same. */
export const alertChannel = z.enum(['push', 'email', 'webhook', 'mqtt', 'ntfy'])
export type AlertChannel = z.infer<typeof alertChannel>

/** Who is told what, where and when. An empty list means any, or everybody. */
export const alertRuleBody = z
  .strictObject({
    enabled: z.boolean(),
    classes: z.array(objectClass).max(9),
    cameras: z.array(id).max(64),
    zones: z.array(id).max(32).describe('Zones and entry lines, of which one must have been entered.'),
    modes: z.array(homeMode).max(4),
    times: weekTimes.nullable().describe('null: at any time.'),
    minBand: riskBand.describe('The lowest risk that is told.'),
    dwellS: z
      .int()
      .min(0)
      .max(3_600)
      .describe('Seconds that the visit must have lasted; where zones are named, that somebody stayed in one of them.'),
    cooldownS: z.int().min(0).max(86_400).describe('Seconds of peace for the same thing on the same camera.'),
    throughQuiet: z.boolean().describe('Also in quiet hours.'),
    people: z.array(id).max(64),
    channels: z.array(alertChannel).max(5),
    lightPlugId: id.nullable().describe('The plug that the notification offers to switch on.'),
  })
  .meta({ id: 'AlertRuleBody' })
export type AlertRuleBody = z.infer<typeof alertRuleBody>

export const alertRule = alertRuleBody
  .extend({ id, createdAt: epochMs, updatedAt: epochMs, words: z.string().describe('The rule as a sentence.') })
  .meta({ id: 'AlertRule' })
export type AlertRule = z.infer<typeof alertRule>
export const alertRulesReply = z.strictObject({ rules: z.array(alertRule) }).meta({ id: 'AlertRules' })

/** What came of a rule for an incident, and why. */
export const alertDecision = z
  .strictObject({
    at: epochMs,
    ruleId: id.nullable().describe('null: the rule is gone.'),
    rule: z.string().describe('The rule as it was then.'),
    outcome: z.enum(['told', 'held', 'not-told']),
    code: z.string().describe('Stable name of the reason, for example `cooldown`.'),
    reason: z.string().describe('One plain sentence.'),
    people: z.array(z.string()).describe('Names of who was told.'),
  })
  .meta({ id: 'AlertDecision' })
export type AlertDecision = z.infer<typeof alertDecision>
export const alertDecisionsReply = z.strictObject({ decisions: z.array(alertDecision) }).meta({ id: 'AlertDecisions' })

export const trialBody = z
  .strictObject({
    rule: alertRuleBody,
    ruleId: id.optional().describe('The rule that it takes the place of.'),
    days: z.int().min(1).max(31).default(7),
  })
  .meta({ id: 'AlertRuleTrial' })
export const trialReply = z
  .strictObject({
    from: epochMs,
    to: epochMs,
    looked: z.int().describe('Incidents that were looked at.'),
    complete: z.boolean().describe('False: there were more than are looked at; the newest were.'),
    toldCount: z.int(),
    told: z
      .array(
        z.strictObject({
          incidentId: id,
          at: epochMs,
          title: z.string(),
          pictureUrl: z.string().nullable(),
          urgency: z.enum(['normal', 'high', 'critical']),
        }),
      )
      .describe('The newest of them.'),
    notTold: z.array(z.strictObject({ code: z.string(), words: z.string(), count: z.int() })),
  })
  .meta({ id: 'AlertRuleTrialReply' })
export type AlertRuleTrial = z.infer<typeof trialReply>

export const quietHours = z
  .strictObject({ times: weekTimes.nullable().describe('null: there are none.') })
  .meta({ id: 'QuietHours' })
export type QuietHours = z.infer<typeof quietHours>

export const snooze = z
  .strictObject({
    cameraId: id.nullable().describe('null: every camera.'),
    until: epochMs,
    by: z.string().describe('Whose alerts are silent.'),
    own: z.boolean(),
  })
  .meta({ id: 'Snooze' })
export type Snooze = z.infer<typeof snooze>
export const snoozesReply = z.strictObject({ snoozes: z.array(snooze) }).meta({ id: 'Snoozes' })
export const snoozeBody = z
  .strictObject({ cameraId: id.nullable(), minutes: z.int().min(1).max(1_440).default(60) })
  .meta({ id: 'SnoozeBody' })
export const endSnoozeBody = z.strictObject({ cameraId: id.nullable() }).meta({ id: 'EndSnooze' })

export const plugWatch = z
  .strictObject({
    minWatts: z.number().min(0.5).max(5_000).describe('Below this it counts as standing still.'),
    afterMin: z.int().min(1).max(1_440).describe('Minutes of that before somebody is told.'),
  })
  .meta({ id: 'PlugWatch' })
export type PlugWatch = z.infer<typeof plugWatch>
export const plugWatchReply = z.strictObject({ watch: plugWatch.nullable() }).meta({ id: 'PlugWatchReply' })
