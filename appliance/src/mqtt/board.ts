import type { Connection } from './connection.ts'

/**
 * What is to stand at the broker, retained. Kept while there is no connection and written when there is one; only what
 * differs is sent.
 */
export class Board {
  readonly #wanted = new Map<string, string>()
  #connection: Connection | null = null

  /** Everything that is wanted goes to this broker, which may be a new one. */
  async attach(connection: Connection): Promise<void> {
    this.#connection = connection
    await Promise.all([...this.#wanted].map(([topic, payload]) => this.#write(topic, payload)))
  }

  detach(): void {
    this.#connection = null
  }

  has(topic: string): boolean {
    return this.#wanted.has(topic)
  }

  set(topic: string, payload: string): void {
    if (this.#wanted.get(topic) === payload) return
    this.#wanted.set(topic, payload)
    void this.#write(topic, payload)
  }

  /** Written again although it did not change: the other side thinks otherwise. */
  repeat(topic: string): void {
    const payload = this.#wanted.get(topic)
    if (payload !== undefined) void this.#write(topic, payload)
  }

  remove(topic: string): void {
    this.#wanted.delete(topic)
    void this.#write(topic, '')
  }

  /** All below these beginnings. */
  removeUnder(prefix: string): void {
    for (const topic of [...this.#wanted.keys()]) if (topic.startsWith(prefix)) this.remove(topic)
  }

  clear(): void {
    this.#wanted.clear()
  }

  /** What cannot be written now is written when the connection is back. */
  async #write(topic: string, payload: string): Promise<void> {
    if (!this.#connection?.isOpen()) return
    await this.#connection.publish(topic, payload, { retain: true }).catch(() => undefined)
  }
}
