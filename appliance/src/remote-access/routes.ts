import { idParams } from '../api/common.ts'
import {
  addPeerBody,
  addPeerReply,
  remoteAccessBody,
  remoteAccessReply,
  serverConfigReply,
} from '../api/remote-access.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'
import type { Changer, RemoteAccessActs } from './types.ts'

const changerOf = ({ principal, address, userAgent }: RequestContext): Changer => ({ principal, address, userAgent })

export function remoteAccessRoutes(acts: RemoteAccessActs): Route[] {
  const edit = { needs: 'system.edit' as const, limit: 'general' as const, sudo: true }
  return [
    route({
      method: 'GET',
      path: '/api/remote-access',
      summary: 'Whether phones can come in through WireGuard, which may, and when they were last here.',
      needs: 'system.view',
      limit: 'general',
      reply: remoteAccessReply,
      run: () => acts.overview(),
    }),
    route({
      ...{ ...edit, method: 'PUT', path: '/api/remote-access' },
      summary: 'Switches remote access on or off and says where the home is found from outside.',
      body: remoteAccessBody,
      reply: remoteAccessReply,
      run: ({ body, request }) => acts.change(body, changerOf(request)),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/remote-access/peers' },
      summary: 'Lets a phone in; what its WireGuard app needs is shown this once.',
      limit: 'costly',
      body: addPeerBody,
      reply: addPeerReply,
      run: ({ body, request }) => acts.add(body, changerOf(request)),
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/remote-access/peers/:id' },
      summary: 'Shuts a phone out at once.',
      params: idParams,
      reply: remoteAccessReply,
      run: ({ params, request }) => acts.remove(params.id, changerOf(request)),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/remote-access/server-config' },
      summary: 'The finished configuration for another machine that runs the tunnel; holds its private key.',
      reply: serverConfigReply,
      run: async ({ request }) => ({ config: await acts.serverConfig(changerOf(request)) }),
    }),
  ]
}
