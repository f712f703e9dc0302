import { changeSessionBody, currentSession, meReply, session, sessionsReply } from '../../api/accounts.ts'
import { done, idParams } from '../../api/common.ts'
import { signingKeysReply } from '../../api/system.ts'
import { LaresError } from '../../core/errors.ts'
import { clientOf, route, type Principal, type RequestContext, type Route } from '../../http/route.ts'
import type { Sessions } from './sessions.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { Accounts, AskingClient } from '../types.ts'

interface Deps {
  me: Accounts['me']
  sessions: Sessions
  keys: Pick<SigningKeys, 'list' | 'rotate'>
}

/** The gate lets nobody else through to a `session` route; this only tells the types. */
function whoever(request: RequestContext): Principal {
  if (request.principal) return request.principal
  throw new LaresError('unauthenticated', 'Please sign in.')
}

const askingOf = (request: RequestContext): AskingClient => ({
  ...clientOf(request),
  credentials: request.credentials,
  isActivity: request.isActivity,
})

const own = { needs: 'session', limit: 'general' } as const
const ok = { ok: true } as const

async function end(sessions: Sessions, request: RequestContext, sessionId: string, reason: string): Promise<void> {
  const { userId, sessionId: current } = whoever(request)
  if (!(await sessions.end(userId, sessionId, reason, clientOf(request))))
    throw new LaresError('not-found', 'This session is not there any more.')
  if (sessionId === current) request.clearTokens()
}

/** Staying signed in, signing out, and the phones and browsers where one is signed in. */
export function sessionRoutes(deps: Deps): Route[] {
  return [...currentSessionRoutes(deps), ...ownSessionsRoutes(deps), ...signingKeyRoutes(deps)]
}

function currentSessionRoutes({ me, sessions }: Deps): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/me', summary: 'Who is signed in, and for how long.', ...own },
      reply: meReply,
      run: ({ request }) => me(whoever(request)),
    }),
    route({
      ...{ method: 'POST', path: '/api/session/refresh', summary: 'Swaps the refresh token for new tokens.' },
      ...{ needs: 'sign-in', limit: 'general', reply: currentSession },
      async run({ request }) {
        const refreshed = await sessions.refresh(askingOf(request))
        request.setTokens(refreshed.tokens)
        return refreshed.session
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/session/stay', summary: 'Somebody is still there.', ...own },
      reply: currentSession,
      run: ({ request }) => sessions.stay(whoever(request).sessionId),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/session', summary: 'Signs out.', ...own },
      reply: done,
      async run({ request }) {
        await end(sessions, request, whoever(request).sessionId, 'signed-out')
        return ok
      },
    }),
  ]
}

function ownSessionsRoutes({ sessions }: Deps): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/me/sessions', summary: 'Phones and browsers where you are signed in.', ...own },
      reply: sessionsReply,
      async run({ request }) {
        const { userId, sessionId } = whoever(request)
        return { sessions: await sessions.list(userId, sessionId) }
      },
    }),
    route({
      ...{ method: 'DELETE', path: '/api/me/sessions', summary: 'Signs out everywhere but here.', ...own },
      reply: done,
      async run({ request }) {
        const { userId, sessionId } = whoever(request)
        await sessions.endOthers(userId, sessionId, 'ended-by-owner')
        return ok
      },
    }),
    route({
      ...{ method: 'PATCH', path: '/api/me/sessions/:id', ...own },
      summary: 'Trusts a phone of one’s own (needs a fresh second factor), or no longer does.',
      ...{ params: idParams, body: changeSessionBody, reply: session },
      run: ({ params, body, request }) =>
        sessions.setTrusted(whoever(request), params.id, body.trusted, clientOf(request)),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/me/sessions/:id', summary: 'Signs out one phone or browser.', ...own },
      ...{ params: idParams, reply: done },
      async run({ params, request }) {
        const isCurrent = params.id === whoever(request).sessionId
        await end(sessions, request, params.id, isCurrent ? 'signed-out' : 'ended-by-owner')
        return ok
      },
    }),
  ]
}

function signingKeyRoutes({ keys }: Deps): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/system/signing-keys', summary: 'The keys that sign sessions, without the keys.' },
      ...{ needs: 'system.view', limit: 'general', reply: signingKeysReply },
      run: async () => keys.list(),
    }),
    route({
      ...{ method: 'POST', path: '/api/system/signing-keys/rotate', summary: 'Replaces the key that signs sessions.' },
      ...{ needs: 'system.edit', limit: 'general', sudo: true, reply: signingKeysReply },
      async run({ request }) {
        const { address, userAgent } = request
        await keys.rotate('request', { who: request.principal, address, userAgent })
        return keys.list()
      },
    }),
  ]
}
