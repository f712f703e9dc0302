import { pushKeyReply, pushTarget, pushTargetsReply, subscribeBody, testPushReply } from '../api/alerts.ts'
import type { z } from 'zod'
import { done, idParams } from '../api/common.ts'
import { LaresError } from '../core/errors.ts'
import { route, type Principal, type RequestContext, type Route } from '../http/route.ts'
import type { Targets } from './push/targets.ts'

export interface AlertRouteDeps {
  targets: Targets
  publicKey(): Promise<string>
  sendTest(userId: string): Promise<z.infer<typeof testPushReply>>
}

export function createAlertRoutes({ targets, publicKey, sendTest }: AlertRouteDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/push/key',
      summary: 'The public key with which a browser subscribes.',
      needs: 'signed-in',
      limit: 'general',
      reply: pushKeyReply,
      run: async () => ({ publicKey: await publicKey() }),
    }),
    route({
      method: 'GET',
      path: '/api/push/targets',
      summary: 'Phones and browsers that get alerts: your own, or all if you may see the system.',
      needs: 'signed-in',
      limit: 'general',
      reply: pushTargetsReply,
      run: async ({ request }) => ({ targets: await targets.list(whoAsks(request)) }),
    }),
    route({
      method: 'POST',
      path: '/api/push/targets',
      summary: 'Alerts go to this browser from now on; the same browser again replaces its entry.',
      needs: 'signed-in',
      limit: 'general',
      body: subscribeBody,
      reply: pushTarget,
      run: ({ body, request }) => targets.subscribe(whoAsks(request), body, request),
    }),
    route({
      method: 'DELETE',
      path: '/api/push/targets/:id',
      summary: 'No more alerts to this phone or browser.',
      needs: 'signed-in',
      limit: 'general',
      params: idParams,
      reply: done,
      run: async ({ params, request }) => {
        await targets.remove(whoAsks(request), params.id)
        return { ok: true as const }
      },
    }),
    route({
      method: 'POST',
      path: '/api/push/test',
      summary: 'Sends a test to all your phones now and says what became of each.',
      needs: 'signed-in',
      limit: 'costly',
      reply: testPushReply,
      run: ({ request }) => sendTest(whoAsks(request).userId),
    }),
  ]
}

function whoAsks({ principal }: RequestContext): Principal {
  if (principal === null) throw new LaresError('unauthenticated', 'Sign in first.')
  return principal
}
