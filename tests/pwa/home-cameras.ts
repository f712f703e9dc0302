import { randomUUID } from 'node:crypto'
import * as cameras from '../../appliance/src/api/cameras.ts'
import { done, idParams } from '../../appliance/src/api/common.ts'
import * as incidents from '../../appliance/src/api/incidents.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps } from './home-state.ts'
import { drawScene } from './scene.ts'

/** What the box would show of it. */
function shown(source: cameras.CameraSource): cameras.Camera['source'] {
  const { kind } = source
  if (source.kind === 'rtsp')
    return { kind, address: source.url, hasPassword: source.password !== undefined, transport: source.transport }
  if (source.kind === 'upload')
    return { kind, address: source.folder, hasPassword: false, expectEveryHours: source.expectEveryHours }
  const address = 'url' in source ? source.url : 'path' in source ? source.path : source.device
  return { kind, address, hasPassword: false }
}

export function cameraRoutes({ state, bus }: HomeDeps): Route[] {
  const { data } = state
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/cameras',
      needs: 'cameras.view',
      reply: cameras.camerasReply,
      run: () => Promise.resolve({ cameras: data.cameras }),
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/cameras',
      needs: 'cameras.edit',
      body: cameras.createCameraBody,
      reply: cameras.camera,
      run: ({ body: { name, classes, source, place = '' } }) => {
        const sends = source.kind === 'upload'
        const created: cameras.Camera = {
          id: randomUUID(),
          name,
          source: shown(source),
          enabled: true,
          place,
          classes: classes ?? ['person'],
          state: sends ? 'starting' : 'live',
          problem: null,
          picture: sends ? null : { width: 1280, height: 720, codec: 'h264' },
          streams: null,
          lastFrameAt: sends ? null : Date.now(),
          createdAt: Date.now(),
        }
        data.cameras.push(created)
        data.places.set(created.id, 'door')
        bus.emit('camera.changed', created)
        return Promise.resolve(created)
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/cameras/test',
      needs: 'cameras.edit',
      body: cameras.testCameraBody,
      reply: cameras.testCameraReply,
      run: async () => {
        if (state.knobs.cameraAnswers === 'wrong-password') {
          const message = 'The camera refuses that user name or password.'
          return { ok: false as const, problem: { reason: 'wrong-password' as const, message, since: Date.now() } }
        }
        const preview = `data:image/jpeg;base64,${(await drawScene('door')).toString('base64')}`
        return { ok: true as const, picture: { width: 1280, height: 720, codec: 'h264', framesPerSecond: 15 }, preview }
      },
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/usb-cameras',
      needs: 'cameras.edit',
      reply: cameras.usbCamerasReply,
      run: () => Promise.resolve({ cameras: [{ device: '/dev/video0', name: 'HD Pro Webcam C920' }] }),
    }),
    route({
      ...open,
      method: 'PATCH',
      path: '/api/cameras/:id',
      needs: 'cameras.edit',
      params: idParams,
      body: cameras.changeCameraBody,
      reply: cameras.camera,
      run: ({ params, body: { name, enabled, classes } }) => {
        const camera = find(data.cameras, params.id)
        Object.assign(camera, JSON.parse(JSON.stringify({ name, enabled, classes })))
        bus.emit('camera.changed', camera)
        return Promise.resolve(camera)
      },
    }),
    route({
      ...open,
      method: 'DELETE',
      path: '/api/cameras/:id',
      needs: 'cameras.edit',
      params: idParams,
      reply: done,
      run: ({ params: { id } }) => {
        data.cameras.splice(data.cameras.indexOf(find(data.cameras, id)), 1)
        bus.emit('camera.removed', { id })
        return Promise.resolve({ ok: true as const })
      },
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/cameras/:id/still.jpg',
      needs: 'cameras.view',
      params: idParams,
      reply: 'bytes',
      run: async ({ params }) => {
        const camera = find(data.cameras, params.id)
        if (camera.lastFrameAt === null) throw new LaresError('unavailable', `${camera.name} sends no pictures.`)
        const body = await drawScene(data.places.get(camera.id) ?? 'door')
        return { kind: 'bytes' as const, body, contentType: 'image/jpeg', cacheS: 0 }
      },
    }),
  ]
}

/** Without what only the incident's own page is told. */
export function asListed(detail: incidents.IncidentDetail): incidents.Incident {
  const { tracks: _t, dwellMs: _d, parts: _p, plugs: _s, assessment: _a, ...incident } = detail
  return incident
}

/** Where the made clip lies in the data folder. */
export const CLIP_PATH = 'media/clip.mp4'

const bytesParams = {
  params: idParams,
  reply: 'bytes' as const,
  needs: 'incidents.view' as const,
  method: 'GET' as const,
}

export function incidentRoutes({ state }: HomeDeps): Route[] {
  const { data } = state
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/incidents/:id',
      needs: 'incidents.view',
      params: idParams,
      reply: incidents.incidentDetail,
      run: ({ params }) => Promise.resolve(find(data.incidents, params.id)),
    }),
    route({
      ...open,
      ...bytesParams,
      path: '/api/incidents/:id/snapshot.jpg',
      run: async ({ params }) => {
        const place = data.places.get(find(data.incidents, params.id).camera.id) ?? 'door'
        return {
          kind: 'bytes' as const,
          body: await drawScene(place, { personAt: 0.3 }),
          contentType: 'image/jpeg',
          cacheS: 60,
        }
      },
    }),
    route({
      ...open,
      ...bytesParams,
      path: '/api/incidents/:id/clip.mp4',
      run: () => {
        if (!state.knobs.clip) throw new LaresError('not-found', 'There is no clip.')
        return Promise.resolve({ kind: 'file' as const, path: CLIP_PATH, contentType: 'video/mp4', cacheS: 60 })
      },
    }),
  ]
}
