import { z } from 'zod'
import { modeOptions, type ModeScheduleEntry } from '../api/modes.ts'
import type { SettingDefinition } from '../settings/types.ts'

const { shape } = modeOptions

export const exitDelayS: SettingDefinition<number> = {
  key: 'modes.exitDelayS',
  schema: shape.exitDelayS,
  initial: 45,
  words: 'Seconds between choosing Away and its beginning: time to leave the house.',
}

export const entryDelayS: SettingDefinition<number> = {
  key: 'modes.entryDelayS',
  schema: shape.entryDelayS,
  initial: 45,
  words: 'Seconds that an alert of an entry camera waits while away: time to choose Home when it is you.',
}

export const entryCameras: SettingDefinition<string[]> = {
  key: 'modes.entryCameras',
  schema: shape.entryCameras,
  initial: [],
  words: 'Cameras that see you come home; chosen under More, Modes.',
  internal: true,
}

export const awayWhenEmpty: SettingDefinition<boolean> = {
  key: 'modes.awayWhenEmpty',
  schema: z.boolean(),
  initial: false,
  words: 'Away by itself when everybody whose phone is known has left.',
}

export const homeWhenBack: SettingDefinition<boolean> = {
  key: 'modes.homeWhenBack',
  schema: z.boolean(),
  initial: false,
  words: 'Home by itself when the first of those whose phone is known is back.',
}

export const awayAfterMin: SettingDefinition<number> = {
  key: 'modes.awayAfterMin',
  schema: shape.awayAfterMin,
  initial: 10,
  words: 'Minutes that a phone is not seen on the Wi-Fi before its owner counts as away. Phones sleep.',
}

export const modeSchedule: SettingDefinition<ModeScheduleEntry[]> = {
  key: 'modes.schedule',
  schema: shape.schedule,
  initial: [],
  words: 'When the mode changes by itself; chosen under More, Modes.',
  internal: true,
}

/** Set with the schedule: what lay before it was no part of it. */
export const scheduleSince: SettingDefinition<number> = {
  key: 'modes.scheduleSince',
  schema: z.int().nonnegative(),
  initial: 0,
  words: 'When the schedule of the modes was last changed.',
  internal: true,
}

export const modeSettings = [
  ...[exitDelayS, entryDelayS, entryCameras, awayWhenEmpty, homeWhenBack],
  ...[awayAfterMin, modeSchedule, scheduleSince],
] as const
