import { useComputed } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { nowMs } from '../state/now.ts'
import { idleWarning, stay } from '../state/session-life.ts'
import { countdown } from '../state/session-times.ts'
import { own } from '../text/account.ts'
import { Button } from './button.tsx'
import { useTask } from './form.ts'
import { Sheet } from './sheet.tsx'
import { ErrorNote } from './states.tsx'

const words = own.idle
const MINUTE_MS = 60_000
const SOON_S = 30

/** Says that this sign-in ends soon, and takes any touch for "I am here". */
export default function IdleWarning() {
  const task = useTask()
  const left = useComputed(() => Math.max(0, (idleWarning.value ?? 0) - nowMs.value))
  const spoken = useComputed(() => sayLeft(left.value))
  const here = () => void task.run(stay)
  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && here()
    document.addEventListener('visibilitychange', seen)
    addEventListener('click', here)
    addEventListener('keydown', here)
    return () => {
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('click', here)
      removeEventListener('keydown', here)
    }
  }, [])
  return (
    <Sheet title={words.title} onClose={here}>
      <p class="lead">{words.text}</p>
      <p class="countdown" aria-hidden="true">
        {words.left(countdown(left.value))}
      </p>
      <p class="visually-hidden" role="status">
        {spoken}
      </p>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button look="main" wide busy={task.busy.value}>
        {words.stay}
      </Button>
    </Sheet>
  )
}

/** Changes seldom: a screen reader is not to count down aloud. */
function sayLeft(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1_000)
  if (seconds <= SOON_S) return words.spokenSoon(SOON_S)
  return words.spoken(Math.max(1, Math.floor(leftMs / MINUTE_MS)))
}
