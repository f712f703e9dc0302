import type { Incident } from '../../api/incidents.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { supervise, type Loop } from '../../core/supervise.ts'
import type { Database } from '../../db/database.ts'
import type { Incidents } from '../../incidents/types.ts'
import type { Modes } from '../../modes/types.ts'
import { deleteDecisionsBefore, deleteHolds, openHolds } from './decision-store.ts'
import type { Evaluator } from './evaluate.ts'

export interface HoldsDeps {
  database: Database
  clock: Clock
  log: Log
  incidents: Pick<Incidents, 'get'>
  modes: Pick<Modes, 'state'>
  evaluator: Evaluator
}

const LONGEST_PAUSE_MS = 30_000
const SHORTEST_PAUSE_MS = 20
const DAY_MS = 24 * 60 * 60_000
/** As long as the history of the modes. */
const KEPT_MS = 400 * DAY_MS

/** What waits for the entry delay is told when it is over, and dropped when somebody was home in time. */
export function createHoldsLoop({ database, clock, log, incidents, modes, evaluator }: HoldsDeps): Loop {
  let pauseMs = LONGEST_PAUSE_MS
  let tidiedAt = 0

  async function find(id: string): Promise<Incident | null> {
    try {
      return await incidents.get(id)
    } catch (error) {
      if (error instanceof LaresError && error.kind === 'not-found') return null
      throw error
    }
  }

  async function settle(incidentId: string): Promise<void> {
    const incident = await find(incidentId)
    await database.transaction(async (trx) => {
      if (incident) await evaluator.again(trx, incident)
      else await deleteHolds(trx, incidentId)
    })
  }

  return supervise({
    ...{ name: 'alerts that wait', clock, log, pauseMs: () => pauseMs },
    async runOnce(signal) {
      const now = clock.now()
      pauseMs = LONGEST_PAUSE_MS
      for (const { incidentId, until } of await openHolds(database.writer)) {
        if (signal.aborted) return
        if (until <= now || modes.state().mode !== 'away') await settle(incidentId)
        else pauseMs = Math.min(pauseMs, Math.max(until - now, SHORTEST_PAUSE_MS))
      }
      if (Math.abs(now - tidiedAt) < DAY_MS) return
      await deleteDecisionsBefore(database.writer, now - KEPT_MS)
      tidiedAt = now
    },
  })
}
