import { idParams } from '../../api/common.ts'
import { cameraView, cameraViewsReply } from '../../api/views.ts'
import { LaresError } from '../../core/errors.ts'
import { maySeeCamera, route, type Route } from '../../http/route.ts'
import type { Views } from './views.ts'

export function viewRoutes(views: Pick<Views, 'list' | 'accept'>): readonly Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/camera-views', needs: 'cameras.view', limit: 'general' },
      summary: 'Whether each watched camera still shows what it used to.',
      reply: cameraViewsReply,
      run: async ({ request: { principal } }) => ({
        views: views.list().filter(({ cameraId }) => maySeeCamera(principal, cameraId)),
      }),
    }),
    route({
      ...{ method: 'POST', path: '/api/cameras/:id/view', needs: 'cameras.edit', limit: 'general' },
      summary: 'Says that what the camera shows now is its right view.',
      ...{ params: idParams, reply: cameraView },
      run: async ({ params, request }) => {
        // What somebody may not see is not there for them (SEC-A10).
        if (!maySeeCamera(request.principal, params.id)) throw new LaresError('not-found', 'There is no such camera.')
        return views.accept(request, params.id)
      },
    }),
  ]
}
