import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { readScan, startScan } from '../../client-plugs.ts'
import { asClientError } from '../../client-error.ts'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Note } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { WaitingPlugs } from '../../parts/waiting-plugs.tsx'
import { keepPlug } from '../../state/plugs.ts'
import { showFailure } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugScan } from '../../wire-plugs.ts'

const words = plugWords.add
const ASK_EVERY_MS = 1_000

/** Asks every address of a range, with how far it is. Goes on when the page is left, and is found again. */
export function ScanRange() {
  const range = useSignal('')
  const tried = useSignal(false)
  const scan = useSignal<PlugScan | null>(null)
  const task = useTask()
  const running = scan.value?.state === 'running'
  const missing = tried.value && range.value.trim() === '' ? words.rangeMissing : undefined

  const show = (now: PlugScan) => {
    scan.value = now
    now.result?.plugs.forEach(keepPlug)
  }
  const start = async () => {
    tried.value = true
    if (range.value.trim() === '' || running) return
    await task.run(async () => show(await startScan(range.value.trim())))
  }
  useEffect(() => {
    // One that was begun before this page was opened.
    readScan().then(
      (now) => now.state === 'running' && show(now),
      () => undefined,
    )
  }, [])
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => {
      readScan().then(show, (failure: unknown) => showFailure(asClientError(failure)))
    }, ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [running])
  return (
    <div class="stack">
      <TaskForm task={task} send={words.scan} look="plain" wide={false} onSubmit={() => void start()}>
        <Field
          label={words.range}
          hint={words.rangeHint}
          value={range.value}
          maxLength={64}
          inputMode="url"
          error={missing ?? task.error.value?.fields.get('range')}
          onInput={(value) => (range.value = value)}
        />
      </TaskForm>
      <div role="status">{scan.value && <Progress scan={scan.value} />}</div>
      {scan.value?.result && <WaitingPlugs waiting={scan.value.result.waiting} onAgain={() => void start()} />}
    </div>
  )
}

function Progress({ scan: { state, asked, total, result, problem } }: { scan: PlugScan }) {
  if (state === 'running') {
    return (
      <div class="stack">
        <progress class="progress" max={Math.max(1, total)} value={asked} aria-label={words.byRange} />
        <p>{total === 0 ? words.scanStarts : words.scanning(asked, total)}</p>
      </div>
    )
  }
  if (state === 'failed')
    return (
      <Note tone="problem" title={words.scanFailed}>
        {problem && <p>{problem}</p>}
      </Note>
    )
  if (!result) return null
  return (
    <Note tone={result.added > 0 ? 'good' : 'info'} title={words.scanDone}>
      <p>{result.added > 0 ? t.plugs.foundNew(result.added) : t.plugs.foundNone}</p>
    </Note>
  )
}
