import type { Looking } from '../api/looking.ts'
import { hardwareReply, type DetectorStatus } from '../api/system.ts'
import { route, type Route } from '../http/route.ts'
import type { Hardware } from '../hardware/index.ts'
import type { ModelEntry } from './models/installed.ts'

export interface VisionRoutesDeps {
  hardware: Hardware
  detector(): DetectorStatus
  models(): Promise<ModelEntry[]>
  looking(): Looking
}

export function visionRoutes({ hardware, detector, models, looking }: VisionRoutesDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/hardware',
      summary:
        'What this machine is, what speeds up detection, which models there are, and how often each camera is looked at.',
      needs: 'system.view',
      limit: 'general',
      reply: hardwareReply,
      run: async () => ({
        ...(await hardware.probe()),
        detector: detector(),
        models: await models(),
        looking: looking(),
      }),
    }),
  ]
}
