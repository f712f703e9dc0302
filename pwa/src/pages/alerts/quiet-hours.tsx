import { useSignal } from '@preact/signals'
import * as client from '../../client-rules.ts'
import { Check } from '../../parts/check.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { WEEK, WeekTimesFields } from '../../parts/week-times.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { rulesWords } from '../../text/rules.ts'
import type { QuietHours } from '../../wire-rules.ts'
import { timesWords } from './rule-words.ts'

const words = rulesWords.quiet
const quietHours = createResource(client.readQuietHours)
const USUAL = { weekdays: [...WEEK], from: '22:00', to: '07:00' }

export function QuietHoursForm() {
  useResource(quietHours)
  return (
    <Section title={words.title}>
      <p class="quiet">{words.lead}</p>
      <Loaded of={quietHours} skeleton={<Skeleton shape="row" />}>
        {(known) =>
          may('system.edit') ? (
            <Form start={known} />
          ) : (
            <p>{known.times === null ? words.off : timesWords(known.times)}</p>
          )
        }
      </Loaded>
    </Section>
  )
}

function Form({ start }: { start: QuietHours }) {
  const times = useSignal(start.times)
  const task = useTask()
  const save = () =>
    task.run(async () => {
      const saved = await client.changeQuietHours({ times: times.value })
      quietHours.patch(() => saved)
      showToast({ tone: 'done', text: words.saved })
    })
  return (
    <TaskForm task={task} send={t.shell.save} look="plain" wide={false} onSubmit={() => void save()}>
      <div class="checks">
        <Check label={words.on} checked={times.value !== null} onChange={(on) => (times.value = on ? USUAL : null)} />
      </div>
      {times.value && <WeekTimesFields times={times.value} onChange={(changed) => (times.value = changed)} />}
    </TaskForm>
  )
}
