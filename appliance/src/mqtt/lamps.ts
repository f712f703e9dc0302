import type { Clock } from '../core/clock.ts'

/** Something is on from a sighting until it has not been seen for a while. */
export interface Lamps {
  see(id: string): void
  forget(id: string): void
  stop(): void
}

export function createLamps(clock: Clock, stayMs: number, onChange: (id: string, on: boolean) => void): Lamps {
  const seenAt = new Map<string, number>()
  const timers = new Map<string, () => void>()

  function check(id: string): void {
    const at = seenAt.get(id)
    if (at === undefined) return
    const leftMs = at + stayMs - clock.monotonic()
    if (leftMs > 0)
      return void timers.set(
        id,
        clock.after(leftMs, () => check(id)),
      )
    forget(id)
    onChange(id, false)
  }

  function forget(id: string): void {
    seenAt.delete(id)
    timers.get(id)?.()
    timers.delete(id)
  }

  return {
    forget,
    see(id) {
      const isNew = !seenAt.has(id)
      seenAt.set(id, clock.monotonic())
      if (!isNew) return
      onChange(id, true)
      timers.set(
        id,
        clock.after(stayMs, () => check(id)),
      )
    },
    stop() {
      for (const cancel of timers.values()) cancel()
      timers.clear()
      seenAt.clear()
    },
  }
}
