import { readViews, type CameraView } from '../client-views.ts'
import { listen } from '../stream.ts'
import { createResource } from './resource.ts'

/** Whether each camera still shows what it used to. */
export const views = createResource(async () => (await readViews()).views)

export function keepView(view: CameraView): void {
  views.patch((list) => [...list.filter(({ cameraId }) => cameraId !== view.cameraId), view])
}

listen('camera.view-changed', keepView)
