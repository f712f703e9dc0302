import { z } from 'zod'
import { epochMs, id } from './common.ts'

export const plugReading = z
  .strictObject({
    at: epochMs,
    powerMw: z.int().describe('Milliwatts.'),
    voltageMv: z.int().nullable(),
    currentMa: z.int().nullable(),
    totalWh: z.int().nullable().describe("The plug's own counter."),
  })
  .meta({ id: 'PlugReading' })
export type PlugReading = z.infer<typeof plugReading>

/** What a device can do, as it says itself. `schedule` is to read what it keeps, `schedule-edit` to change it. */
export const PLUG_CAPABILITIES = [
  'switch',
  'meter',
  'dimmer',
  'light',
  'led',
  'countdown',
  'schedule',
  'schedule-edit',
] as const
export const plugCapability = z.enum(PLUG_CAPABILITIES)
export type PlugCapability = z.infer<typeof plugCapability>

export const plugName = z.string().trim().min(1).max(64)
export const brightnessPercent = z.int().min(1).max(100)

export const plug = z
  .strictObject({
    id,
    name: z.string(),
    model: z.string(),
    host: z.string(),
    mac: z.string(),
    strip: z
      .strictObject({ name: z.string(), position: z.int().describe('From 0.') })
      .nullable()
      .describe('Null for a plug with one outlet; outlets of one strip have the same `mac`.'),
    can: z.array(plugCapability),
    roomId: id.nullable(),
    picture: z.string().nullable().describe('Path of the picture that the owner gave it.'),
    reachable: z.boolean().describe('False: everything below is the last known, as old as `seenAt`.'),
    problem: z.string().nullable().describe('In words, while not reachable.'),
    problemCode: z.string().nullable(),
    on: z.boolean().nullable(),
    brightness: z.int().nullable().describe('Percent; null where there is nothing to dim.'),
    reading: plugReading.nullable(),
    seenAt: epochMs.nullable(),
  })
  .meta({ id: 'Plug' })
export type Plug = z.infer<typeof plug>

export const plugAddress = z
  .strictObject({ host: z.string(), firstSeenAt: epochMs, lastSeenAt: epochMs })
  .meta({ id: 'PlugAddress' })
export type PlugAddress = z.infer<typeof plugAddress>

export const plugDetail = plug
  .extend({
    notes: z.string(),
    firmware: z.string().nullable(),
    hardware: z.string().nullable(),
    encryption: z.enum(['xor', 'klap', 'tpap', 'aes']).nullable().describe('How it is spoken to; null: not yet.'),
    usesAccount: z.boolean().describe('It lets in only who knows its TP-Link account.'),
    rssiDbm: z.int().nullable(),
    ledOn: z.boolean().nullable(),
    addresses: z.array(plugAddress).describe('Newest first.'),
  })
  .meta({ id: 'PlugDetail' })
export type PlugDetail = z.infer<typeof plugDetail>

export const plugsReply = z.strictObject({ plugs: z.array(plug) }).meta({ id: 'Plugs' })
export const switchPlugBody = z.strictObject({ on: z.boolean() }).meta({ id: 'SwitchPlug' })
export const brightnessBody = z.strictObject({ brightness: brightnessPercent }).meta({ id: 'PlugBrightness' })
export const addPlugBody = z
  .strictObject({
    host: z
      .string()
      .trim()
      .min(1)
      .max(253)
      .describe('Address or name on the home network; `host:port` for another port.'),
  })
  .meta({ id: 'AddPlug' })
