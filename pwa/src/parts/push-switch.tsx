import { useEffect } from 'preact/hooks'
import { checkPush, pushState, subscribe, unsubscribe } from '../state/push.ts'
import { showToast } from '../state/toasts.ts'
import { t } from '../text/index.ts'
import { Button } from './button.tsx'
import { useTask } from './form.ts'
import { ErrorNote, Note, Skeleton } from './states.tsx'

const words = t.more.notifications

export interface PushSwitchProps {
  onChange?: () => void
  /** Offers to stop, once it is on. */
  canStop?: boolean
}

/** Whether this phone hears from Lares, and the button that changes it. Never stuck: each step ends by itself. */
export function PushSwitch({ onChange, canStop }: PushSwitchProps) {
  const task = useTask()
  useEffect(() => void checkPush(), [])
  const start = async () => {
    const done = await task.run(subscribe)
    if (done) showToast({ tone: 'done', text: words.allowed })
    if (done) onChange?.()
  }
  const stop = async () => {
    const done = await task.run(unsubscribe)
    if (done) showToast({ tone: 'done', text: words.stopped, action: { label: t.shell.undo, run: () => void start() } })
    onChange?.()
  }
  const state = pushState.value
  return (
    <div class="stack">
      {state === 'checking' && <Skeleton shape="row" />}
      {state === 'on' && (
        <Note tone="good">
          <p>{words.onHere}</p>
        </Note>
      )}
      {state === 'blocked' && <Note tone="warning">{<p>{words.blocked}</p>}</Note>}
      {state === 'install-first' && <Note tone="info">{<p>{words.apple}</p>}</Note>}
      {state === 'unsupported' && <Note tone="warning">{<p>{words.unsupported}</p>}</Note>}
      {task.error.value && state !== 'blocked' && <ErrorNote error={task.error.value} />}
      {state === 'off' && (
        <Button look="main" icon="bell" wide busy={task.busy.value} onPress={() => void start()}>
          {words.allow}
        </Button>
      )}
      {state === 'on' && canStop && (
        <Button busy={task.busy.value} onPress={() => void stop()}>
          {words.stop}
        </Button>
      )}
    </div>
  )
}
