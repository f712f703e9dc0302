import type { DueEntry } from './outbox-store.ts'

export const subjectOf = ({ channel, targetKey, topic }: DueEntry): string => `${channel} ${targetKey} ${topic}`

/** Rows that wait for room, by lane, oldest first. Of one subject to one target only the newest waits. */
export class WaitingRows {
  readonly #lanes = new Map<string, Map<string, DueEntry>>()
  readonly #laneOf = new Map<string, string>()
  readonly #newest = new Map<string, DueEntry>()

  get size(): number {
    return this.#laneOf.size
  }

  has(id: string): boolean {
    return this.#laneOf.has(id)
  }

  add(entry: DueEntry, lane: string): void {
    const subject = subjectOf(entry)
    const other = this.#newest.get(subject)
    if (other && other.id > entry.id) return
    if (other) this.remove(other)
    const rows = this.#lanes.get(lane) ?? new Map<string, DueEntry>()
    this.#lanes.set(lane, rows.set(entry.id, entry))
    this.#laneOf.set(entry.id, lane)
    this.#newest.set(subject, entry)
  }

  remove(entry: DueEntry): void {
    const lane = this.#laneOf.get(entry.id)
    if (lane === undefined) return
    const rows = this.#lanes.get(lane)
    rows?.delete(entry.id)
    if (rows?.size === 0) this.#lanes.delete(lane)
    this.#laneOf.delete(entry.id)
    this.#newest.delete(subjectOf(entry))
  }

  lanes(): string[] {
    return [...this.#lanes.keys()]
  }

  inLane(lane: string): Iterable<DueEntry> {
    return this.#lanes.get(lane)?.values() ?? []
  }

  forgetTarget(targetId: string): void {
    for (const rows of [...this.#lanes.values()])
      for (const entry of [...rows.values()]) if (entry.target?.id === targetId) this.remove(entry)
  }

  clear(): void {
    this.#lanes.clear()
    this.#laneOf.clear()
    this.#newest.clear()
  }
}
