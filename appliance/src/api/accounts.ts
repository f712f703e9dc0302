import { z } from 'zod'
import { epochMs, id } from './common.ts'
import { PERMISSIONS } from './permissions.ts'

export const username = z.string().trim().min(1).max(64).describe('Sign-in name; upper and lower case are the same.')
/** Without signs that move the cursor or turn the direction of writing: names are shown everywhere, also on the console. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+$/u)
export const newPassword = z.string().min(1).max(256)
export const totpCode = z
  .string()
  .trim()
  .min(6)
  .max(16)
  .describe('Six digits from the authenticator app, or a recovery code.')
export const permission = z.enum(PERMISSIONS)

export const user = z
  .strictObject({
    id,
    username: z.string(),
    displayName: z.string(),
    role: z.string().describe('admin, operator, viewer, guest, or the id of a role made here.'),
    roleName: z.string(),
    permissions: z.array(permission),
    cameras: z.array(id).nullable().describe('The only cameras this person may see. null: all.'),
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof user>

/** What a browser's passkey API answered, as JSON; checked in full by the server's WebAuthn library. */
const passkeyJson = z.record(z.string(), z.unknown())
export const passkeyAnswer = z
  .strictObject({ challengeId: z.string().min(16).max(64), answer: passkeyJson })
  .meta({ id: 'PasskeyAnswer' })
export type PasskeyAnswer = z.infer<typeof passkeyAnswer>
/** `options` go to `navigator.credentials` (JSON form of WebAuthn level 3). */
export const passkeyChallenge = z
  .strictObject({ challengeId: z.string(), options: passkeyJson })
  .meta({ id: 'PasskeyChallenge' })
export type PasskeyChallenge = z.infer<typeof passkeyChallenge>

/** A second factor that is about to be set up: `ticket` (sealed, 15 minutes) comes back with the first code. */
export const totpEnrolment = z
  .strictObject({
    ticket: z.string(),
    totpSecret: z.string().describe('Base32, to type in by hand.'),
    totpUri: z.string().describe('otpauth:// address for the QR picture.'),
  })
  .meta({ id: 'TotpEnrolment' })
export type TotpEnrolment = z.infer<typeof totpEnrolment>
const ticket = z.string().min(16).max(1024)

const trustDevice = z
  .boolean()
  .optional()
  .describe('This is a phone of one’s own: it stays signed in while it is used at least once a week.')

export const signInBody = z
  .strictObject({
    username,
    password: newPassword,
    code: totpCode.optional(),
    passkey: passkeyAnswer.optional().describe('Instead of `code`.'),
    enrolment: ticket.optional().describe('After `needs-enrolment`: the ticket, with the first code in `code`.'),
    newPassword: newPassword
      .optional()
      .describe('Only after 403 `PASSWORD_EXPIRED`: the password is too old and is replaced by this one.'),
    trustDevice,
  })
  .meta({ id: 'SignIn' })
export type SignInBody = z.infer<typeof signInBody>

/**
 * `needs-code`: the password is right, send it again with `code` (or the answer to `passkey`, when there is one).
 * `needs-enrolment`: this account must have a second factor and has none yet.
 */
export const signInReply = z
  .discriminatedUnion('status', [
    z.strictObject({
      status: z.literal('signed-in'),
      user,
      recoveryCodes: z.array(z.string()).optional().describe('Only after an enrolment; shown once.'),
    }),
    z.strictObject({ status: z.literal('needs-code'), hasTotp: z.boolean(), passkey: passkeyChallenge.nullable() }),
    z.strictObject({ status: z.literal('needs-enrolment'), enrolment: totpEnrolment }),
  ])
  .meta({ id: 'SignInReply' })
export type SignInReply = z.infer<typeof signInReply>

export const passkeySignInBody = z.strictObject({ passkey: passkeyAnswer, trustDevice }).meta({ id: 'PasskeySignIn' })

/** The session of the browser that asks. */
export const currentSession = z
  .strictObject({
    id,
    trusted: z.boolean(),
    boxTime: epochMs.describe('Now, by the clock of the box: the times below are to be compared with it.'),
    accessExpiresAt: epochMs.describe('Refresh before this.'),
    expiresAt: epochMs.describe('Sign in again after this.'),
    idleEndsAt: epochMs
      .nullable()
      .describe('Ends then unless somebody uses it. null: a trusted phone never idles out.'),
    warnMs: z.int().describe('The app warns this long before `idleEndsAt`.'),
    freshUntil: epochMs.describe('Until then the second factor counts as fresh; 0: it does not.'),
  })
  .meta({ id: 'CurrentSession' })
export type CurrentSession = z.infer<typeof currentSession>

export const meReply = z
  .strictObject({
    user,
    session: currentSession,
    hasTotp: z.boolean(),
    mustHaveSecondFactor: z.boolean(),
    passkeys: z.int(),
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
    trusted: z.boolean(),
    userAgent: z.string(),
    address: z.string(),
    createdAt: epochMs,
    lastSeenAt: epochMs,
  })
  .meta({ id: 'Session' })
export const sessionsReply = z.strictObject({ sessions: z.array(session) }).meta({ id: 'Sessions' })
export type Session = z.infer<typeof session>
export const changeSessionBody = z.strictObject({ trusted: z.boolean() }).meta({ id: 'ChangeSession' })

/** Proof of presence: a code or a passkey; the password only for accounts that have neither. */
export const sudoBody = z
  .strictObject({ code: totpCode.optional(), passkey: passkeyAnswer.optional(), password: newPassword.optional() })
  .meta({ id: 'Sudo' })
export type SudoBody = z.infer<typeof sudoBody>
export const sudoMethods = z
  .strictObject({ method: z.enum(['code', 'password']), passkey: passkeyChallenge.nullable() })
  .meta({ id: 'SudoMethods' })
export type SudoMethods = z.infer<typeof sudoMethods>

export const recoveryCodesReply = z.strictObject({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' })
export type RecoveryCodesReply = z.infer<typeof recoveryCodesReply>
export const confirmBody = z.strictObject({ password: newPassword, code: totpCode }).meta({ id: 'Confirm' })
/** Without `code` only while the second factor is fresh: for accounts whose only one is a passkey. */
export const renewRecoveryCodesBody = z
  .strictObject({ password: newPassword, code: totpCode.optional() })
  .meta({ id: 'RenewRecoveryCodes' })
export const enrolTotpBody = z.strictObject({ ticket, code: z.string().trim().min(6).max(8) }).meta({ id: 'EnrolTotp' })

const passkeyName = z.string().trim().min(1).max(64)
export const passkey = z
  .strictObject({
    id,
    name: z.string(),
    host: z.string().describe('Works only under this name.'),
    createdAt: epochMs,
    lastUsedAt: epochMs.nullable(),
  })
  .meta({ id: 'Passkey' })
export type Passkey = z.infer<typeof passkey>
export const passkeysReply = z
  .strictObject({
    passkeys: z.array(passkey),
    possible: z.boolean().describe('False under a bare address: passkeys need a name.'),
  })
  .meta({ id: 'Passkeys' })
export const addPasskeyBody = z.strictObject({ passkey: passkeyAnswer, name: passkeyName }).meta({ id: 'AddPasskey' })
export const renamePasskeyBody = z.strictObject({ name: passkeyName }).meta({ id: 'RenamePasskey' })
