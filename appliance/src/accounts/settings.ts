import { z } from 'zod'
import type { SettingDefinition } from '../settings/types.ts'

export const passwordMaxAgeDays: SettingDefinition<number> = {
  key: 'accounts.passwordMaxAgeDays',
  schema: z.int().min(0).max(3_650),
  initial: 90,
  words: 'After how many days sign-in asks for a new password. 0 turns it off.',
  env: 'PASSWORD_MAX_AGE_DAYS',
}

export const maxConcurrentSessions: SettingDefinition<number> = {
  key: 'accounts.maxConcurrentSessions',
  schema: z.int().min(1).max(50),
  initial: 3,
  words: 'On how many phones and browsers one person may be signed in at once; one more signs out the oldest.',
}

export const sessionIdleHours: SettingDefinition<number> = {
  key: 'accounts.sessionIdleHours',
  schema: z
    .int()
    .min(1)
    .max(24 * 90),
  initial: 24 * 7,
  words: 'A phone or browser that was not used for this many hours has to sign in again.',
}

export const sessionLifetimeDays: SettingDefinition<number> = {
  key: 'accounts.sessionLifetimeDays',
  schema: z.int().min(1).max(365),
  initial: 30,
  words: 'After this many days a phone or browser has to sign in again even if it is used every day.',
}

export const loginFreeFailures: SettingDefinition<number> = {
  key: 'accounts.loginFreeFailures',
  schema: z.int().min(1).max(20),
  initial: 5,
  words: 'How many wrong sign-ins are allowed before each further one has to wait, longer and longer.',
  env: 'LOGIN_MAX_FAILURES',
}

/** Every setting of this feature. */
export const accountSettings = [
  passwordMaxAgeDays,
  maxConcurrentSessions,
  sessionIdleHours,
  sessionLifetimeDays,
  loginFreeFailures,
] as const
