import { z } from 'zod'
import { epochMs, id } from './common.ts'
import { HOME_MODES } from './risk-bands.ts'
import { weekday } from './risk.ts'
import { clockTime } from './week.ts'

export const homeMode = z.enum(HOME_MODES)

/** `first`: nobody has chosen one yet. */
export const modeCause = z.enum(['first', 'tap', 'schedule', 'presence', 'program'])
export type ModeCause = z.infer<typeof modeCause>

const changedBy = z.strictObject({ cause: modeCause, name: z.string().nullable().describe('Who tapped.') })

export const modeState = z
  .strictObject({
    mode: homeMode,
    since: epochMs,
    by: changedBy,
    next: z
      .strictObject({ mode: homeMode, at: epochMs, by: changedBy })
      .nullable()
      .describe('What comes into force when the exit delay is over.'),
  })
  .meta({ id: 'ModeState' })
export type ModeState = z.infer<typeof modeState>

/** `now`: without the exit delay. */
export const setModeBody = z.strictObject({ mode: homeMode, now: z.boolean().optional() }).meta({ id: 'SetMode' })

export const modeHistoryReply = z
  .strictObject({ changes: z.array(z.strictObject({ mode: homeMode, at: epochMs, by: changedBy })) })
  .meta({ id: 'ModeHistory' })
export type ModeHistory = z.infer<typeof modeHistoryReply>

export const modeScheduleEntry = z.strictObject({
  mode: homeMode,
  weekdays: z.array(weekday).min(1).max(7),
  at: clockTime,
})
export type ModeScheduleEntry = z.infer<typeof modeScheduleEntry>

export const modeOptions = z
  .strictObject({
    exitDelayS: z.int().min(0).max(600).describe('Seconds between the tap on Away and its beginning.'),
    entryDelayS: z.int().min(0).max(600).describe('Seconds that an alert of an entry camera waits while away.'),
    entryCameras: z.array(id).max(64),
    awayWhenEmpty: z.boolean().describe('Away by itself when everybody has left.'),
    homeWhenBack: z.boolean().describe('Home by itself when the first is back.'),
    awayAfterMin: z.int().min(1).max(120).describe('Minutes that a phone is not seen before its owner counts as away.'),
    schedule: z.array(modeScheduleEntry).max(20),
  })
  .meta({ id: 'ModeOptions' })
export type ModeOptions = z.infer<typeof modeOptions>

export const PRESENCE_STATES = ['home', 'away', 'unknown'] as const
export const presenceState = z.enum(PRESENCE_STATES)
export type PresenceState = z.infer<typeof presenceState>

export const presencePerson = z
  .strictObject({ userId: id, name: z.string(), state: presenceState, since: epochMs.nullable() })
  .meta({ id: 'PresencePerson' })
export type PresencePerson = z.infer<typeof presencePerson>

export const presenceDevice = z
  .strictObject({
    id,
    userId: id,
    kind: z.enum(['wifi', 'geofence']),
    label: z.string(),
    address: z.string().nullable().describe('Of a phone on the Wi-Fi; only its owner and whoever runs the box see it.'),
    state: presenceState,
    since: epochMs.nullable(),
    seenAt: epochMs.nullable(),
    own: z.boolean(),
  })
  .meta({ id: 'PresenceDevice' })
export type PresenceDevice = z.infer<typeof presenceDevice>

export const presencePeople = z.strictObject({ people: z.array(presencePerson) }).meta({ id: 'PresencePeople' })
export const presenceReply = presencePeople
  .extend({ devices: z.array(presenceDevice).describe("Your own; everybody's if you may see the system.") })
  .meta({ id: 'Presence' })
export type Presence = z.infer<typeof presenceReply>

const label = z.string().trim().min(1).max(64)
export const addPresenceDeviceBody = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('wifi'), label, address: z.string().trim().max(64) }),
    z.strictObject({ kind: z.literal('geofence'), label }),
  ])
  .meta({ id: 'AddPresenceDevice' })
export type AddPresenceDevice = z.infer<typeof addPresenceDeviceBody>

/** All that a phone tells: in or out, never where. */
export const presenceSayBody = z.strictObject({ state: z.enum(['home', 'away']) }).meta({ id: 'PresenceSay' })
