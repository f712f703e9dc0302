import { z } from 'zod'
import { done, idParams } from '../api/common.ts'
import * as api from '../api/plugs.ts'
import { route, type Route } from '../http/route.ts'
import type { PlugActions } from './types.ts'

interface Deps {
  plugs: PlugActions
}

const view = { needs: 'devices.view', limit: 'devices' } as const
const edit = { needs: 'devices.edit', limit: 'devices' } as const

/** The list, adding to it, and what the owner says of each plug. */
export function plugRoutes(deps: Deps): Route[] {
  return [...listRoutes(deps), ...addRoutes(deps), ...onePlugRoutes(deps), ...pictureRoutes(deps)]
}

function listRoutes({ plugs }: Deps): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/plugs', summary: 'All plugs with their last known state.', ...view },
      reply: api.plugsReply,
      run: async () => ({ plugs: await plugs.list() }),
    }),
    route({
      ...{ method: 'GET', path: '/api/plugs/:id', summary: 'Everything about one plug.', ...view },
      ...{ params: idParams, reply: api.plugDetail },
      run: ({ params }) => plugs.detail(params.id),
    }),
    route({
      ...{ method: 'POST', path: '/api/plugs/:id/diagnose' },
      summary: 'Asks a plug in every way there is, and says in plain words what is wrong and what to do.',
      ...{ needs: 'devices.edit', limit: 'costly', params: idParams, reply: api.plugDiagnosis },
      run: ({ params }) => plugs.diagnose(params.id),
    }),
  ]
}

function addRoutes({ plugs }: Deps): Route[] {
  return [
    route({
      ...{ method: 'POST', path: '/api/plugs', ...edit },
      summary: 'Adds the plug at an address; a strip adds one plug per outlet.',
      ...{ body: api.addPlugBody, reply: api.addPlugReply },
      run: async ({ body, request }) => ({ plugs: await plugs.add(body.host, request) }),
    }),
    route({
      ...{ method: 'POST', path: '/api/plugs/discover', needs: 'devices.edit', limit: 'costly' },
      summary: 'Looks for plugs on every network of this box and adds those that answer and let it in.',
      reply: api.discoverPlugsReply,
      run: ({ request }) => plugs.discover(request),
    }),
    route({
      ...{ method: 'POST', path: '/api/plugs/scan', needs: 'devices.edit', limit: 'costly' },
      summary: 'Begins to ask every address of a range, for plugs on another network.',
      ...{ body: api.scanPlugsBody, reply: api.plugScan },
      run: async ({ body, request }) => plugs.startScan(body.range, request),
    }),
    route({
      ...{ method: 'GET', path: '/api/plugs/scan', summary: 'How far the last range is.', ...edit },
      reply: api.plugScan,
      run: async () => plugs.scan(),
    }),
  ]
}

function onePlugRoutes({ plugs }: Deps): Route[] {
  return [
    route({
      ...{ method: 'PATCH', path: '/api/plugs/:id', summary: 'Changes name, room or notes.', ...edit },
      ...{ params: idParams, body: api.changePlugBody, reply: api.plug },
      run: ({ params, body, request }) => plugs.change(params.id, body, request),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/plugs/:id', ...edit },
      summary: 'Forgets a plug; the device itself is not changed, what it measured is kept.',
      ...{ params: idParams, reply: done },
      run: async ({ params, request }) => {
        await plugs.remove(params.id, request)
        return { ok: true as const }
      },
    }),
  ]
}

/** Base64 in JSON, and something for the rest of the body. */
const PICTURE_BODY_BYTES = Math.ceil(api.LARGEST_PICTURE_BYTES / 3) * 4 + 1_024
const PICTURE_CACHE_S = 86_400
const pictureQuery = z.strictObject({ v: z.string().max(16).optional() })

function pictureRoutes({ plugs }: Deps): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/plugs/:id/picture.jpg', summary: 'The picture that the owner gave it.' },
      ...{ needs: 'devices.view', limit: 'media', params: idParams, query: pictureQuery, reply: 'bytes' },
      run: async ({ params }) => {
        const path = plugs.pictureFile(params.id)
        return { kind: 'file' as const, path, contentType: 'image/jpeg', cacheS: PICTURE_CACHE_S }
      },
    }),
    route({
      ...{ method: 'PUT', path: '/api/plugs/:id/picture', summary: 'Gives a plug a picture (4 MB at most).' },
      ...{ needs: 'devices.edit', limit: 'costly', maxBodyBytes: PICTURE_BODY_BYTES },
      ...{ params: idParams, body: api.plugPictureBody, reply: api.plug },
      run: ({ params, body, request }) => plugs.setPicture(params.id, Buffer.from(body.picture, 'base64'), request),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/plugs/:id/picture', summary: 'Takes its picture away.', ...edit },
      ...{ params: idParams, reply: api.plug },
      run: ({ params, request }) => plugs.removePicture(params.id, request),
    }),
  ]
}
