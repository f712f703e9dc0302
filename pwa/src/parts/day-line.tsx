import { useEffect } from 'preact/hooks'
import { today } from '../state/day.ts'
import { timeZone } from '../state/home.ts'
import { useResource } from '../state/resource.ts'
import { listen } from '../stream.ts'
import { dayWords } from './day-words.ts'
import { Skeleton } from './states.tsx'

const ASK_AFTER_MS = 1_500

/** Today in a sentence or two. Nothing where it cannot be known: it is never the only thing on the screen. */
export function DayLine() {
  useResource(today)
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const stop = listen('incident.changed', () => {
      clearTimeout(waiting)
      waiting = setTimeout(() => void today.load(), ASK_AFTER_MS)
    })
    return () => {
      clearTimeout(waiting)
      stop()
    }
  }, [])
  const day = today.data.value
  if (!day) return today.error.value ? null : <Skeleton shape="line" />
  return <p class="day-line">{dayWords(day, timeZone.value)}</p>
}
