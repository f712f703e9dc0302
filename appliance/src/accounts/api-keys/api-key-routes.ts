import { done, idParams } from '../../api/common.ts'
import { apiKeysReply, createApiKeyBody, createApiKeyReply, rotateApiKeyBody } from '../../api/keys.ts'
import { LaresError } from '../../core/errors.ts'
import { route, type RequestContext, type Route } from '../../http/route.ts'
import type { ApiKeys } from './api-keys.ts'
import type { Asker } from '../people/manage.ts'

/** The gate lets nobody else through to these routes; this only tells the types. */
function askerOf({ principal, address, userAgent }: RequestContext): Asker {
  if (principal) return { principal, address, userAgent }
  throw new LaresError('unauthenticated', 'Please sign in.')
}

/** Keys for programs (SEC-A11). */
export function apiKeyRoutes(keys: Pick<ApiKeys, 'list' | 'create' | 'rotate' | 'revoke'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/keys',
      summary: 'Keys for programs: what each may do and when it was last used.',
      needs: 'users.view',
      limit: 'general',
      reply: apiKeysReply,
      run: () => keys.list(),
    }),
    route({
      method: 'POST',
      path: '/api/keys',
      summary: 'Makes a key; it is shown this once.',
      needs: 'users.edit',
      limit: 'general',
      sudo: true,
      body: createApiKeyBody,
      reply: createApiKeyReply,
      run: ({ body, request }) => keys.create(askerOf(request), body),
    }),
    route({
      method: 'POST',
      path: '/api/keys/:id/rotate',
      summary: 'Makes a new key in place of this one, which works on for a while.',
      needs: 'users.edit',
      limit: 'general',
      sudo: true,
      params: idParams,
      body: rotateApiKeyBody,
      reply: createApiKeyReply,
      run: ({ params, body, request }) => keys.rotate(askerOf(request), params.id, body.overlapHours),
    }),
    route({
      method: 'DELETE',
      path: '/api/keys/:id',
      summary: 'Revokes a key at once.',
      needs: 'users.edit',
      limit: 'general',
      sudo: true,
      params: idParams,
      reply: done,
      async run({ params, request }) {
        await keys.revoke(askerOf(request), params.id)
        return { ok: true as const }
      },
    }),
  ]
}
