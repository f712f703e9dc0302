import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { sweep } from './sweep.ts'
import type { FoundDevice } from './types.ts'
import type { BroadcastTarget } from './interfaces.ts'

export interface FinderDeps {
  clock: Clock
  log: Log
  targets(): BroadcastTarget[]
  /** Everything that answered when the home was called because a plug was lost. */
  onFoundWhileLost(found: FoundDevice[]): Promise<void>
}

/** A plug that went away may have a new address; calling for it disturbs the network, so not more often than this. */
const LOST_SWEEP_EVERY_MS = 60_000

/** Calls the home for plugs: for a person, or because one was lost. One call at a time serves all who wait. */
export class Finder {
  readonly #deps: FinderDeps
  #stopping = new AbortController()
  #underWay: Promise<FoundDevice[]> | null = null
  #lastForLostAt = -Infinity

  constructor(deps: FinderDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#stopping = new AbortController()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#underWay?.catch(() => [])
  }

  call(): Promise<FoundDevice[]> {
    const { clock, log, targets } = this.#deps
    const { signal } = this.#stopping
    this.#underWay ??= sweep({ targets: targets(), clock, log, signal }).finally(() => (this.#underWay = null))
    return this.#underWay
  }

  lost(): void {
    const now = this.#deps.clock.monotonic()
    if (now - this.#lastForLostAt < LOST_SWEEP_EVERY_MS || this.#stopping.signal.aborted) return
    this.#lastForLostAt = now
    this.#callForLost().catch((error: unknown) => {
      this.#deps.log.warn({ err: messageOf(error) }, 'Could not look for lost plugs')
    })
  }

  async #callForLost(): Promise<void> {
    const found = await this.call()
    if (!this.#stopping.signal.aborted) await this.#deps.onFoundWhileLost(found)
  }
}
