import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import { supervise, type Loop } from '../../core/supervise.ts'
import type { Database, Trx } from '../../db/index.ts'
import { documentOf } from './document.ts'
import { listDue, listDueOf, readFindables, rememberWords, writeDocuments } from './search-store.ts'

export interface IndexerDeps {
  database: Pick<Database, 'reader' | 'transaction' | 'afterCommit'>
  clock: Clock
  log: Log
  timeZone(): string
}

/** Keeps the index of words and marks. Triggers note what has changed; this is what looks at it again. */
export interface Indexer extends Loop {
  /** Within the transaction that changed them, so that whoever reads after it finds them as they are. */
  index(trx: Trx, ids: readonly string[]): Promise<void>
  /** The next piece of what is due; how many there were. */
  indexSome(limit: number): Promise<number>
}

/** So few that nothing else waits long for the one connection that writes. */
const SOME = 200
const BUSY_PAUSE_MS = 20
const IDLE_PAUSE_MS = 2_000
const MOST_KNOWN_WORDS = 50_000

export function createIndexer({ database, clock, log, timeZone }: IndexerDeps): Indexer {
  let known = new Set<string>()
  let pauseMs = IDLE_PAUSE_MS

  async function bring(trx: Trx, places: readonly number[]): Promise<void> {
    if (places.length === 0) return
    const zone = timeZone()
    const documents = (await readFindables(trx, places)).map((it) => documentOf(it, zone))
    await writeDocuments(trx, documents)
    const fresh = [...new Set(documents.flatMap(({ words }) => words))].filter((word) => !known.has(word))
    await rememberWords(trx, fresh)
    // Only then: a word of what was rolled back is not known.
    database.afterCommit(trx, () => learn(fresh))
  }

  function learn(words: readonly string[]): void {
    if (known.size > MOST_KNOWN_WORDS) known = new Set()
    for (const word of words) known.add(word)
  }

  async function indexSome(limit: number): Promise<number> {
    if ((await listDue(database.reader, 1)).length === 0) return 0
    return database.transaction(async (trx) => {
      const places = await listDue(trx, limit)
      await bring(trx, places)
      return places.length
    })
  }

  const loop = supervise({
    ...{ name: 'incidents: words', clock, log, pauseMs: () => pauseMs },
    async runOnce() {
      pauseMs = (await indexSome(SOME)) < SOME ? IDLE_PAUSE_MS : BUSY_PAUSE_MS
    },
  })

  return {
    ...loop,
    index: async (trx, ids) => bring(trx, await listDueOf(trx, ids)),
    indexSome,
  }
}
