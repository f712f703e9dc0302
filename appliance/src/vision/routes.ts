import { hardwareReply, type DetectorStatus } from '../api/system.ts'
import { route, type Route } from '../http/route.ts'
import type { Hardware } from '../hardware/index.ts'
import type { ModelEntry } from './models/installed.ts'

export interface VisionRoutesDeps {
  hardware: Hardware
  detector(): DetectorStatus
  models(): Promise<ModelEntry[]>
}

export function visionRoutes({ hardware, detector, models }: VisionRoutesDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/hardware',
      summary: 'What this machine is, what speeds up detection, and which models there are.',
      needs: 'system.view',
      limit: 'general',
      reply: hardwareReply,
      run: async () => ({ ...(await hardware.probe()), detector: detector(), models: await models() }),
    }),
  ]
}
