import * as accounts from '../../appliance/src/api/accounts.ts'
import { done } from '../../appliance/src/api/common.ts'
import * as setup from '../../appliance/src/api/setup.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { currentSession, newTokens, notSignedIn } from './home-account.ts'
import { OWNER, RECOVERY_CODES, SETUP_CODE, TOTP_CODE, open } from './home-state.ts'
import type { HomeDeps } from './home-state.ts'

export function setupRoutes({ state }: HomeDeps): Route[] {
  const check = (code: string) => {
    if (code.replaceAll('-', '').toUpperCase() !== SETUP_CODE.replace('-', '')) {
      throw new LaresError('forbidden', 'That is not the code the box shows.', { code: 'SETUP_CODE_WRONG' })
    }
  }
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/setup',
      needs: 'public',
      reply: setup.setupStatus,
      run: () =>
        Promise.resolve({
          setupDone: state.setupDone,
          homeName: state.data.settings.homeName,
          boxTime: Date.now(),
          clockTrusted: true,
          version: '0.1.0',
          ...(state.knobs.cardProblems && { cardProblems: state.knobs.cardProblems }),
        }),
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/setup/begin',
      needs: 'setup',
      body: setup.beginSetupBody,
      reply: setup.beginSetupReply,
      run: ({ body }) => {
        check(body.setupCode)
        const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
        return Promise.resolve({
          totpSecret,
          totpUri: `otpauth://totp/Lares:${body.username}?secret=${totpSecret}&issuer=Lares`,
        })
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/setup/finish',
      needs: 'setup',
      body: setup.finishSetupBody,
      reply: setup.finishSetupReply,
      run: ({ body, request }) => {
        check(body.setupCode)
        if (body.code !== TOTP_CODE) throw new LaresError('invalid', 'That code is not right. Wait for the next one.')
        const { homeName, timeZone, currency } = body
        state.data.settings = { homeName, timeZone, currency }
        state.setupDone = true
        request.setTokens(newTokens(state))
        return Promise.resolve({ user: state.account.user, recoveryCodes: RECOVERY_CODES })
      },
    }),
  ]
}

const wrong = (message: string, code: string): LaresError => new LaresError('unauthenticated', message, { code })

const ENROLMENT = {
  ticket: 'ticket-of-somebody-new',
  totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  totpUri: 'otpauth://totp/Lares:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Lares',
}

function signIn({ state: { account } }: HomeDeps, body: accounts.SignInBody): accounts.SignInReply {
  const isOwner = body.username.toLowerCase() === OWNER.username && body.password === OWNER.password
  if (!isOwner) throw wrong('That user name or password is not right.', 'SIGN_IN_FAILED')
  const hasAny = account.hasTotp || account.passkeys.length > 0
  if (!hasAny && account.mustHaveSecondFactor && body.enrolment === undefined)
    return { status: 'needs-enrolment', enrolment: ENROLMENT }
  if (hasAny && !body.code) return { status: 'needs-code', hasTotp: account.hasTotp, passkey: null }
  if (body.code !== undefined && ![TOTP_CODE, ...RECOVERY_CODES].includes(body.code))
    throw wrong('That code is not right.', 'CODE_WRONG')
  account.trusted = body.trustDevice === true
  const enrolled = body.enrolment !== undefined
  account.hasTotp ||= enrolled
  const codes = enrolled ? { recoveryCodes: RECOVERY_CODES } : {}
  return { status: 'signed-in', user: account.user, ...codes }
}

export function sessionRoutes(deps: HomeDeps): Route[] {
  const { state, bus } = deps
  const { account } = state
  const current = { reply: accounts.currentSession }
  return [
    route({
      ...{ ...open, method: 'POST', path: '/api/session', needs: 'sign-in' },
      ...{ body: accounts.signInBody, reply: accounts.signInReply },
      async run({ body, request }) {
        const reply = signIn(deps, body)
        if (reply.status === 'signed-in') request.setTokens(newTokens(state))
        return reply
      },
    }),
    route({
      ...{ ...open, method: 'DELETE', path: '/api/session', needs: 'session', reply: done },
      async run({ request }) {
        const token = request.credentials.accessToken ?? ''
        state.sessions.delete(token)
        request.clearTokens()
        bus.emit('session.ended', { sessionId: token, userId: account.user.id, reason: 'signed-out' })
        return { ok: true as const }
      },
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/session/refresh', needs: 'sign-in', ...current },
      async run({ request }) {
        if (account.endedReason !== null || request.credentials.refreshToken === null) throw notSignedIn(state)
        account.refreshes += 1
        request.setTokens(newTokens(state))
        return currentSession(account)
      },
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/session/stay', needs: 'session', ...current },
      run: async () => currentSession(account),
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/session/sudo', needs: 'session', reply: accounts.sudoMethods },
      run: async () => ({ method: account.hasTotp ? ('code' as const) : ('password' as const), passkey: null }),
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/session/sudo', needs: 'session' },
      ...{ body: accounts.sudoBody, reply: done },
      async run({ body }) {
        if (body.code !== TOTP_CODE && body.password !== OWNER.password)
          throw new LaresError('forbidden', 'That code is not right.', { code: 'CODE_WRONG' })
        account.freshUntil = Date.now() + 300_000
        return { ok: true as const }
      },
    }),
  ]
}
