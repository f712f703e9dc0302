import { needsSecondFactor } from '../../api/permissions.ts'
import type { TotpEnrolment, User } from '../../api/accounts.ts'
import type { Accept, CreateInvitation, CreateInvitationReply, Invitation, InvitationLook } from '../../api/people.ts'
import { newToken, sha256Hex } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Db, Trx } from '../../db/database.ts'
import { isWithin } from './access-rules.ts'
import type { EnrolmentOwner, Enrolments, ProvenSecret } from '../sign-in/enrolment.ts'
import * as store from './invitation-store.ts'
import type { StoredInvitation } from './invitation-store.ts'
import { eventBy, findActor, findRoleAccess, mustFindRole, refusal, refuseUnknownCameras } from './manage.ts'
import type { Asker, ManageDeps, RoleAccess } from './manage.ts'
import type { SecondFactor } from '../sign-in/second-factor.ts'
import type { Accounts, ClientMeta, OpenedSession, PreparedPassword } from '../types.ts'
import { findUser, insertUser, isNameTaken, nameOfRole } from './user-store.ts'
import { checkUsername, toUser } from './users.ts'

const HOUR_MS = 60 * 60_000
const DEFAULT_HOURS = 72
const MOST_OPEN = 100
/** Afterwards an invitation that is over is forgotten. */
const KEPT_MS = 30 * 24 * HOUR_MS

export interface AcceptRequest extends Omit<Accept, 'trustDevice'> {
  trusted: boolean
  client: ClientMeta
}

export interface Accepted {
  user: User
  recoveryCodes: string[]
  session: OpenedSession
}

/** One-time links by which people make their own account: nobody else ever knows their password. */
export interface Invitations {
  list(): Promise<Invitation[]>
  /** Throws `forbidden` BEYOND_YOUR_OWN, `invalid` ROLE_UNKNOWN, CAMERA_UNKNOWN. */
  create(asker: Asker, body: CreateInvitation, origin: string): Promise<CreateInvitationReply>
  /** Throws `not-found`, `conflict` INVITATION_OVER. */
  withdraw(asker: Asker, id: string): Promise<void>
  /** Throws `not-found` INVITATION_INVALID, as the two below. */
  look(token: string): Promise<InvitationLook>
  /** Checks name and password; stores nothing. null: this role needs no second factor. */
  begin(request: Pick<AcceptRequest, 'token' | 'username' | 'displayName' | 'password'>): Promise<TotpEnrolment | null>
  /** Account and session in one transaction; of two who race for one link, one wins. */
  accept(request: AcceptRequest): Promise<Accepted>
}

export interface InvitationsDeps extends ManageDeps {
  enrolments: Enrolments
  secondFactor: Pick<SecondFactor, 'sealSecret' | 'renewRecoveryCodes'>
  openSession: Accounts['openSession']
  homeName(): string
}

type State = Invitation['state']

function stateOf({ usedAt, withdrawnAt, expiresAt }: StoredInvitation, now: number): State {
  if (usedAt !== null) return 'used'
  if (withdrawnAt !== null) return 'withdrawn'
  return expiresAt <= now ? 'expired' : 'open'
}

/** Whoever holds the link may know why it does not work: without it nobody gets this far. */
const WORDS: Readonly<Record<Exclude<State, 'open'> | 'unknown', string>> = {
  used: 'This invitation was used already. If that was not you, tell whoever invited you.',
  withdrawn: 'This invitation was withdrawn. Ask for a new one.',
  expired: 'This invitation has run out. Ask for a new one.',
  unknown: 'This invitation is not valid. Check the link, or ask for a new one.',
}

const invalid = (why: keyof typeof WORDS): LaresError =>
  new LaresError('not-found', WORDS[why], { code: 'INVITATION_INVALID', details: { reason: why } })

function toInvitation(stored: StoredInvitation, now: number): Invitation {
  const { id, displayName, role, cameras, createdAt, expiresAt, invitedBy } = stored
  const roleName = nameOfRole(role, stored.roleName)
  const limit = cameras === null ? null : [...cameras]
  return {
    id,
    displayName,
    role,
    roleName,
    cameras: limit,
    createdAt,
    expiresAt,
    invitedBy,
    state: stateOf(stored, now),
  }
}

