import type { Plug } from '../../appliance/src/api/plugs.ts'
import { newId } from '../../appliance/src/core/ids.ts'

/** One plug as the app and other parts see it: on, reachable, 12 W. */
export function shownPlug(change: Partial<Plug> = {}): Plug {
  return {
    ...{ id: newId(1), name: 'Lamp', model: 'HS110', host: '10.0.0.2', mac: 'AA', strip: null },
    ...{ can: ['switch', 'meter'], roomId: null, picture: null, brightness: null },
    ...{ reachable: true, problem: null, problemCode: null, on: true, seenAt: 1 },
    reading: { at: 1, powerMw: 12_340, voltageMv: null, currentMa: null, totalWh: 1_500 },
    ...change,
  }
}
