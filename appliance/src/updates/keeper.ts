import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OfferedUpdate, UpdateOutcome, UpdateProgress, Updates as UpdatesView } from '../api/updates.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Events } from '../events.ts'
import { BUNDLE_NAME, type UpdateStatus } from '../host/index.ts'
import type { Settings } from '../settings/index.ts'
import { EMPTY_RECORD, readRecord, UPDATES_FOLDER, writeRecord, type UpdateRecord } from './record.ts'
import { feedAddress, installAtNight } from './settings.ts'

export interface KeeperDeps {
  dataDir: string
  version: string
  settings: Settings
  clock: Clock
  bus: Bus<Events>
}

/** What is in memory alone: it is found out anew at each start. */
interface Passing {
  way: UpdatesView['way']
  slots: UpdateStatus | null
  /** Version of the whole system, where it has one of its own. */
  imageVersion: string | null
  progress: UpdateProgress | null
  proof: string[]
  waiting: string[]
  feed: { checkedAt: number | null; problem: string | null; offered: OfferedUpdate | null }
}

const KEPT_OUTCOMES = 20
const ELSEWHERE = {
  package: 'Lares is a package here: install the new one with apt.',
  container: 'Lares runs in a container: fetch the new image where the container is started.',
  source: 'Lares runs from its sources here: fetch the new ones with git.',
} as const

/** How far the update is: on the disk before anybody is told, and one at a time. */
export class UpdateKeeper {
  readonly folder: string
  readonly #deps: KeeperDeps
  #record: UpdateRecord = EMPTY_RECORD
  #busy = false
  #writing: Promise<void> = Promise.resolve()
  #passing: Passing = {
    ...{ way: 'source', slots: null, imageVersion: null, progress: null, proof: [], waiting: [] },
    feed: { checkedAt: null, problem: null, offered: null },
  }

  constructor(deps: KeeperDeps) {
    this.#deps = deps
    this.folder = join(deps.dataDir, UPDATES_FOLDER)
  }

  async load(): Promise<void> {
    this.#record = await readRecord(this.#deps.dataDir)
  }

  record(): UpdateRecord {
    return this.#record
  }

  passing(): Passing {
    return this.#passing
  }

  /** What an update is compared with. */
  runningVersion(): string {
    return this.#passing.imageVersion ?? this.#deps.version
  }

  /** Resolves when it is on the disk. */
  async change(change: Partial<UpdateRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change }
    // One after the other: each writes all that is known by then.
    const mine = this.#writing.then(async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 })
      await writeRecord(this.#deps.dataDir, this.#record)
    })
    this.#writing = mine.catch(() => undefined)
    await mine
    this.announce()
  }

  show(change: Partial<Passing>): void {
    this.#passing = { ...this.#passing, ...change }
    this.announce()
  }

  announce(): void {
    this.#deps.bus.emit('updates.changed', this.view())
  }

  /** An outcome is news until the owner puts it away. */
  withOutcome(outcome: UpdateOutcome): Pick<UpdateRecord, 'news' | 'newsRecorded' | 'history'> {
    return {
      ...{ news: outcome, newsRecorded: false },
      history: [outcome, ...this.#record.history].slice(0, KEPT_OUTCOMES),
    }
  }

  /** One thing at a time. Throws `conflict` UPDATE_BUSY, or `unsupported` where updates come another way. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const { way } = this.#passing
    if (way !== 'bundle') throw new LaresError('unsupported', ELSEWHERE[way], { code: 'UPDATES_ELSEWHERE' })
    if (this.#busy) throw new LaresError('conflict', 'The update is being worked on. Wait.', { code: 'UPDATE_BUSY' })
    this.#busy = true
    try {
      return await work()
    } finally {
      this.#busy = false
      this.show({ progress: null })
    }
  }

  isBusy(): boolean {
    return this.#busy
  }

  /** Throws `conflict` UPDATE_PHASE with what is not there yet. */
  requirePhase(phases: readonly UpdateRecord['phase'][], words: string): void {
    if (!phases.includes(this.#record.phase)) throw new LaresError('conflict', words, { code: 'UPDATE_PHASE' })
  }

  async findWaiting(): Promise<void> {
    const names = await readdir(this.folder).catch(() => [])
    const own = this.#record.bundle?.fileName
    this.#passing.waiting = names.filter((name) => BUNDLE_NAME.test(name) && name !== own).sort()
  }

  /** Removes files of the folder for which `isGoing`. */
  async sweep(isGoing: (name: string) => boolean): Promise<void> {
    const names = await readdir(this.folder).catch(() => [])
    for (const name of names) if (isGoing(name)) await rm(join(this.folder, name), { force: true, recursive: true })
  }

  view(): UpdatesView {
    const { phase, bundle, problem, restartAt, history } = this.#record
    const { way, slots, progress, proof, waiting, feed } = this.#passing
    const { settings } = this.#deps
    const other = slots?.slots.find(({ booted }) => !booted)
    return {
      ...{ way, version: this.runningVersion(), slot: slots?.booted ?? null, phase, bundle, progress, problem },
      ...{ restartAt, proof, waiting, history },
      other: other ? { slot: other.name, version: other.version, good: other.good } : null,
      feed: { address: settings.get(feedAddress), ...feed, atNight: settings.get(installAtNight) },
    }
  }
}
