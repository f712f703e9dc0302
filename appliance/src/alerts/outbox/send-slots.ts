import type { DueEntry } from './outbox-store.ts'
import { subjectOf, WaitingRows } from './waiting-rows.ts'

export interface SendSlotsOptions {
  /** Sends one. Calls `onAnswer` when the network is done with it; ends when what came of it is written down. */
  send(entry: DueEntry, onAnswer: () => void): Promise<void>
  /** These are on their way now. */
  onBegun(ids: readonly string[]): void
  /** Nobody waits any more. */
  onEmpty(): void
}

const CONCURRENCY = 48
/** One push service or server that hangs must leave room for the others. */
const CONCURRENCY_PER_LANE = 8
/** What failed before must leave room in its lane for what is new. */
const RETRIES_PER_LANE = 4

/**
 * Who is being sent to and who waits for room. Rows are known by their id: none is sent twice at once. Of one subject to one
 * target at most one is under way: what is older never arrives after what is newer.
 */
export class SendSlots {
  readonly #options: SendSlotsOptions
  readonly #waiting = new WaitingRows()
  readonly #underWay = new Map<string, Promise<void>>()
  /** Ended since the last scan began: what that scan reads of them may be a moment old. */
  readonly #justEnded = new Set<string>()
  readonly #perLane = new Map<string, { all: number; retries: number }>()
  readonly #subjects = new Set<string>()
  /** Requests on the wire; fewer than are under way while outcomes are being written. */
  #onTheWire = 0
  #closed = false

  constructor(options: SendSlotsOptions) {
    this.#options = options
  }

  open(): void {
    this.#closed = false
  }

  /** Call before reading the outbox. */
  scanBegins(): void {
    this.#justEnded.clear()
  }

  offer(entry: DueEntry, laneOf: (entry: DueEntry) => string): void {
    const { id } = entry
    if (this.#underWay.has(id) || this.#justEnded.has(id) || this.#waiting.has(id)) return
    this.#waiting.add(entry, laneOf(entry))
  }

  /** Begins as many as there is room for. */
  begin(): void {
    const begun = this.#waiting.lanes().flatMap((lane) => this.#beginLane(lane))
    if (begun.length > 0) this.#options.onBegun(begun)
  }

  #beginLane(lane: string): string[] {
    const begun: string[] = []
    for (const entry of this.#waiting.inLane(lane)) {
      if (this.#closed || this.#onTheWire >= CONCURRENCY || this.#inLane(lane).all >= CONCURRENCY_PER_LANE) break
      const isOneTooMany = entry.attempts > 0 && this.#inLane(lane).retries >= RETRIES_PER_LANE
      if (isOneTooMany || this.#subjects.has(subjectOf(entry))) continue
      this.#waiting.remove(entry)
      this.#underWay.set(entry.id, this.#start(entry, lane))
      begun.push(entry.id)
    }
    return begun
  }

  /** Nobody waits for this target any more. */
  forgetTarget(targetId: string): void {
    this.#waiting.forgetTarget(targetId)
  }

  /** Begins no more. Resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.#waiting.clear()
    await Promise.allSettled(this.#underWay.values())
  }

  #inLane(lane: string): { all: number; retries: number } {
    return this.#perLane.get(lane) ?? { all: 0, retries: 0 }
  }

  #start(entry: DueEntry, lane: string): Promise<void> {
    let isAnswered = false
    const subject = subjectOf(entry)
    this.#subjects.add(subject)
    this.#count(lane, entry, 1)
    const onAnswer = (): void => {
      if (isAnswered) return
      isAnswered = true
      this.#count(lane, entry, -1)
      this.begin()
    }
    return this.#options.send(entry, onAnswer).finally(() => {
      this.#underWay.delete(entry.id)
      this.#justEnded.add(entry.id)
      this.#subjects.delete(subject)
      onAnswer()
      this.begin()
      if (this.#waiting.size === 0) this.#options.onEmpty()
    })
  }

  #count(lane: string, { attempts }: DueEntry, change: 1 | -1): void {
    const { all, retries } = this.#inLane(lane)
    this.#onTheWire += change
    this.#perLane.set(lane, { all: all + change, retries: retries + (attempts > 0 ? change : 0) })
  }
}
