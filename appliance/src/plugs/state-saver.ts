import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/database.ts'
import { saveLastState, type LastState } from './plug-store.ts'

export interface StateSaver extends Part {
  /** `soon`: within a moment (switched, lost, found); otherwise with the next round. */
  note(id: string, last: LastState, soon: boolean): void
  forget(id: string): void
}

/** What is switched is written at once; the rest is only what a plug drew last, to show after a start. */
const ROUND_MS = 300_000
/** A switch is answered first and remembered then. */
const SOON_MS = 200

/** Writes last known states in one transaction a round: a poll of every plug must not mean a write for every plug. */
export function createStateSaver(deps: { database: Database; clock: Clock; log: Log }): StateSaver {
  const { database, clock, log } = deps
  const dirty = new Map<string, LastState>()

  async function save(): Promise<void> {
    if (dirty.size === 0) return
    const batch = [...dirty]
    dirty.clear()
    try {
      await database.transaction(async (trx) => {
        for (const [id, last] of batch) await saveLastState(trx, id, last)
      })
    } catch (error) {
      for (const [id, last] of batch) if (!dirty.has(id)) dirty.set(id, last)
      throw error
    }
  }

  let cancelSoon: (() => void) | null = null
  function saveSoon(): void {
    cancelSoon ??= clock.after(SOON_MS, () => {
      cancelSoon = null
      loop.wake()
    })
  }

  const loop = supervise({ name: 'plugs: remember states', clock, log, pauseMs: ROUND_MS, runOnce: save })
  return {
    name: 'plug states',
    start: () => loop.start(),
    async stop() {
      cancelSoon?.()
      cancelSoon = null
      await loop.stop()
      await save()
    },
    note(id, last, soon) {
      dirty.set(id, last)
      if (soon) saveSoon()
    },
    forget: (id) => void dirty.delete(id),
  }
}
