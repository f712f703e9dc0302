import type { DueEntry } from './store.ts'

export interface SendSlotsOptions {
  /** Sends one. Calls `onAnswer` when the network is done with it; ends when what came of it is written down. */
  send(entry: DueEntry, onAnswer: () => void): Promise<void>
  /** These are on their way now. */
  onBegun(ids: readonly string[]): void
  /** Nobody waits any more. */
  onEmpty(): void
}

const CONCURRENCY = 8
/** One push service that hangs must leave room for the others. */
const CONCURRENCY_PER_ORIGIN = 6

/** Who is being sent to and who waits for room. Rows are known by their id: none is sent twice at once. */
export class SendSlots {
  readonly #options: SendSlotsOptions
  /** Each with the push service it goes to. */
  readonly #waiting = new Map<string, { entry: DueEntry; origin: string }>()
  readonly #underWay = new Map<string, Promise<void>>()
  /** Ended since the last scan began: what that scan reads of them may be a moment old. */
  readonly #justEnded = new Set<string>()
  readonly #perOrigin = new Map<string, number>()
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

  offer(entry: DueEntry, originOf: (entry: DueEntry) => string): void {
    const { id } = entry
    if (this.#underWay.has(id) || this.#justEnded.has(id) || this.#waiting.has(id)) return
    this.#waiting.set(id, { entry, origin: originOf(entry) })
  }

  /** Begins as many as there is room for. */
  begin(): void {
    const begun: string[] = []
    for (const { entry, origin } of this.#waiting.values()) {
      if (this.#onTheWire >= CONCURRENCY || this.#closed) break
      const busy = this.#perOrigin.get(origin) ?? 0
      if (busy >= CONCURRENCY_PER_ORIGIN) continue
      this.#waiting.delete(entry.id)
      this.#underWay.set(entry.id, this.#start(entry, origin))
      begun.push(entry.id)
    }
    if (begun.length > 0) this.#options.onBegun(begun)
  }

  /** Nobody waits for this target any more. */
  forgetTarget(targetId: string): void {
    for (const [id, { entry }] of this.#waiting) if (entry.target.id === targetId) this.#waiting.delete(id)
  }

  /** Begins no more. Resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.#waiting.clear()
    await Promise.allSettled(this.#underWay.values())
  }

  #start(entry: DueEntry, origin: string): Promise<void> {
    let isAnswered = false
    this.#count(origin, 1)
    const onAnswer = (): void => {
      if (isAnswered) return
      isAnswered = true
      this.#count(origin, -1)
      this.begin()
    }
    return this.#options.send(entry, onAnswer).finally(() => {
      this.#underWay.delete(entry.id)
      this.#justEnded.add(entry.id)
      onAnswer()
      if (this.#waiting.size === 0) this.#options.onEmpty()
    })
  }

  #count(origin: string, change: 1 | -1): void {
    this.#onTheWire += change
    this.#perOrigin.set(origin, (this.#perOrigin.get(origin) ?? 0) + change)
  }
}