interface OpenInvitation {
  invitation: StoredInvitation
  role: RoleAccess
  mustHaveSecondFactor: boolean
}

/** An invitation is worth what its inviter may still give: who lost that right invites nobody any more. */
async function findOpen(db: Db, token: string, now: number): Promise<OpenInvitation> {
  const invitation = await store.findInvitationByToken(db, sha256Hex(token))
  if (!invitation) throw invalid('unknown')
  const state = stateOf(invitation, now)
  if (state !== 'open') throw invalid(state)
  const role = await findRoleAccess(db, invitation.role)
  const inviter = await findUser(db, invitation.inviterId)
  if (!role || !inviter?.permissions.includes('users.edit')) throw invalid('withdrawn')
  if (!isWithin({ permissions: role.permissions, cameras: invitation.cameras }, inviter)) throw invalid('withdrawn')
  return { invitation, role, mustHaveSecondFactor: needsSecondFactor(role.permissions) }
}

const ownerOf = ({ invitation }: OpenInvitation, username: string): EnrolmentOwner => ({
  userId: null,
  username,
  basis: invitation.id,
})

async function refuseNameTaken(db: Db, username: string): Promise<void> {
  if (!(await isNameTaken(db, username))) return
  throw new LaresError('conflict', 'This sign-in name is taken. Choose another one.', {
    code: 'NAME_TAKEN',
    details: { field: 'username' },
  })
}

export function createInvitations(deps: InvitationsDeps): Invitations {
  const { database, clock, audit } = deps
  return {
    list: async () => (await store.listInvitations(database.reader)).map((each) => toInvitation(each, clock.now())),
    create: (asker, body, origin) => create(deps, asker, body, origin),
    async withdraw(asker, id) {
      await database.transaction(async (trx) => {
        const now = clock.now()
        const actor = await findActor(trx, asker.principal, now)
        const found = await store.findInvitation(trx, id)
        if (!found) throw new LaresError('not-found', 'There is no such invitation.')
        const role = await findRoleAccess(trx, found.role)
        if (!isWithin({ permissions: role?.permissions ?? [], cameras: found.cameras }, actor))
          throw refusal('BEYOND_YOUR_OWN')
        if (stateOf(found, now) !== 'open' || !(await store.withdrawInvitation(trx, id, now)))
          throw new LaresError('conflict', 'This invitation is over already.', { code: 'INVITATION_OVER' })
        await audit.record(trx, eventBy(asker, 'invitation_withdrawn', `invitation:${id}`))
      })
    },
    async look(token) {
      const { invitation, role, mustHaveSecondFactor } = await findOpen(database.reader, token, clock.now())
      const { displayName, expiresAt } = invitation
      const home = { homeName: deps.homeName(), roleName: role.name }
      return { ...home, displayName, expiresAt, needsSecondFactor: mustHaveSecondFactor }
    },
    async begin({ token, username, displayName, password }) {
      const found = await findOpen(database.reader, token, clock.now())
      const name = checkUsername(username)
      await refuseNameTaken(database.reader, name)
      deps.passwords.check(password, { username: name, displayName })
      return found.mustHaveSecondFactor ? deps.enrolments.begin(ownerOf(found, name)) : null
    },
    accept: (request) => accept(deps, request),
  }
}

