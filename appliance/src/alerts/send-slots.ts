import type { DueEntry } from './store.ts'

export interface SendSlotsOptions {
  /** Sends one; its end frees the slot, whatever came of it. */
  send(entry: DueEntry): Promise<void>
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
      if (this.#underWay.size >= CONCURRENCY || this.#closed) break
      const busy = this.#perOrigin.get(origin) ?? 0
      if (busy >= CONCURRENCY_PER_ORIGIN) continue
      this.#waiting.delete(entry.id)
      this.#perOrigin.set(origin, busy + 1)
      const end = this.#options.send(entry).finally(() => this.#ended(entry.id, origin))
      this.#underWay.set(entry.id, end)
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

  #ended(id: string, origin: string): void {
    this.#underWay.delete(id)
    this.#justEnded.add(id)
    this.#perOrigin.set(origin, (this.#perOrigin.get(origin) ?? 1) - 1)
    this.begin()
    if (this.#waiting.size === 0) this.#options.onEmpty()
  }
}
