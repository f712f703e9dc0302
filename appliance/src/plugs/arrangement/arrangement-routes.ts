import { idParams } from '../../api/common.ts'
import * as api from '../../api/plug-home.ts'
import { switchPlugBody } from '../../api/plugs.ts'
import { route, type Route } from '../../http/route.ts'
import type { Recorder } from '../recorder.ts'
import type { PlugActions } from '../types.ts'
import type { Arrangement } from './arrangement.ts'

interface Deps {
  plugs: Pick<PlugActions, 'together'>
  arrangement: Arrangement
  recorder: Recorder
}

const edit = { needs: 'devices.edit', limit: 'devices', reply: api.plugHome } as const
const control = { needs: 'devices.control', limit: 'devices', params: idParams, reply: api.togetherReply } as const

/** Rooms, groups, scenes: each change answers with all of them. */
export function arrangementRoutes(deps: Deps): Route[] {
  return [...roomRoutes(deps), ...groupRoutes(deps), ...sceneRoutes(deps)]
}

function roomRoutes({ arrangement }: Deps): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/plug-home', summary: 'Rooms, groups and scenes.' },
      ...{ ...edit, needs: 'devices.view' },
      run: async () => arrangement.get(),
    }),
    route({
      ...{ method: 'POST', path: '/api/rooms', summary: 'Makes a room.', ...edit, body: api.roomBody },
      run: ({ body, request }) => arrangement.addRoom(body.name, request),
    }),
    route({
      ...{ method: 'PUT', path: '/api/rooms', summary: 'Puts the rooms in order.', ...edit, body: api.roomOrderBody },
      run: ({ body, request }) => arrangement.orderRooms(body.ids, request),
    }),
    route({
      ...{ method: 'PATCH', path: '/api/rooms/:id', summary: 'Renames a room.', ...edit },
      ...{ params: idParams, body: api.roomBody },
      run: ({ params, body, request }) => arrangement.renameRoom(params.id, body.name, request),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/rooms/:id', summary: 'Removes a room; its plugs stay.', ...edit },
      params: idParams,
      run: ({ params, request }) => arrangement.removeRoom(params.id, request),
    }),
  ]
}

function groupRoutes({ plugs, arrangement, recorder }: Deps): Route[] {
  return [
    route({
      ...{ method: 'POST', path: '/api/plug-groups', summary: 'Makes a group.', ...edit, body: api.groupBody },
      run: ({ body, request }) => arrangement.saveGroup(null, body, request),
    }),
    route({
      ...{ method: 'PUT', path: '/api/plug-groups/:id', summary: 'Changes a group.', ...edit },
      ...{ params: idParams, body: api.groupBody },
      run: ({ params, body, request }) => arrangement.saveGroup(params.id, body, request),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/plug-groups/:id', summary: 'Removes a group; its plugs stay.', ...edit },
      params: idParams,
      run: ({ params, request }) => arrangement.removeGroup(params.id, request),
    }),
    route({
      ...{ method: 'POST', path: '/api/plug-groups/:id/switch', ...control },
      summary: 'Switches all plugs of a group and says for each what came of it.',
      body: switchPlugBody,
      run: async ({ params, body, request }) => {
        const { plugIds } = arrangement.group(params.id)
        const reply = await plugs.together(plugIds.map((plugId) => ({ plugId, on: body.on, brightness: null })))
        recorder.note(request, { type: 'device_switched', resource: `group:${params.id}`, details: { on: body.on } })
        return reply
      },
    }),
  ]
}

function sceneRoutes({ plugs, arrangement, recorder }: Deps): Route[] {
  return [
    route({
      ...{ method: 'POST', path: '/api/plug-scenes', summary: 'Makes a scene.', ...edit, body: api.sceneBody },
      run: ({ body, request }) => arrangement.saveScene(null, body, request),
    }),
    route({
      ...{ method: 'PUT', path: '/api/plug-scenes/:id', summary: 'Changes a scene.', ...edit },
      ...{ params: idParams, body: api.sceneBody },
      run: ({ params, body, request }) => arrangement.saveScene(params.id, body, request),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/plug-scenes/:id', summary: 'Removes a scene; its plugs stay.', ...edit },
      params: idParams,
      run: ({ params, request }) => arrangement.removeScene(params.id, request),
    }),
    route({
      ...{ method: 'POST', path: '/api/plug-scenes/:id/run', ...control },
      summary: 'Puts every plug of a scene into its state and says for each what came of it.',
      run: async ({ params, request }) => {
        const reply = await plugs.together(arrangement.scene(params.id).steps)
        recorder.note(request, { type: 'device_switched', resource: `scene:${params.id}` })
        return reply
      },
    }),
  ]
}
