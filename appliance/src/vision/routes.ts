import type { Looking } from '../api/looking.ts'
import { hardwareReply, type DetectorStatus } from '../api/system.ts'
import { route, type Route } from '../http/route.ts'
import type { Hardware } from '../hardware/index.ts'
import { withDetector } from './accelerator-states.ts'

export interface VisionRoutesDeps {
  hardware: Hardware
  detector(): DetectorStatus
  looking(): Looking
}

export function visionRoutes({ hardware, detector, looking }: VisionRoutesDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/hardware',
      summary:
        'What this machine is, what speeds up detection, what is missing for it, and how often each camera is looked at.',
      needs: 'system.view',
      limit: 'general',
      reply: hardwareReply,
      run: async () => ({ ...withDetector(await hardware.probe(), detector()), looking: looking() }),
    }),
  ]
}
