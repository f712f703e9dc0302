// The time, ticking once a second while something on the screen shows an age.
import { signal } from '@preact/signals'

let timer: ReturnType<typeof setInterval> | undefined

/** Epoch milliseconds by this phone's clock. */
export const nowMs = signal(Date.now(), {
  watched() {
    this.value = Date.now()
    timer = setInterval(() => (this.value = Date.now()), 1_000)
  },
  unwatched() {
    clearInterval(timer)
  },
})
