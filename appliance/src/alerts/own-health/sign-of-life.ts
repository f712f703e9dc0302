import { join } from 'node:path'
import { overwriteLoosely, readIfThere } from '../../core/disk.ts'
import type { Database } from '../../db/database.ts'
import { readLifeline, writeLifeline, type Lifeline } from './told-store.ts'

const FILE = 'alive-at'
/** Always as long as this, so that nothing of an older time is left behind a newer one. */
const DIGITS = 13
const WHOLE = new RegExp(`^\\d{${DIGITS}}$`)

/** That this box lives, kept for the next start. */
export interface SignsOfLife {
  /** Nothing durable but for the first time: a file of its own, since it changes every minute and may be a minute old. */
  give(at: number): Promise<void>
  /** The end that somebody asked for; durable. */
  stop(at: number): Promise<void>
  /** The last that was given before now; null: never. What cannot be read is as if it were not there. */
  last(): Promise<Lifeline | null>
}

export function createSignsOfLife({ database, dataDir }: { database: Database; dataDir: string }): SignsOfLife {
  const file = join(dataDir, FILE)
  let markedAt: number | null = null

  async function lastByMinute(): Promise<number> {
    const text = await readIfThere(file).catch(() => null)
    return text !== null && WHOLE.test(text) ? Number(text) : 0
  }

  return {
    async give(at) {
      await overwriteLoosely(file, String(Math.round(at)).padStart(DIGITS, '0'))
      // Again when the clock was set back: the later of the two counts.
      if (markedAt !== null && at >= markedAt) return
      await writeLifeline(database.writer, { aliveAt: at, stoppedClean: false })
      markedAt = at
    },
    stop: (at) => writeLifeline(database.writer, { aliveAt: at, stoppedClean: true }),
    async last() {
      const row = await readLifeline(database.writer)
      if (row === null || row.stoppedClean) return row
      return { ...row, aliveAt: Math.max(row.aliveAt, await lastByMinute()) }
    },
  }
}
