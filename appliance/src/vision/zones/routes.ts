import { idParams, type ObjectClass } from '../../api/common.ts'
import {
  cameraZones,
  cameraZonesBody,
  footprintsReply,
  zoneNamesReply,
  type CameraZones,
  type CameraZonesBody,
  type Point,
} from '../../api/zones.ts'
import { LaresError } from '../../core/errors.ts'
import { maySeeCamera, route, type Principal, type RequestContext, type Route } from '../../http/route.ts'
import type { Zones } from './types.ts'

export interface ZoneActions {
  zones: Pick<Zones, 'of' | 'all'>
  /** Throws `not-found`. */
  getCamera(id: string): Promise<unknown>
  footprints(cameraId: string): Promise<{ class: ObjectClass; at: Point }[]>
  replace(request: RequestContext, cameraId: string, body: CameraZonesBody): Promise<CameraZones>
}

/** As everywhere: what somebody may not see is not there for them (SEC-A10). */
function refuseUnseen(principal: Principal | null, cameraId: string): void {
  if (!maySeeCamera(principal, cameraId)) throw new LaresError('not-found', 'There is no such camera.')
}

export function zoneRoutes({ zones, getCamera, footprints, replace }: ZoneActions): Route[] {
  const view = { needs: 'cameras.view', limit: 'general' } as const
  return [
    route({
      ...{ method: 'GET', path: '/api/zones', summary: 'The zones of all cameras by name.', ...view },
      reply: zoneNamesReply,
      run: async ({ request: { principal } }) => ({
        zones: zones.all().filter(({ cameraId }) => maySeeCamera(principal, cameraId)),
      }),
    }),
    route({
      ...{ method: 'GET', path: '/api/cameras/:id/zones', summary: "What is drawn on a camera's picture.", ...view },
      ...{ params: idParams, reply: cameraZones },
      async run({ params, request }) {
        refuseUnseen(request.principal, params.id)
        await getCamera(params.id)
        return zones.of(params.id)
      },
    }),
    route({
      ...{ method: 'PUT', path: '/api/cameras/:id/zones', summary: 'Draws zones, lines, masks and limits anew.' },
      ...{ needs: 'cameras.edit', limit: 'general', params: idParams, body: cameraZonesBody, reply: cameraZones },
      async run({ params, body, request }) {
        refuseUnseen(request.principal, params.id)
        return replace(request, params.id, body)
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/cameras/:id/footprints', summary: 'Where things stood in the last day.' },
      ...{ needs: 'incidents.view', limit: 'search', params: idParams, reply: footprintsReply },
      async run({ params, request }) {
        refuseUnseen(request.principal, params.id)
        await getCamera(params.id)
        return { feet: await footprints(params.id) }
      },
    }),
  ]
}
