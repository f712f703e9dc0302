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
  env: 'MAX_CONCURRENT_SESSIONS',
}

export const accessTokenMinutes: SettingDefinition<number> = {
  key: 'accounts.accessTokenMinutes',
  schema: z.int().min(1).max(1_440),
  initial: 30,
  words: 'After how many minutes the app has to renew its access. People do not notice.',
  env: 'ACCESS_TOKEN_EXPIRE_MINUTES',
}

export const refreshTokenDays: SettingDefinition<number> = {
  key: 'accounts.refreshTokenDays',
  schema: z.int().min(1).max(90),
  initial: 7,
  words: 'After this many days everybody signs in again; a trusted phone only when it was not used for so long.',
  env: 'REFRESH_TOKEN_EXPIRE_DAYS',
}

export const sessionTimeoutMinutes: SettingDefinition<number> = {
  key: 'accounts.sessionTimeoutMinutes',
  schema: z.int().min(1).max(43_200),
  initial: 30,
  words: 'After how many minutes without anybody using it a phone or browser that is not trusted is signed out.',
  env: 'SESSION_TIMEOUT_MINUTES',
}

export const sessionWarningMinutes: SettingDefinition<number> = {
  key: 'accounts.sessionWarningMinutes',
  schema: z.int().min(0).max(60),
  initial: 5,
  words: 'How many minutes before that the app asks whether somebody is still there.',
  env: 'SESSION_WARNING_MINUTES',
}

export const sudoMinutes: SettingDefinition<number> = {
  key: 'accounts.sudoMinutes',
  schema: z.int().min(1).max(60),
  initial: 5,
  words: 'For how many minutes a second factor counts as fresh; dangerous changes ask for a fresh one.',
  env: 'SUDO_MINUTES',
}

export const signingKeyRotationDays: SettingDefinition<number> = {
  key: 'accounts.signingKeyRotationDays',
  schema: z.int().min(0).max(365),
  initial: 30,
  words: 'After how many days the key that signs sessions is replaced by itself. 0 turns it off.',
}

export const signingKeyGraceMinutes: SettingDefinition<number> = {
  key: 'accounts.signingKeyGraceMinutes',
  schema: z.int().min(0).max(1_440),
  initial: 60,
  words: 'For how many minutes after that the replaced key is still accepted. 0: everybody renews at once.',
}

export const loginFreeFailures: SettingDefinition<number> = {
  key: 'accounts.loginFreeFailures',
  schema: z.int().min(1).max(20),
  initial: 5,
  words: 'How many wrong sign-ins are allowed before each further one has to wait, longer and longer.',
  env: 'LOGIN_MAX_FAILURES',
}

export const apiKeysEnabled: SettingDefinition<boolean> = {
  key: 'accounts.apiKeysEnabled',
  schema: z.boolean(),
  initial: true,
  words: 'Whether programs may use the API with keys. Off: every key is refused and none can be made.',
  env: 'API_KEY_ENABLED',
}

/** Every setting of this feature. */
export const accountSettings = [
  passwordMaxAgeDays,
  maxConcurrentSessions,
  accessTokenMinutes,
  refreshTokenDays,
  sessionTimeoutMinutes,
  sessionWarningMinutes,
  sudoMinutes,
  signingKeyRotationDays,
  signingKeyGraceMinutes,
  loginFreeFailures,
  apiKeysEnabled,
] as const
