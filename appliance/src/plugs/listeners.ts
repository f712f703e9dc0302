import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'

export interface Listeners<T> {
  hand(value: T): void
  /** The returned function stops it. */
  listen(listener: (value: T) => void): () => void
}

/** A listener that throws must not take the plugs down with it. */
export function createListeners<T>(what: string, log: Log): Listeners<T> {
  const all = new Set<(value: T) => void>()
  return {
    hand(value) {
      for (const listener of all) {
        try {
          listener(value)
        } catch (error) {
          log.error({ err: messageOf(error) }, `A listener to ${what} failed`)
        }
      }
    },
    listen(listener) {
      all.add(listener)
      return () => void all.delete(listener)
    },
  }
}
