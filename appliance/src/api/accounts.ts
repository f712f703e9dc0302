import { z } from 'zod'
import { epochMs, id } from './common.ts'
import { PERMISSIONS, ROLES } from './permissions.ts'

export const username = z.string().trim().min(1).max(64).describe('Sign-in name; upper and lower case are the same.')
export const newPassword = z.string().min(1).max(256)
export const totpCode = z
  .string()
  .trim()
  .min(6)
  .max(16)
  .describe('Six digits from the authenticator app, or a recovery code.')

export const user = z
  .strictObject({
    id,
    username: z.string(),
    displayName: z.string(),
    role: z.enum(ROLES),
    permissions: z.array(z.enum(PERMISSIONS)),
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof user>

export const signInBody = z
  .strictObject({
    username,
    password: newPassword,
    code: totpCode.optional(),
    newPassword: newPassword
      .optional()
      .describe('Only after 403 `PASSWORD_EXPIRED`: the password is too old and is replaced by this one.'),
  })
  .meta({ id: 'SignIn' })
/** `needs-code`: the password is right, send it again with `code`. */
export const signInReply = z
  .discriminatedUnion('status', [
    z.strictObject({ status: z.literal('signed-in'), user }),
    z.strictObject({ status: z.literal('needs-code') }),
  ])
  .meta({ id: 'SignInReply' })
export type SignInReply = z.infer<typeof signInReply>

export const meReply = z
  .strictObject({
    user,
    sessionExpiresAt: epochMs,
    recoveryCodesLeft: z.int(),
    passwordExpiresAt: epochMs.nullable().describe('After this, sign-in asks for a new password. null: never.'),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof meReply>

export const changePasswordBody = z
  .strictObject({ currentPassword: newPassword, newPassword })
  .meta({ id: 'ChangePassword' })

export const session = z
  .strictObject({
    id,
    current: z.boolean(),
    userAgent: z.string(),
    address: z.string(),
    createdAt: epochMs,
    lastSeenAt: epochMs,
  })
  .meta({ id: 'Session' })
export const sessionsReply = z.strictObject({ sessions: z.array(session) }).meta({ id: 'Sessions' })
export type Session = z.infer<typeof session>

export const recoveryCodesReply = z.strictObject({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' })
export const confirmBody = z.strictObject({ password: newPassword, code: totpCode }).meta({ id: 'Confirm' })
