import { useComputed } from '@preact/signals'
import { age } from '../format.ts'
import { nowMs } from '../state/now.ts'

/** "12 s ago", ticking. `say` puts it into a sentence. */
export function Age({ at, say = (words) => words }: { at: number; say?: (age: string) => string }) {
  const words = useComputed(() => age(at, nowMs.value))
  return <time dateTime={new Date(at).toISOString()}>{say(words.value)}</time>
}
