import {
  camera,
  camerasReply,
  changeCameraBody,
  createCameraBody,
  testCameraBody,
  testCameraReply,
} from '../api/cameras.ts'
import { done, idParams } from '../api/common.ts'
import { route, type Route } from '../http/route.ts'
import type { Cameras } from './types.ts'

/** The routes of cameras; `still` gives the newest picture as JPEG. */
export function cameraRoutes(
  cameras: Omit<Cameras, 'routes'>,
  still: (id: string) => Promise<Buffer>,
): readonly Route[] {
  const view = { needs: 'cameras.view', limit: 'general' } as const
  const edit = { needs: 'cameras.edit', limit: 'general' } as const
  return [
    route({
      ...{ method: 'GET', path: '/api/cameras', summary: 'All cameras with their state.', ...view },
      reply: camerasReply,
      run: async () => ({ cameras: await cameras.list() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/cameras', summary: 'Adds a camera and begins to watch.', ...edit },
      ...{ body: createCameraBody, reply: camera },
      run: ({ body }) => cameras.create(body),
    }),
    route({
      ...{ method: 'POST', path: '/api/cameras/test', summary: 'Tries an address without storing it.' },
      ...{ needs: 'cameras.edit', limit: 'costly', body: testCameraBody, reply: testCameraReply },
      run: ({ body, request }) => cameras.test(body.source, request.signal),
    }),
    route({
      ...{ method: 'GET', path: '/api/cameras/:id', summary: 'One camera.', ...view },
      ...{ params: idParams, reply: camera },
      run: ({ params }) => cameras.get(params.id),
    }),
    route({
      ...{ method: 'PATCH', path: '/api/cameras/:id', summary: 'Changes name, address, classes; switches on or off.' },
      ...{ ...edit, params: idParams, body: changeCameraBody, reply: camera },
      run: ({ params, body }) => cameras.change(params.id, body),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/cameras/:id', summary: 'Removes a camera; its incidents stay.', ...edit },
      ...{ params: idParams, reply: done },
      run: async ({ params }) => {
        await cameras.remove(params.id)
        return { ok: true as const }
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/cameras/:id/still.jpg', summary: 'The newest picture.' },
      ...{ needs: 'cameras.view', limit: 'media', params: idParams, reply: 'bytes' },
      run: async ({ params }) => ({
        kind: 'bytes' as const,
        body: await still(params.id),
        contentType: 'image/jpeg',
        cacheS: 0,
      }),
    }),
  ]
}
