import { useComputed, useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { readCountdown, setCountdown, stopCountdown } from '../../client-plugs.ts'
import { lasting } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { nowMs } from '../../state/now.ts'
import { createResource, useResource } from '../../state/resource.ts'
import type { Resource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { plugWords } from '../../text/plugs.ts'
import type { CountdownReply, PlugCountdown } from '../../wire-plugs.ts'
import type { Plug } from '../../wire.ts'

const words = plugWords.page.countdown
const onOff = (on: boolean): string => (on ? words.on : words.off)

/** The one countdown that the plug itself runs. */
export function Countdown({ plug }: { plug: Plug }) {
  const { id } = plug
  const countdown = useMemo(() => createResource(() => readCountdown(id), { kept: false }), [id])
  useResource(countdown)
  return (
    <Section title={words.title}>
      <Loaded of={countdown} skeleton={<Skeleton shape="line" />}>
        {({ countdown: running }) => <State plug={plug} running={running} of={countdown} />}
      </Loaded>
    </Section>
  )
}

interface StateProps {
  plug: Plug
  running: PlugCountdown | null
  of: Resource<CountdownReply>
}

function State({ plug, running, of }: StateProps) {
  const starting = useSignal(false)
  const task = useTask()
  const stop = () =>
    task.run(async () => {
      await stopCountdown(plug.id)
      of.patch(() => ({ countdown: null }))
      showToast({ tone: 'done', text: words.stopped })
    })
  return (
    <>
      <p class="quiet">{running ? <Left running={running} /> : words.none}</p>
      {task.error.value && <ErrorNote error={task.error.value} />}
      {may('devices.control') && (
        <div class="row-buttons">
          <Button icon="clock" onPress={() => (starting.value = true)}>
            {words.start}
          </Button>
          {running && (
            <Button busy={task.busy.value} onPress={() => void stop()}>
              {words.stop}
            </Button>
          )}
        </div>
      )}
      {starting.value && (
        <Start plug={plug} onStarted={(reply) => of.patch(() => reply)} onClose={() => (starting.value = false)} />
      )}
    </>
  )
}

function Left({ running: { on, endsAt } }: { running: PlugCountdown }) {
  const text = useComputed(() => {
    if (endsAt === null) return words.runningUnknown(onOff(on))
    const leftMs = endsAt - nowMs.value
    return leftMs <= 0 ? words.none : words.running(onOff(on), lasting(leftMs))
  })
  return <>{text}</>
}

interface StartProps {
  plug: Plug
  onStarted: (reply: CountdownReply) => void
  onClose: () => void
}

const MOST_MINUTES = 1_439

function Start({ plug, onStarted, onClose }: StartProps) {
  const minutes = useSignal('30')
  const on = useSignal(plug.on !== true)
  const task = useTask()
  const count = /^\d{1,4}$/.test(minutes.value.trim()) ? Number(minutes.value) : 0
  const wrong = count < 1 || count > MOST_MINUTES
  const start = async () => {
    if (wrong) return
    const done = await task.run(async () =>
      onStarted(await setCountdown(plug.id, { durationS: count * 60, on: on.value })),
    )
    if (!done) return
    showToast({ tone: 'done', text: words.started })
    onClose()
  }
  return (
    <Sheet title={words.start} onClose={onClose}>
      <TaskForm task={task} send={words.start} onSubmit={() => void start()}>
        <Field
          label={words.minutes}
          inputMode="numeric"
          maxLength={4}
          value={minutes.value}
          error={wrong ? words.wrong : undefined}
          onInput={(value) => (minutes.value = value)}
        />
        <Select
          label={words.then}
          value={on.value ? 'on' : 'off'}
          options={[
            { value: 'on', label: words.on },
            { value: 'off', label: words.off },
          ]}
          onChange={(value) => (on.value = value === 'on')}
        />
      </TaskForm>
    </Sheet>
  )
}
