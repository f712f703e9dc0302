import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { Plugs } from '../plugs/types.ts'
import { curvePoints } from './power-curve.ts'
import { createReadingWriter } from './reading-writer.ts'
import { energyRoutes } from './routes.ts'
import { findMeter, sumSlots } from './store.ts'
import type { Energy } from './types.ts'

export type { Energy } from './types.ts'

export interface EnergyDeps {
  database: Database
  clock: Clock
  log: Log
  /** Which outlet a plug is. */
  plugs: Pick<Plugs, 'identity'>
}

const STEP_MS = 300_000
const HOUR_MS = 3_600_000

export function createEnergy({ database, clock, log, plugs }: EnergyDeps): Energy {
  const writer = createReadingWriter({ database, clock, log: log.child({ part: 'energy' }) })

  async function powerCurve(plugId: string, hours: number): Promise<Awaited<ReturnType<Energy['powerCurve']>>> {
    const identity = plugs.identity(plugId)
    const count = (hours * HOUR_MS) / STEP_MS
    // Slots begin on whole five minutes, so that two looks at the same hour show the same.
    const to = Math.ceil((clock.now() + 1) / STEP_MS) * STEP_MS
    const from = to - count * STEP_MS
    // What cannot be written is shown once it could be; the writer itself tells of it and tries again.
    await writer.flush().catch(() => undefined)
    const meter = await findMeter(database.reader, identity)
    const sums = meter === null ? [] : await sumSlots(database.reader, meter, { from, to, stepMs: STEP_MS })
    const energyMwh = sums.reduce((sum, each) => sum + each.energyMwh, 0)
    return { plugId, from, to, stepMs: STEP_MS, points: curvePoints(sums, { from, stepMs: STEP_MS, count }), energyMwh }
  }

  return {
    name: 'energy',
    routes: energyRoutes({ powerCurve }),
    note: (measurement) => writer.note(measurement),
    powerCurve,
    start: () => writer.start(),
    stop: () => writer.stop(),
  }
}
