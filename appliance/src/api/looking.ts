import { z } from 'zod'

/** How much of a camera's pictures the detector looks at. Rates are per second, over the last quarter of a minute. */
export const cameraLooking = z
  .strictObject({
    cameraId: z.string(),
    picturesPerSecond: z.number(),
    wantedPerSecond: z.number().describe('Pictures that should be looked at: something moves or is followed.'),
    lookedAtPerSecond: z.number().describe('Pictures that were.'),
    everyNth: z.int().describe('Above 1: only every n-th picture with motion, because so many showed nothing.'),
    pace: z
      .enum(['every', 'restless', 'busy'])
      .describe(
        'every: all that should be. restless: less, something moves there all the time and is nothing. busy: less, the detector has more to do than it can.',
      ),
    words: z.string(),
  })
  .meta({ id: 'CameraLooking' })
export type CameraLooking = z.infer<typeof cameraLooking>

export const lookingReply = z
  .strictObject({
    busyPct: z.number().describe('Share of the pictures that found the detector busy.'),
    looksPerSecond: z.number(),
    cameras: z.array(cameraLooking),
  })
  .meta({ id: 'Looking' })
export type Looking = z.infer<typeof lookingReply>
