import { beginSetupBody, beginSetupReply, finishSetupBody, finishSetupReply, setupStatus } from '../api/setup.ts'
import { clientOf, route, type Route } from '../http/route.ts'
import type { Setup } from './types.ts'

export function setupRoutes(setup: Pick<Setup, 'status' | 'begin' | 'finish'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/setup',
      summary: 'Whether this box is set up, and what it is called.',
      needs: 'public',
      limit: 'general',
      reply: setupStatus,
      run: () => setup.status(),
    }),
    route({
      method: 'POST',
      path: '/api/setup/begin',
      summary: 'First step: checks the console code and the password, and makes an authenticator secret.',
      needs: 'setup',
      limit: 'general',
      body: beginSetupBody,
      reply: beginSetupReply,
      run: ({ body, request }) => setup.begin(body, clientOf(request)),
    }),
    route({
      method: 'POST',
      path: '/api/setup/finish',
      summary: 'Second step: creates the administrator and the home, and signs in.',
      needs: 'setup',
      limit: 'general',
      body: finishSetupBody,
      reply: finishSetupReply,
      async run({ body, request }) {
        const { session, ...reply } = await setup.finish(body, clientOf(request))
        request.setTokens(session.tokens)
        return reply
      },
    }),
  ]
}
