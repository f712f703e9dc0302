import {
  changePasswordBody,
  confirmBody,
  meReply,
  recoveryCodesReply,
  sessionsReply,
  signInBody,
  signInReply,
} from '../api/accounts.ts'
import { done, idParams } from '../api/common.ts'
import { LaresError } from '../core/errors.ts'
import { route, type Principal, type RequestContext, type Route } from '../http/route.ts'
import type { OwnAccount } from './own-account.ts'
import type { Accounts } from './types.ts'

type Deps = Pick<Accounts, 'me' | 'listSessions' | 'endSession' | 'endOtherSessions' | 'signIn'> & OwnAccount

/** The gate lets nobody else through to a `signed-in` route; this only tells the types. */
function whoever(request: RequestContext): Principal {
  if (request.principal) return request.principal
  throw new LaresError('unauthenticated', 'Please sign in.')
}

export function accountRoutes(accounts: Deps): Route[] {
  return [...sessionRoutes(accounts), ...ownSessionsRoutes(accounts), ...ownAccountRoutes(accounts)]
}

function sessionRoutes(accounts: Deps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/session',
      summary: 'Signs in with name, password and code.',
      needs: 'sign-in',
      limit: 'login',
      body: signInBody,
      reply: signInReply,
      async run({ body, request }) {
        const { address, userAgent, sessionToken } = request
        const { session, ...reply } = await accounts.signIn({ ...body, address, userAgent, sessionToken })
        if (session) request.setSessionToken(session.token, session.maxAgeS)
        return reply
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/session',
      summary: 'Signs out.',
      needs: 'signed-in',
      limit: 'general',
      reply: done,
      async run({ request }) {
        const { userId, sessionId } = whoever(request)
        await accounts.endSession(userId, sessionId, 'signed-out')
        request.clearSessionToken()
        return { ok: true as const }
      },
    }),
  ]
}

function ownSessionsRoutes(accounts: Deps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/me/sessions',
      summary: 'Phones and browsers where you are signed in.',
      needs: 'signed-in',
      limit: 'general',
      reply: sessionsReply,
      run: async ({ request }) => ({ sessions: await accounts.listSessions(whoever(request)) }),
    }),
    route({
      method: 'DELETE',
      path: '/api/me/sessions',
      summary: 'Signs out everywhere but here.',
      needs: 'signed-in',
      limit: 'general',
      reply: done,
      async run({ request }) {
        const { userId, sessionId } = whoever(request)
        await accounts.endOtherSessions(userId, sessionId, 'ended-by-owner')
        return { ok: true as const }
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/me/sessions/:id',
      summary: 'Signs out one phone or browser.',
      needs: 'signed-in',
      limit: 'general',
      params: idParams,
      reply: done,
      async run({ params, request }) {
        const { userId, sessionId } = whoever(request)
        await accounts.endSession(userId, params.id, 'ended-by-owner')
        if (params.id === sessionId) request.clearSessionToken()
        return { ok: true as const }
      },
    }),
  ]
}

function ownAccountRoutes(accounts: Deps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/me',
      summary: 'Who is signed in.',
      needs: 'signed-in',
      limit: 'general',
      reply: meReply,
      run: ({ request }) => accounts.me(whoever(request)),
    }),
    route({
      method: 'POST',
      path: '/api/me/password',
      summary: 'Changes your password and signs out everywhere else.',
      needs: 'signed-in',
      limit: 'login',
      body: changePasswordBody,
      reply: done,
      async run({ body, request }) {
        await accounts.changePassword(whoever(request), body.currentPassword, body.newPassword)
        return { ok: true as const }
      },
    }),
    route({
      method: 'POST',
      path: '/api/me/recovery-codes',
      summary: 'Makes ten new recovery codes; the old ones end.',
      needs: 'signed-in',
      limit: 'login',
      body: confirmBody,
      reply: recoveryCodesReply,
      async run({ body, request }) {
        const recoveryCodes = await accounts.renewRecoveryCodes(whoever(request), body.password, body.code)
        return { recoveryCodes }
      },
    }),
  ]
}
