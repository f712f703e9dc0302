import type { Notice } from '../api/system.ts'
import { maySeeCamera, type Principal } from './route.ts'

const OF_CAMERA = /^\/cameras\/([^/?#]+)/

/** Without those that tell of cameras this person may not see (SEC-A10). */
export function noticesSeenBy(principal: Principal | null, notices: readonly Notice[]): Notice[] {
  return notices.filter(({ link }) => {
    const cameraId = OF_CAMERA.exec(link ?? '')?.[1]
    return cameraId === undefined || maySeeCamera(principal, cameraId)
  })
}
