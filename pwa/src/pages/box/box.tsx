import { useSignal } from '@preact/signals'
import * as client from '../../client-updates.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { Ask } from '../../parts/sheet.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { useResource } from '../../state/resource.ts'
import { box } from '../../state/updates.ts'
import { boxWords } from '../../text/updates.ts'
import type { BoxFacts } from '../../wire-updates.ts'

export default function Box() {
  useResource(box)
  return (
    <Loaded of={box} skeleton={<Skeleton shape="row" count={4} />}>
      {(facts) => (
        <>
          <Power facts={facts} />
          <Reset facts={facts} />
        </>
      )}
    </Loaded>
  )
}

const ACTS = {
  restart: { ask: boxWords.restart, text: boxWords.restartAsk, now: boxWords.restartNow, call: client.restartBox },
  off: { ask: boxWords.off, text: boxWords.offAsk, now: boxWords.offNow, call: client.powerOffBox },
} as const

function Power({ facts }: { facts: BoxFacts }) {
  const asked = useSignal<keyof typeof ACTS | null>(null)
  const isUnderWay = useSignal(false)
  const task = useTask()
  const act = asked.value && ACTS[asked.value]
  const go = async () => {
    if (!act) return
    isUnderWay.value = await task.run(async () => void (await act.call()))
    asked.value = null
  }
  return (
    <Section title={boxWords.power}>
      {task.error.value && <ErrorNote error={task.error.value} />}
      {isUnderWay.value && <Note tone="info" title={boxWords.underWay} />}
      {facts.canRestart ? (
        <div class="row-buttons">
          <Button onPress={() => (asked.value = 'restart')}>{boxWords.restart}</Button>
          {facts.canPowerOff && <Button onPress={() => (asked.value = 'off')}>{boxWords.off}</Button>}
        </div>
      ) : (
        <p class="quiet">{boxWords.noPower}</p>
      )}
      {act && (
        <Ask
          title={act.ask}
          text={act.text}
          confirm={act.now}
          busy={task.busy.value}
          onConfirm={() => void go()}
          onClose={() => (asked.value = null)}
        />
      )}
    </Section>
  )
}

function Reset({ facts: { homeName, stays } }: { facts: BoxFacts }) {
  const typed = useSignal('')
  const tried = useSignal(false)
  const isUnderWay = useSignal(false)
  const task = useTask()
  const isRight = typed.value.trim() === homeName
  const reset = async () => {
    tried.value = true
    if (isRight) isUnderWay.value = await task.run(async () => void (await client.resetBox(typed.value.trim())))
  }
  return (
    <Section title={boxWords.reset}>
      <p class="lead">{boxWords.resetLead}</p>
      <List title={boxWords.goes} items={boxWords.goesList} />
      <List title={boxWords.stays} items={stays} />
      {isUnderWay.value ? (
        <Note tone="warning" title={boxWords.resetUnderWay} />
      ) : (
        <TaskForm task={task} send={boxWords.resetNow} look="danger" onSubmit={() => void reset()}>
          <Field
            label={boxWords.name}
            hint={boxWords.type(homeName)}
            value={typed.value}
            maxLength={64}
            error={tried.value && !isRight ? boxWords.wrong : undefined}
            onInput={(name) => (typed.value = name)}
          />
        </TaskForm>
      )}
    </Section>
  )
}

function List({ title, items }: { title: string; items: readonly string[] }) {
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </>
  )
}
