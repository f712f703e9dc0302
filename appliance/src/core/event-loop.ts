import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 10
const NS_PER_MS = 1e6

export interface EventLoopWatch {
  /** How late the event loop was, in milliseconds, at the 99th of 100 looks since the last time somebody asked. */
  p99Ms(): number
  stop(): void
}

/** Looks a hundred times a second whether the process is held up. */
export function watchEventLoop(): EventLoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  return {
    p99Ms() {
      // The histogram holds the time from one look to the next: what is beyond the pause between them is the delay.
      const late = histogram.count === 0 ? 0 : histogram.percentile(99) / NS_PER_MS - RESOLUTION_MS
      histogram.reset()
      return Math.max(0, Math.round(late * 100) / 100)
    },
    stop: () => void histogram.disable(),
  }
}
