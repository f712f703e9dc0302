import { idParams } from '../../appliance/src/api/common.ts'
import { cameraView, cameraViewsReply, type CameraView } from '../../appliance/src/api/views.ts'
import { route, type Route } from '../../appliance/src/http/index.ts'
import { open, type HomeDeps } from './home-state.ts'

/** Whether the cameras still show what they used to. */
export function viewRoutes({ state: { data }, bus }: HomeDeps): Route[] {
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/camera-views', needs: 'cameras.view', reply: cameraViewsReply },
      run: () => Promise.resolve({ views: data.views }),
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/cameras/:id/view', needs: 'cameras.edit' },
      ...{ params: idParams, reply: cameraView },
      run: ({ params: { id } }) => {
        const fine: CameraView = { cameraId: id, state: 'fine', since: null }
        data.views = [...data.views.filter(({ cameraId }) => cameraId !== id), fine]
        bus.emit('camera.view-changed', fine)
        return Promise.resolve(fine)
      },
    }),
  ]
}
