import {
  camera,
  camerasReply,
  changeCameraBody,
  createCameraBody,
  testCameraBody,
  testCameraReply,
  usbCamerasReply,
  type UsbCamera,
} from '../api/cameras.ts'
import { done, idParams } from '../api/common.ts'
import { LaresError } from '../core/errors.ts'
import { maySeeCamera, route, type Principal, type Route } from '../http/route.ts'
import type { Cameras } from './types.ts'

/** What somebody may not see is not there for them, whatever else they may (SEC-A10). */
export function refuseUnseen(principal: Principal | null, cameraId: string): void {
  if (!maySeeCamera(principal, cameraId)) throw new LaresError('not-found', 'There is no such camera.')
}

/** Whoever sees only some cameras could not see the one they add. */
export function refuseLimited(principal: Principal | null): void {
  if (principal?.cameras === null) return
  const words = 'You see only some of the cameras. Ask somebody who sees them all to add one.'
  throw new LaresError('forbidden', words, { code: 'BEYOND_YOUR_OWN' })
}

/** The routes of cameras; `still` gives the newest picture as JPEG. */
export function cameraRoutes(
  cameras: Omit<Cameras, 'routes'>,
  still: (id: string) => Promise<Buffer>,
  usbCameras: () => Promise<UsbCamera[]>,
): readonly Route[] {
  return [...viewRoutes(cameras, still), ...editRoutes(cameras), usbRoute(usbCameras)]
}

function viewRoutes(cameras: Omit<Cameras, 'routes'>, still: (id: string) => Promise<Buffer>): readonly Route[] {
  const view = { needs: 'cameras.view', limit: 'general' } as const
  return [
    route({
      ...{ method: 'GET', path: '/api/cameras', summary: 'All cameras with their state.', ...view },
      reply: camerasReply,
      run: async ({ request: { principal } }) => ({
        cameras: (await cameras.list()).filter(({ id }) => maySeeCamera(principal, id)),
      }),
    }),
    route({
      ...{ method: 'GET', path: '/api/cameras/:id', summary: 'One camera.', ...view },
      ...{ params: idParams, reply: camera },
      run: async ({ params, request }) => {
        refuseUnseen(request.principal, params.id)
        return cameras.get(params.id)
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/cameras/:id/still.jpg', summary: 'The newest picture.' },
      ...{ needs: 'cameras.view', limit: 'media', params: idParams, reply: 'bytes' },
      run: async ({ params, request }) => {
        refuseUnseen(request.principal, params.id)
        return { kind: 'bytes' as const, body: await still(params.id), contentType: 'image/jpeg', cacheS: 0 }
      },
    }),
  ]
}

function usbRoute(usbCameras: () => Promise<UsbCamera[]>): Route {
  return route({
    ...{ method: 'GET', path: '/api/usb-cameras', summary: 'Cameras that are plugged into the box.' },
    ...{ needs: 'cameras.edit', limit: 'general', reply: usbCamerasReply },
    run: async () => ({ cameras: await usbCameras() }),
  })
}

function editRoutes(cameras: Omit<Cameras, 'routes'>): readonly Route[] {
  const edit = { needs: 'cameras.edit', limit: 'general' } as const
  return [
    route({
      ...{ method: 'POST', path: '/api/cameras', summary: 'Adds a camera and begins to watch.', ...edit },
      ...{ body: createCameraBody, reply: camera },
      run: async ({ body, request }) => {
        refuseLimited(request.principal)
        return cameras.create(body)
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/cameras/test', summary: 'Tries an address without storing it.' },
      ...{ needs: 'cameras.edit', limit: 'costly', body: testCameraBody, reply: testCameraReply },
      run: ({ body, request }) => cameras.test(body.source, request.signal),
    }),
    route({
      ...{ method: 'PATCH', path: '/api/cameras/:id', summary: 'Changes name, address, classes; switches on or off.' },
      ...{ ...edit, params: idParams, body: changeCameraBody, reply: camera },
      run: async ({ params, body, request }) => {
        refuseUnseen(request.principal, params.id)
        return cameras.change(params.id, body)
      },
    }),
    route({
      ...{ method: 'DELETE', path: '/api/cameras/:id', summary: 'Removes a camera; its incidents stay.', ...edit },
      ...{ params: idParams, reply: done },
      run: async ({ params, request }) => {
        refuseUnseen(request.principal, params.id)
        await cameras.remove(params.id)
        return { ok: true as const }
      },
    }),
  ]
}
