import { z } from 'zod'
import { epochMs, id } from './common.ts'

/**
 * Whether a camera still shows what it used to. `covered`: hardly anything can be seen, as with paint or tape on the lens;
 * `blurred`: out of focus; `moved`: another view than before.
 */
export const VIEW_STATES = ['fine', 'covered', 'blurred', 'moved'] as const
export const cameraView = z
  .strictObject({ cameraId: id, state: z.enum(VIEW_STATES), since: epochMs.nullable() })
  .meta({ id: 'CameraView' })
export const cameraViewsReply = z.strictObject({ views: z.array(cameraView) }).meta({ id: 'CameraViews' })
export type CameraView = z.infer<typeof cameraView>
export type ViewState = CameraView['state']
