// What cameras show. The calls come with the camera's page, not with the first load.
import type { CameraView } from '../../appliance/src/api/views.ts'
import { request } from './request.ts'

export type { CameraView }

export const readViews = () => request<{ views: CameraView[] }>('GET', '/api/camera-views')
export const acceptView = (cameraId: string) =>
  request<CameraView>('POST', `/api/cameras/${encodeURIComponent(cameraId)}/view`)
