import {
  addPlugBody,
  addPlugReply,
  changePlugBody,
  discoverPlugsReply,
  plug,
  plugsReply,
  switchPlugBody,
} from '../api/plugs.ts'
import { done, idParams } from '../api/common.ts'
import { route, type Route } from '../http/route.ts'
import type { Plugs } from './types.ts'

export type PlugActions = Pick<Plugs, 'list' | 'get' | 'switch' | 'add' | 'discover' | 'rename' | 'remove'>

export function createPlugRoutes(plugs: PlugActions): Route[] {
  return [...homeRoutes(plugs), ...onePlugRoutes(plugs)]
}

function homeRoutes(plugs: PlugActions): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/plugs',
      summary: 'All plugs with their last known state.',
      needs: 'devices.view',
      limit: 'devices',
      reply: plugsReply,
      run: async () => ({ plugs: await plugs.list() }),
    }),
    route({
      method: 'POST',
      path: '/api/plugs',
      summary: 'Adds the plug at an address; a strip adds one plug per outlet.',
      needs: 'devices.edit',
      limit: 'devices',
      body: addPlugBody,
      reply: addPlugReply,
      run: async ({ body }) => ({ plugs: await plugs.add(body.host) }),
    }),
    route({
      method: 'POST',
      path: '/api/plugs/discover',
      summary: 'Looks for plugs on every network of this box and adds those that answer.',
      needs: 'devices.edit',
      limit: 'costly',
      reply: discoverPlugsReply,
      run: () => plugs.discover(),
    }),
  ]
}

function onePlugRoutes(plugs: PlugActions): Route[] {
  return [
    route({
      method: 'PATCH',
      path: '/api/plugs/:id',
      summary: 'Renames a plug.',
      needs: 'devices.edit',
      limit: 'devices',
      params: idParams,
      body: changePlugBody,
      reply: plug,
      run: ({ params, body }) => plugs.rename(params.id, body.name),
    }),
    route({
      method: 'DELETE',
      path: '/api/plugs/:id',
      summary: 'Forgets a plug; the device itself is not changed.',
      needs: 'devices.edit',
      limit: 'devices',
      params: idParams,
      reply: done,
      run: async ({ params }) => {
        await plugs.remove(params.id)
        return { ok: true as const }
      },
    }),
    route({
      method: 'POST',
      path: '/api/plugs/:id/switch',
      summary: 'Switches a plug and answers with what it confirmed.',
      needs: 'devices.control',
      limit: 'devices',
      params: idParams,
      body: switchPlugBody,
      reply: plug,
      run: ({ params, body }) => plugs.switch(params.id, body.on),
    }),
  ]
}
