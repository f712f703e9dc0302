import type { Clock } from '../core/clock.ts'
import type { Settings } from '../settings/types.ts'
import type { Registry } from './registry.ts'
import { pollOtherwiseS, pollWhileWatchedS } from './settings.ts'

export interface PollPace {
  /** Between two polls of the device. */
  pauseMs(mac: string): number
  /** Whether somebody has the app open. */
  setWatched(watched: boolean): void
  /** Asks these plugs often until the returned function is called. */
  watchClosely(ids: readonly string[]): () => void
  /** The same for one plug and so long. */
  watchFor(id: string, forMs: number): void
  stop(): void
}

/** How often each device is asked: often while somebody looks or something depends on it, else seldom. */
export function createPollPace(deps: { settings: Settings; clock: Clock; registry(): Registry }): PollPace {
  const { settings, clock, registry } = deps
  let watched = true
  /** MAC → how many want it asked often. */
  const wanted = new Map<string, number>()
  const timers = new Set<() => void>()

  function want(mac: string, change: 1 | -1): void {
    const count = (wanted.get(mac) ?? 0) + change
    if (count > 0) wanted.set(mac, count)
    else wanted.delete(mac)
  }

  function watchClosely(ids: readonly string[]): () => void {
    const watches = new Set(ids.map((id) => registry().find(id).watch))
    for (const watch of watches) {
      want(watch.mac, 1)
      watch.wake()
    }
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      for (const { mac } of watches) want(mac, -1)
    }
  }

  return {
    pauseMs: (mac) => settings.get(watched || wanted.has(mac) ? pollWhileWatchedS : pollOtherwiseS) * 1_000,
    setWatched(now) {
      if (watched === now) return
      watched = now
      if (now) for (const watch of registry().watches()) watch.wake()
    },
    watchClosely,
    watchFor(id, forMs) {
      const end = watchClosely([id])
      const cancel = clock.after(forMs, () => {
        timers.delete(cancel)
        end()
      })
      timers.add(cancel)
    },
    stop() {
      for (const cancel of timers) cancel()
      timers.clear()
      wanted.clear()
    },
  }
}
