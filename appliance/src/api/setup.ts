import { z } from 'zod'
import { newPassword, user, username } from './accounts.ts'

/** What the app needs to know before anybody is signed in. */
export const setupStatus = z
  .strictObject({
    setupDone: z.boolean(),
    homeName: z.string(),
    /** Milliseconds by the box's clock, so that the app can warn about a wrong one. */
    boxTime: z.int(),
    clockTrusted: z
      .boolean()
      .describe('False while the box believes its clock is not set yet: TOTP codes may be refused.'),
    version: z.string(),
    cardProblems: z
      .array(z.string())
      .optional()
      .describe('Before setup on our own image: what of the files on the card could not be taken over.'),
  })
  .meta({ id: 'SetupStatus' })
export type SetupStatus = z.infer<typeof setupStatus>

export const setupCode = z
  .string()
  .trim()
  .min(4)
  .max(32)
  .describe('The one-time code from the console, with or without dashes.')

/** Step 1: checks the console's code and prepares a TOTP secret. Nothing is stored yet. */
export const beginSetupBody = z
  .strictObject({ setupCode, username, displayName: z.string().trim().min(1).max(64), password: newPassword })
  .meta({ id: 'BeginSetup' })
export const beginSetupReply = z
  .strictObject({
    totpSecret: z.string().describe('Base32, to type in by hand.'),
    totpUri: z.string().describe('otpauth:// address for the QR picture.'),
  })
  .meta({ id: 'BeginSetupReply' })
export type BeginSetupReply = z.infer<typeof beginSetupReply>

/** Step 2: proves that the authenticator works, creates the administrator and signs in. */
export const finishSetupBody = z
  .strictObject({
    setupCode,
    code: z.string().trim().min(6).max(8),
    homeName: z.string().trim().min(1).max(64),
    timeZone: z.string().min(1).max(64),
    currency: z.string().length(3),
    trustDevice: z.boolean().optional().describe('This is a phone of one’s own: it stays signed in.'),
  })
  .meta({ id: 'FinishSetup' })
export const finishSetupReply = z
  .strictObject({ user, recoveryCodes: z.array(z.string()) })
  .meta({ id: 'FinishSetupReply' })
export type FinishSetupReply = z.infer<typeof finishSetupReply>
