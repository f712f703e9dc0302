import { z } from 'zod'
import { displayName, newPassword, permission, totpEnrolment, user, username } from './accounts.ts'
import { epochMs, id } from './common.ts'

const role = z.string().min(1).max(64)
const cameras = z.array(id).max(200).nullable()

/** A person as those see them who may look after accounts. */
export const person = user
  .extend({
    active: z.boolean(),
    hasTotp: z.boolean(),
    passkeys: z.int(),
    mustChangePassword: z.boolean(),
    sessions: z.int().describe('Phones and browsers signed in now.'),
    createdAt: epochMs,
    lastSeenAt: epochMs.nullable(),
  })
  .meta({ id: 'Person' })
export type Person = z.infer<typeof person>
export const peopleReply = z.strictObject({ people: z.array(person) }).meta({ id: 'People' })

export const changePersonBody = z
  .strictObject({ displayName: displayName.optional(), role: role.optional(), cameras: cameras.optional() })
  .extend({ active: z.boolean().optional() })
  .meta({ id: 'ChangePerson' })
export type ChangePerson = z.infer<typeof changePersonBody>

export const resetPersonBody = z
  .strictObject({ secondFactor: z.boolean().describe('Also removes authenticator, passkeys and recovery codes.') })
  .meta({ id: 'ResetPerson' })
export const resetPersonReply = z
  .strictObject({ temporaryPassword: z.string().describe('Shown once; replaced at the next sign-in.') })
  .meta({ id: 'ResetPersonReply' })
export type ResetPersonReply = z.infer<typeof resetPersonReply>

export const roleOfHome = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    builtIn: z.boolean(),
    permissions: z.array(permission),
    people: z.int().describe('How many have it.'),
  })
  .meta({ id: 'Role' })
export type RoleOfHome = z.infer<typeof roleOfHome>
export const rolesReply = z.strictObject({ roles: z.array(roleOfHome) }).meta({ id: 'Roles' })
export const roleBody = z
  .strictObject({ name: displayName.max(40), permissions: z.array(permission).max(64) })
  .meta({ id: 'RoleBody' })
export type RoleBody = z.infer<typeof roleBody>
export const roleParams = z.strictObject({ id: role })

export const invitation = z
  .strictObject({
    id,
    displayName: z.string(),
    role: z.string(),
    roleName: z.string(),
    cameras,
    createdAt: epochMs,
    expiresAt: epochMs,
    invitedBy: z.string(),
    state: z.enum(['open', 'used', 'expired', 'withdrawn']),
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof invitation>
export const invitationsReply = z.strictObject({ invitations: z.array(invitation) }).meta({ id: 'Invitations' })
export const createInvitationBody = z
  .strictObject({ displayName, role, cameras: cameras.optional(), hours: z.int().min(1).max(720).optional() })
  .meta({ id: 'CreateInvitation' })
export type CreateInvitation = z.infer<typeof createInvitationBody>
/** `link` carries the token behind `#`, which no server log ever sees; it is shown once. */
export const createInvitationReply = z
  .strictObject({ invitation, link: z.string() })
  .meta({ id: 'CreateInvitationReply' })
export type CreateInvitationReply = z.infer<typeof createInvitationReply>

const token = z.string().min(32).max(128)
export const invitationTokenBody = z.strictObject({ token }).meta({ id: 'InvitationToken' })
export const invitationLook = z
  .strictObject({
    homeName: z.string(),
    displayName: z.string(),
    roleName: z.string(),
    expiresAt: epochMs,
    needsSecondFactor: z.boolean(),
  })
  .meta({ id: 'InvitationLook' })
export type InvitationLook = z.infer<typeof invitationLook>

const acceptFields = { token, username, displayName, password: newPassword }
/** Checks name and password; nothing is stored. `enrolment` is null where no second factor is needed. */
export const beginAcceptBody = z.strictObject(acceptFields).meta({ id: 'BeginAccept' })
export const beginAcceptReply = z.strictObject({ enrolment: totpEnrolment.nullable() }).meta({ id: 'BeginAcceptReply' })
/** Creates the account, uses the invitation up and signs in. */
export const acceptBody = z
  .strictObject({
    ...acceptFields,
    ticket: z.string().max(1024).optional(),
    code: z.string().trim().min(6).max(8).optional(),
    trustDevice: z.boolean().optional(),
  })
  .meta({ id: 'Accept' })
export type Accept = z.infer<typeof acceptBody>
export const acceptReply = z.strictObject({ user, recoveryCodes: z.array(z.string()) }).meta({ id: 'AcceptReply' })
export type AcceptReply = z.infer<typeof acceptReply>
