import { useComputed } from '@preact/signals'
import { age } from '../format.ts'
import { nowMs } from '../state/now.ts'
import { t } from '../text/index.ts'

/** "12 s ago", ticking. `say` puts it into a sentence. */
export function Age({ at, say = (words) => words }: { at: number; say?: (age: string) => string }) {
  const words = useComputed(() => age(at, nowMs.value))
  return <time dateTime={new Date(at).toISOString()}>{say(words.value)}</time>
}

/** Younger than this is live: a picture a second, and some seconds for the way. */
const LIVE_MS = 5_000

/** "Live" while the picture is fresh; how old it is as soon as it is not. */
export function LiveAge({ at }: { at: number }) {
  const fresh = useComputed(() => nowMs.value - at < LIVE_MS)
  return fresh.value ? <>{t.cameras.states.live}</> : <Age at={at} />
}