async function create(
  { database, clock, audit }: InvitationsDeps,
  asker: Asker,
  { displayName, role: roleId, cameras = null, hours = DEFAULT_HOURS }: CreateInvitation,
  origin: string,
): Promise<CreateInvitationReply> {
  const token = newToken()
  const now = clock.now()
  const id = newId(now)
  await database.transaction(async (trx) => {
    const actor = await findActor(trx, asker.principal, now)
    const role = await mustFindRole(trx, roleId)
    if (!isWithin({ permissions: role.permissions, cameras }, actor)) throw refusal('BEYOND_YOUR_OWN')
    await refuseUnknownCameras(trx, cameras ?? [])
    await store.deleteOldInvitations(trx, now - KEPT_MS)
    if ((await store.countOpenInvitations(trx, now)) >= MOST_OPEN)
      throw new LaresError('conflict', `At most ${MOST_OPEN} invitations can be open. Withdraw some first.`, {
        code: 'TOO_MANY_INVITATIONS',
      })
    const times = { createdAt: now, expiresAt: now + hours * HOUR_MS }
    const limit = cameras && [...new Set(cameras)]
    const invitation = { id, tokenHash: sha256Hex(token), displayName, role: roleId, cameras: limit, ...times }
    await store.insertInvitation(trx, { ...invitation, inviterId: actor.id })
    const details = { role: roleId, cameras: limit, hours }
    await audit.record(trx, eventBy(asker, 'invitation_created', `invitation:${id}`, details))
  })
  const stored = await store.findInvitation(database.writer, id)
  if (!stored) throw new LaresError('internal', 'The invitation is gone again.')
  return { invitation: toInvitation(stored, now), link: `${origin}/invite#${token}` }
}

/** The authenticator of the new account, where its role needs one or one was set up all the same. */
async function proven(
  { enrolments }: InvitationsDeps,
  found: OpenInvitation,
  username: string,
  { ticket, code }: AcceptRequest,
): Promise<ProvenSecret | null> {
  if (!found.mustHaveSecondFactor) return null
  if (ticket === undefined || code === undefined)
    throw new LaresError('invalid', 'This account needs an authenticator app. Send the ticket and its first code.', {
      code: 'SECOND_FACTOR_REQUIRED',
    })
  return enrolments.finish(ticket, code, ownerOf(found, username))
}

async function accept(deps: InvitationsDeps, request: AcceptRequest): Promise<Accepted> {
  const { database, clock, passwords } = deps
  const { token, displayName, password } = request
  const found = await findOpen(database.reader, token, clock.now())
  const username = checkUsername(request.username)
  await refuseNameTaken(database.reader, username)
  const secret = await proven(deps, found, username, request)
  const prepared = await passwords.prepare(password, { username, displayName })
  return database.transaction(async (trx) => {
    const now = clock.now()
    // Once more, now that nobody can come between: the first look was for a quick and clear answer.
    const still = await findOpen(trx, token, now)
    if (still.mustHaveSecondFactor && !secret) throw invalid('withdrawn')
    await refuseNameTaken(trx, username)
    if (!(await store.useInvitation(trx, still.invitation.id, now))) throw invalid('used')
    return createAccount(deps, trx, { request, username, prepared, secret, invitation: still.invitation, now })
  })
}

interface NewAccount {
  request: AcceptRequest
  username: string
  prepared: PreparedPassword
  secret: ProvenSecret | null
  invitation: StoredInvitation
  now: number
}

async function createAccount(
  { audit, secondFactor, openSession }: InvitationsDeps,
  trx: Trx,
  { request, username, prepared, secret, invitation, now }: NewAccount,
): Promise<Accepted> {
  const { client, displayName, trusted } = request
  const id = newId(now)
  await insertUser(trx, {
    ...{ id, username, displayName, role: invitation.role, cameras: invitation.cameras },
    ...{ passwordHash: prepared.hash, passwordChangedAt: now, createdAt: now },
    totpSecret: secret && secondFactor.sealSecret(id, secret.secret),
    totpLastStep: secret?.step ?? 0,
  })
  const recoveryCodes = secret ? await secondFactor.renewRecoveryCodes(trx, id) : []
  const session = await openSession(trx, id, client, { trusted, fresh: secret !== null })
  const user = await findUser(trx, id)
  if (!user) throw new LaresError('internal', 'The account is gone again.')
  const { address, userAgent } = client
  const who = { userId: id, username, role: user.role, sessionId: session.sessionId }
  const details = { invitation: invitation.id, invitedBy: invitation.inviterId, role: user.role }
  await audit.record(trx, { type: 'user_created', who, address, userAgent, resource: `user:${id}`, details })
  return { user: toUser(user), recoveryCodes, session }
}