/** A strip adds one plug per outlet. */
export const addPlugReply = z.strictObject({ plugs: z.array(plug) }).meta({ id: 'AddPlugReply' })
export const LONGEST_NOTES = 2_000
export const changePlugBody = z
  .strictObject({
    name: plugName.optional(),
    roomId: id.nullable().optional(),
    notes: z.string().max(LONGEST_NOTES).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'Name, room or notes: at least one.')
  .meta({ id: 'ChangePlug' })
export type ChangePlug = z.infer<typeof changePlugBody>

/** Decoded; what a phone takes is made smaller before it is sent. */
export const LARGEST_PICTURE_BYTES = 4 * 1024 * 1024
export const plugPictureBody = z
  .strictObject({
    picture: z
      .base64()
      .min(1)
      .max(Math.ceil(LARGEST_PICTURE_BYTES / 3) * 4)
      .describe('A JPEG, PNG or WebP file.'),
  })
  .meta({ id: 'PlugPicture' })

/** A device that answered and could not be added yet. */
export const waitingPlug = z
  .strictObject({
    mac: z.string(),
    model: z.string(),
    host: z.string(),
    problem: z.string(),
    problemCode: z.string().describe('`NEEDS_ACCOUNT`, `WRONG_ACCOUNT`, `WRONG_PASSWORD` …'),
    wantsAccount: z.boolean().describe('Entering a TP-Link account may help.'),
  })
  .meta({ id: 'WaitingPlug' })
export type WaitingPlug = z.infer<typeof waitingPlug>
export const discoverPlugsReply = z
  .strictObject({ found: z.int(), added: z.int(), plugs: z.array(plug), waiting: z.array(waitingPlug) })
  .meta({ id: 'DiscoverPlugs' })
export type DiscoverPlugsReply = z.infer<typeof discoverPlugsReply>

export const scanPlugsBody = z
  .strictObject({
    range: z.string().trim().min(1).max(64).describe('`192.168.20.0/24` or `192.168.20.10-192.168.20.60`.'),
  })
  .meta({ id: 'ScanPlugs' })
export const plugScan = z
  .strictObject({
    state: z.enum(['idle', 'running', 'done', 'failed']),
    range: z.string().nullable(),
    asked: z.int(),
    total: z.int(),
    result: discoverPlugsReply.nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'PlugScan' })
export type PlugScan = z.infer<typeof plugScan>

export const ledBody = z.strictObject({ on: z.boolean() }).meta({ id: 'PlugLed' })

export const plugCountdown = z
  .strictObject({
    endsAt: epochMs.nullable().describe('Null when the device does not tell.'),
    durationS: z.int(),
    on: z.boolean().describe('What happens at its end.'),
  })
  .meta({ id: 'PlugCountdown' })
export type PlugCountdown = z.infer<typeof plugCountdown>
export const countdownReply = z.strictObject({ countdown: plugCountdown.nullable() }).meta({ id: 'PlugCountdownReply' })
export const countdownBody = z
  .strictObject({ durationS: z.int().min(1).max(86_399), on: z.boolean() })
  .meta({ id: 'SetPlugCountdown' })

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const weekday = z.enum(WEEKDAYS)
export const scheduleTime = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('time'), minuteOfDay: z.int().min(0).max(1_439) }),
  z.strictObject({ kind: z.enum(['sunrise', 'sunset']), offsetMin: z.int().min(-720).max(720) }),
])
const scheduleFields = {
  name: z.string().max(64),
  enabled: z.boolean(),
  on: z.boolean(),
  at: scheduleTime,
  weekdays: z.array(weekday).max(7).describe('Empty: once, on `onDate`.'),
  onDate: z.iso.date().nullable(),
}
export const plugSchedule = z.strictObject({ id: z.string(), ...scheduleFields }).meta({ id: 'PlugSchedule' })
export type PlugSchedule = z.infer<typeof plugSchedule>
export const plugScheduleBody = z
  .strictObject(scheduleFields)
  .refine(({ weekdays, onDate }) => weekdays.length > 0 !== (onDate !== null), 'Either days of the week or one date.')
  .meta({ id: 'PlugScheduleBody' })
export type PlugScheduleBody = z.infer<typeof plugScheduleBody>
export const plugSchedulesReply = z
  .strictObject({ canEdit: z.boolean(), schedules: z.array(plugSchedule) })
  .meta({ id: 'PlugSchedules' })
export type PlugSchedulesReply = z.infer<typeof plugSchedulesReply>
export const scheduleParams = z.strictObject({ id, rule: z.string().min(1).max(128) })

/** Why a plug can or cannot be used, and what to do, in words for the person who stands in front of it. */
export const plugDiagnosis = z
  .strictObject({
    ok: z.boolean().describe('It answers, and nothing disturbs.'),
    problem: z.string().nullable().describe('What went wrong just now; null while it answers.'),
    findings: z
      .array(z.strictObject({ code: z.string(), words: z.string(), whatToDo: z.string() }))
      .describe('Most useful first.'),
  })
  .meta({ id: 'PlugDiagnosis' })
export type PlugDiagnosis = z.infer<typeof plugDiagnosis>
