import type { PlugReading } from '../../api/plugs.ts'
import type { Metered } from './iot-state.ts'
import type { DeviceRead, EnergyCounters } from './types.ts'

/** By outlet → what is read, and what is counted. */
export function splitMeters(meters: ReadonlyMap<string, Metered>): Pick<DeviceRead, 'readings' | 'energy'> {
  const readings = new Map<string, PlugReading>()
  const energy = new Map<string, EnergyCounters>()
  for (const [outlet, metered] of meters) {
    readings.set(outlet, metered.reading)
    energy.set(outlet, metered.energy)
  }
  return { readings, energy }
}
