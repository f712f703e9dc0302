// The account of the fake home's owner, and of somebody who is invited. The rules are the box's own; here is only enough
// of them for the pages to be seen, and switches for what is hard to bring about for real.
import { randomUUID } from 'node:crypto'
import * as accounts from '../../appliance/src/api/accounts.ts'
import { done, idParams } from '../../appliance/src/api/common.ts'
import * as people from '../../appliance/src/api/people.ts'
import { PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { IssuedTokens, Principal, Route } from '../../appliance/src/http/route.ts'
import { OWNER, RECOVERY_CODES, TOTP_CODE, find, open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export interface HomeAccount {
  user: accounts.User
  hasTotp: boolean
  mustHaveSecondFactor: boolean
  recoveryCodesLeft: number
  passwordExpiresAt: number | null
  passkeys: accounts.Passkey[]
  /** False: this home is opened under a bare address. */
  passkeysPossible: boolean
  others: accounts.Session[]
  trusted: boolean
  /** Until then dangerous acts are allowed. */
  freshUntil: number
  /** Why nobody is signed in any more. */
  endedReason: string | null
  refreshes: number
  invitation: people.InvitationLook
}

const SESSION_ID = randomUUID()

export function makeAccount(): HomeAccount {
  const user: accounts.User = {
    id: randomUUID(),
    username: OWNER.username,
    displayName: OWNER.displayName,
    role: 'admin',
    roleName: 'Administrator',
    permissions: [...PERMISSIONS],
    cameras: null,
  }
  const away = { id: randomUUID(), current: false, trusted: false, createdAt: Date.now() - 3 * DAY_MS }
  return {
    user,
    hasTotp: true,
    mustHaveSecondFactor: true,
    recoveryCodesLeft: 8,
    passwordExpiresAt: Date.now() + 62 * DAY_MS,
    passkeys: [makeFakePasskey('Ada’s iPhone'), { ...makeFakePasskey('Laptop'), lastUsedAt: null }],
    passkeysPossible: true,
    others: [
      {
        ...away,
        userAgent: 'Mozilla/5.0 (iPhone) Safari',
        address: '192.168.1.9',
        lastSeenAt: Date.now() - 2 * 60 * MINUTE_MS,
      },
    ],
    trusted: false,
    freshUntil: 0,
    endedReason: null,
    refreshes: 0,
    invitation: {
      homeName: 'Casa Lindgren',
      displayName: 'Ben',
      roleName: 'Operator',
      expiresAt: Date.now() + 3 * DAY_MS,
      needsSecondFactor: true,
    },
  }
}

function makeFakePasskey(name: string): accounts.Passkey {
  const createdAt = Date.now() - 20 * DAY_MS
  return { id: randomUUID(), name, host: 'localhost', createdAt, lastUsedAt: Date.now() - 3 * DAY_MS }
}

export function newTokens({ sessions, account }: HomeState): IssuedTokens {
  const access = randomUUID().replaceAll('-', '')
  sessions.add(access)
  account.endedReason = null
  const refresh = randomUUID().replaceAll('-', '')
  return { access, accessMaxAgeS: 3_600, refresh, refreshMaxAgeS: 7 * 86_400, device: 'device-of-the-tests' }
}

export const notSignedIn = ({ account: { endedReason } }: HomeState): LaresError =>
  endedReason === null
    ? new LaresError('unauthenticated', 'Please sign in.', { code: 'TOKEN_INVALID' })
    : new LaresError('unauthenticated', 'You were signed out.', {
        code: 'SESSION_REVOKED',
        details: { reason: endedReason },
      })

export async function authenticate(state: HomeState, token: string | null): Promise<Principal> {
  const { user, freshUntil } = state.account
  if (token === null || !state.sessions.has(token)) throw notSignedIn(state)
  return {
    kind: 'session',
    userId: user.id,
    username: user.username,
    role: user.role,
    sessionId: token,
    permissions: new Set(user.permissions),
    cameras: null,
    freshUntil,
  }
}

export function currentSession({ trusted, freshUntil }: HomeAccount): accounts.CurrentSession {
  const now = Date.now()
  return {
    id: SESSION_ID,
    trusted,
    boxTime: now,
    accessExpiresAt: now + 30 * MINUTE_MS,
    expiresAt: now + 7 * DAY_MS,
    idleEndsAt: trusted ? null : now + 30 * MINUTE_MS,
    warnMs: 5 * MINUTE_MS,
    freshUntil,
  }
}

export function accountRoutes(deps: HomeDeps): Route[] {
  return [...meRoutes(deps), ...factorRoutes(deps), ...inviteRoutes(deps)]
}

const own = { ...open, needs: 'session' as const }
const ok = { ok: true as const }
const ticket = {
  ticket: 'ticket-of-the-tests',
  totpSecret: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU',
  totpUri: 'otpauth://totp/Lares:ada?secret=KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU&issuer=Lares',
}
const refuse = (message: string, code: string): never => {
  throw new LaresError('forbidden', message, { code })
}
const checkCode = (code: string | undefined): unknown =>
  code === TOTP_CODE || refuse('That code is not right.', 'CODE_WRONG')
const checkPassword = (password: string): unknown =>
  password === OWNER.password || refuse('Your password is not right.', 'PASSWORD_WRONG')

function meRoutes({ state: { account } }: HomeDeps): Route[] {
  const listed = (userAgent: string): accounts.Session[] => {
    const times = { createdAt: Date.now(), lastSeenAt: Date.now() }
    const here = { id: SESSION_ID, current: true, trusted: account.trusted, userAgent, address: '192.168.1.7' }
    return [...account.others, { ...here, ...times }]
  }
  return [
    route({
      ...{ ...own, method: 'GET', path: '/api/me', reply: accounts.meReply },
      async run() {
        const { user, hasTotp, mustHaveSecondFactor, recoveryCodesLeft, passwordExpiresAt, passkeys } = account
        const session = currentSession(account)
        const counts = { passkeys: passkeys.length, recoveryCodesLeft }
        return { user, session, hasTotp, mustHaveSecondFactor, ...counts, passwordExpiresAt }
      },
    }),
    route({
      ...{ ...own, method: 'GET', path: '/api/me/sessions', reply: accounts.sessionsReply },
      run: async ({ request }) => ({ sessions: listed(request.userAgent) }),
    }),
    route({
      ...{ ...own, method: 'DELETE', path: '/api/me/sessions', reply: done },
      async run() {
        account.others = []
        return ok
      },
    }),
    route({
      ...{ ...own, method: 'PATCH', path: '/api/me/sessions/:id', params: idParams },
      ...{ body: accounts.changeSessionBody, reply: accounts.session },
      async run({ params, body, request }) {
        if (body.trusted && account.freshUntil <= Date.now()) refuse('Please confirm first.', 'SUDO_REQUIRED')
        if (params.id === SESSION_ID) account.trusted = body.trusted
        else find(account.others, params.id).trusted = body.trusted
        return find(listed(request.userAgent), params.id)
      },
    }),
    route({
      ...{ ...own, method: 'DELETE', path: '/api/me/sessions/:id', params: idParams, reply: done },
      async run({ params }) {
        account.others = account.others.filter(({ id }) => id !== params.id)
        return ok
      },
    }),
    route({
      ...{ ...own, method: 'POST', path: '/api/me/password', body: accounts.changePasswordBody, reply: done },
      async run({ body }) {
        checkPassword(body.currentPassword)
        return ok
      },
    }),
  ]
}

function factorRoutes({ state: { account } }: HomeDeps): Route[] {
  return [
    route({
      ...{ ...own, method: 'POST', path: '/api/me/recovery-codes' },
      ...{ body: accounts.renewRecoveryCodesBody, reply: accounts.recoveryCodesReply },
      async run({ body }) {
        checkPassword(body.password)
        checkCode(body.code)
        account.recoveryCodesLeft = 10
        return { recoveryCodes: RECOVERY_CODES }
      },
    }),
    route({
      ...{ ...own, method: 'POST', path: '/api/me/totp/begin', sudo: true, reply: accounts.totpEnrolment },
      run: async () => ticket,
    }),
    route({
      ...{ ...own, method: 'POST', path: '/api/me/totp' },
      ...{ body: accounts.enrolTotpBody, reply: accounts.recoveryCodesReply },
      async run({ body }) {
        checkCode(body.code)
        const recoveryCodes = account.hasTotp ? [] : RECOVERY_CODES
        account.hasTotp = true
        return { recoveryCodes }
      },
    }),
    route({
      ...{ ...own, method: 'DELETE', path: '/api/me/totp', body: accounts.confirmBody, reply: done },
      async run({ body }) {
        checkPassword(body.password)
        checkCode(body.code)
        account.hasTotp = false
        return ok
      },
    }),
    route({
      ...{ ...own, method: 'GET', path: '/api/me/passkeys', reply: accounts.passkeysReply },
      run: async () => ({ passkeys: account.passkeys, possible: account.passkeysPossible }),
    }),
    route({
      ...{ ...own, method: 'PATCH', path: '/api/me/passkeys/:id', params: idParams },
      ...{ body: accounts.renamePasskeyBody, reply: done },
      async run({ params, body }) {
        find(account.passkeys, params.id).name = body.name
        return ok
      },
    }),
    route({
      ...{ ...own, method: 'DELETE', path: '/api/me/passkeys/:id', sudo: true, params: idParams, reply: done },
      async run({ params }) {
        account.passkeys = account.passkeys.filter(({ id }) => id !== params.id)
        return ok
      },
    }),
  ]
}

/** A link of this token invites; every other one has been used. */
export const INVITATION_TOKEN = 'invited'.repeat(7)

function inviteRoutes({ state }: HomeDeps): Route[] {
  const { account } = state
  const check = (token: string): void => {
    if (token === INVITATION_TOKEN) return
    throw new LaresError(
      'not-found',
      'This invitation was used already. If that was not you, tell whoever invited you.',
      {
        code: 'INVITATION_INVALID',
      },
    )
  }
  const invited = { ...open, needs: 'sign-in' as const, method: 'POST' as const }
  return [
    route({
      ...{ ...invited, path: '/api/invitations/look' },
      ...{ body: people.invitationTokenBody, reply: people.invitationLook },
      async run({ body }) {
        check(body.token)
        return account.invitation
      },
    }),
    route({
      ...{ ...invited, path: '/api/invitations/accept/begin' },
      ...{ body: people.beginAcceptBody, reply: people.beginAcceptReply },
      async run({ body }) {
        check(body.token)
        if (body.username === OWNER.username)
          throw new LaresError('conflict', 'This sign-in name is taken. Choose another one.', { code: 'NAME_TAKEN' })
        return { enrolment: account.invitation.needsSecondFactor ? ticket : null }
      },
    }),
    route({
      ...{ ...invited, path: '/api/invitations/accept', body: people.acceptBody, reply: people.acceptReply },
      async run({ body, request }) {
        check(body.token)
        if (account.invitation.needsSecondFactor) checkCode(body.code)
        account.trusted = body.trustDevice === true
        Object.assign(account.user, { username: body.username, displayName: body.displayName })
        request.setTokens(newTokens(state))
        return { user: account.user, recoveryCodes: account.invitation.needsSecondFactor ? RECOVERY_CODES : [] }
      },
    }),
  ]
}
