import { z } from 'zod'
import type { SettingDefinition } from './types.ts'

function isTimeZone(name: string): boolean {
  // Offsets such as +01:00 are accepted by Intl but know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

export const homeName: SettingDefinition<string> = {
  key: 'home.name',
  schema: z.string().trim().min(1).max(64),
  initial: 'Home',
  words: 'What this home is called: in the app, in alerts and on the sign-in page.',
}

export const homeTimeZone: SettingDefinition<string> = {
  key: 'home.timeZone',
  schema: z.string().max(64).refine(isTimeZone, 'is not a known time zone, for example Europe/Berlin'),
  initial: 'UTC',
  words: 'Time zone of the home: days, nights and bills follow it.',
}

export const homeCurrency: SettingDefinition<string> = {
  key: 'home.currency',
  schema: z
    .string()
    .toUpperCase()
    .refine((code) => CURRENCIES.has(code), 'is not a known currency, for example EUR'),
  initial: 'EUR',
  words: 'Currency that costs are shown in (three letters).',
}

export const setupDone: SettingDefinition<boolean> = {
  key: 'setup.done',
  schema: z.boolean(),
  initial: false,
  words: 'True once the first administrator exists. Set by the setup page, never by hand.',
  internal: true,
}

/** The settings that belong to no feature. Each feature declares its own in its `settings.ts`. */
export const homeDefinitions = [homeName, homeTimeZone, homeCurrency, setupDone] as const
