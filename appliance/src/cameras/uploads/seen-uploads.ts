import type { Database } from '../../db/index.ts'
import { REFUSALS, type Refusal } from './refusal.ts'
import { shownName } from './names.ts'
import { forgetSeen, listSeen, putSeen, type Outcome, type SeenUpload } from './upload-store.ts'
import type { WalkedFile } from './walk.ts'

const MOST_SHOWN = 20

/** Which files were decided on, in memory and in the database: a restart looks at nothing twice. */
export class SeenUploads {
  readonly #database: Database
  #seen = new Map<string, SeenUpload>()

  constructor(database: Database) {
    this.#database = database
  }

  async load(): Promise<void> {
    this.#seen = new Map((await listSeen(this.#database.reader)).map((seen) => [seen.name, seen]))
  }

  /** A file that changed since is another one. */
  knows({ name, bytes, changedMs }: Pick<WalkedFile, 'name' | 'bytes' | 'changedMs'>): boolean {
    const seen = this.#seen.get(name)
    return seen?.bytes === bytes && seen.changedMs === changedMs
  }

  async put(file: WalkedFile, outcome: Outcome, seenAt: number, takenAt: number | null = null): Promise<void> {
    const { name, folder, bytes, changedMs } = file
    const seen = { name, folder, bytes, changedMs, seenAt, takenAt, outcome }
    this.#seen.delete(name) // So that the newest is last.
    this.#seen.set(name, seen)
    await putSeen(this.#database.writer, seen)
  }

  /** The newest file that nobody wanted is looked at after all. */
  async giveBackNewest(folder: string): Promise<void> {
    const newest = [...this.#seen.values()].findLast((seen) => seen.folder === folder && seen.outcome === 'nobody')
    if (newest) await this.forget([newest.name])
  }

  async forget(names: readonly string[]): Promise<void> {
    for (const name of names) this.#seen.delete(name)
    await forgetSeen(this.#database.writer, names)
  }

  all(): IterableIterator<SeenUpload> {
    return this.#seen.values()
  }

  /** When the newest picture of a folder was taken; null: none yet. */
  lastTakenAt(folder: string): number | null {
    let last: number | null = null
    for (const { folder: own, outcome, takenAt } of this.#seen.values()) {
      if (own === folder && outcome === 'taken' && takenAt !== null) last = Math.max(last ?? 0, takenAt)
    }
    return last
  }

  /** The last files of a folder that were not taken, newest first. */
  refusals(folder: string): Refusal[] {
    return [...this.#seen.values()]
      .flatMap(({ folder: own, name, outcome, seenAt }) => {
        if (own !== folder || !isRefusal(outcome)) return []
        return [
          { file: shownName(name.slice(folder.length + 1)), reason: outcome, words: REFUSALS[outcome], at: seenAt },
        ]
      })
      .slice(-MOST_SHOWN)
      .toReversed()
  }
}

const isRefusal = (outcome: Outcome): outcome is Refusal['reason'] => outcome in REFUSALS
