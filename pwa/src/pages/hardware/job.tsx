import type { ComponentChildren } from 'preact'
import * as client from '../../client-hardware.ts'
import { Button } from '../../parts/button.tsx'
import type { Task } from '../../parts/form.ts'
import { Note } from '../../parts/states.tsx'
import { models } from '../../state/hardware.ts'
import { hw } from '../../text/hardware.ts'
import type { ModelJob } from '../../wire-hardware.ts'

const words = hw.job
const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1)

/** The installation that runs, waits for a yes, or has just ended. */
export function Job({ job, task }: { job: ModelJob; task: Task }) {
  const { name, phase, problem, sha256 } = job
  const act = (work: () => ReturnType<typeof client.cancelModel>) =>
    void task.run(async () => {
      const now = await work()
      models.patch(() => now)
    })
  const stop = (label: string) => <Button onPress={() => act(client.cancelModel)}>{label}</Button>
  if (phase === 'done')
    return (
      <Note tone="good" title={words.done(name)}>
        {stop(words.close)}
      </Note>
    )
  if (phase === 'failed')
    return (
      <Note tone="problem" title={words.failed(name)}>
        <p>{problem}</p>
        {stop(words.close)}
      </Note>
    )
  if (phase === 'confirm')
    return (
      <Note tone="warning" title={words.confirm}>
        <p>{words.confirmText}</p>
        <p class="hash">{sha256}</p>
        <div class="row-buttons">
          {stop(words.stop)}
          <Button look="main" busy={task.busy.value} onPress={() => act(() => client.confirmModel(sha256 ?? ''))}>
            {words.yes}
          </Button>
        </div>
      </Note>
    )
  return <Progress job={job}>{stop(words.stop)}</Progress>
}

function Progress({ job, children }: { job: ModelJob; children: ComponentChildren }) {
  const { name, phase, receivedBytes, totalBytes } = job
  const isFetching = phase === 'fetching'
  return (
    <Note tone="info" title={(isFetching ? words.fetching : words.checking)(name)}>
      {isFetching && (
        <p>
          <progress max={totalBytes ?? undefined} value={totalBytes === null ? undefined : receivedBytes} />{' '}
          {words.progress(megabytes(receivedBytes), totalBytes === null ? null : megabytes(totalBytes))}
        </p>
      )}
      {children}
    </Note>
  )
}
