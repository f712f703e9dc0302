import { useSignal } from '@preact/signals'
import * as client from '../../client-hardware.ts'
import { FactList } from '../../parts/fact-list.tsx'
import { Button } from '../../parts/button.tsx'
import { useTask, type Task } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { models } from '../../state/hardware.ts'
import { may } from '../../state/session.ts'
import { useResource } from '../../state/resource.ts'
import { showToast } from '../../state/toasts.ts'
import { hw } from '../../text/hardware.ts'
import type { ModelEntry, Models } from '../../wire-hardware.ts'
import { AddModel } from './add-model.tsx'
import { Job } from './job.tsx'

const words = hw.models

/** The catalogue and own models: what each is, and what can be done with it. */
export function ModelList() {
  useResource(models)
  const adding = useSignal(false)
  const task = useTask()
  const mayEdit = may('system.edit')
  const add = mayEdit && <Button onPress={() => (adding.value = true)}>{words.add}</Button>
  return (
    <Section title={words.title} aside={add}>
      <Loaded of={models} skeleton={<Skeleton shape="row" count={4} />}>
        {(known) => (
          <>
            {known.rolledBack && (
              <Note tone="warning" title={words.rolledBack(known.rolledBack.from, known.rolledBack.to)}>
                <p>{known.rolledBack.reason}</p>
              </Note>
            )}
            {known.job && <Job job={known.job} task={task} />}
            {task.error.value && <ErrorNote error={task.error.value} />}
            <ul class="models">
              {known.models.map((model) => (
                <Model key={model.name} model={model} known={known} task={task} mayEdit={mayEdit} />
              ))}
            </ul>
          </>
        )}
      </Loaded>
      {adding.value && <AddModel onClose={() => (adding.value = false)} />}
    </Section>
  )
}

interface ModelProps {
  model: ModelEntry
  known: Models
  task: Task
  mayEdit: boolean
}

function Model({ model, known, task, mayEdit }: ModelProps) {
  const { title, licence, installed, active, inferenceMs } = model
  const state = active ? words.active : installed ? words.installed : words.notInstalled
  const parts = [licence, inferenceMs !== null && words.speedValue(inferenceMs.toFixed(0))].filter(Boolean)
  return (
    <li class="model">
      <details class="fold">
        <summary>
          <span class="model-words">
            {title}
            <span class="quiet">{parts.join(' · ')}</span>
          </span>
          <span class={`state is-${active ? 'chosen' : installed ? 'ready' : 'absent'}`}>{state}</span>
        </summary>
        <Facts model={model} />
        {!installed && !model.canFetch && <p class="quiet">{words.byHand}</p>}
        {mayEdit && <Acts model={model} known={known} task={task} />}
      </details>
    </li>
  )
}

const megabytes = (bytes: number): string => words.megabytes((bytes / 1_048_576).toFixed(1))

function Facts({ model }: { model: ModelEntry }) {
  const { inputWidth, inputHeight, map50, inferenceMs, sha256, source } = model
  const rows: [string, string | number | null][] = [
    [words.accuracy, map50 === null ? words.unmeasured : words.accuracyValue(map50.toFixed(1))],
    [words.speed, inferenceMs === null ? words.untried : words.speedValue(inferenceMs.toFixed(0))],
    [words.input, inputWidth !== null && inputHeight !== null ? words.pixels(inputWidth, inputHeight) : null],
    [words.classes, model.classes],
    [words.size, megabytes(model.sizeBytes)],
    [words.licence, model.licence],
    [words.source, source],
    [words.hash, sha256],
  ]
  return <FactList rows={rows} />
}

function Acts({ model, known, task }: Omit<ModelProps, 'mayEdit'>) {
  const { name, installed, active, canFetch, builtIn } = model
  const act = (work: () => Promise<Models>, toast?: string) =>
    void task.run(async () => {
      const now = await work()
      models.patch(() => now)
      if (toast) showToast({ tone: 'done', text: toast })
    })
  return (
    <div class="row-buttons">
      {!installed && canFetch && (
        <Button look="main" busy={task.busy.value} onPress={() => act(() => client.fetchModel({ name }))}>
          {words.install}
        </Button>
      )}
      {installed && !active && (
        <Button look="main" busy={task.busy.value} onPress={() => act(() => client.useModel(name), words.chosen(name))}>
          {words.use}
        </Button>
      )}
      {active && known.previous !== null && (
        <Button busy={task.busy.value} onPress={() => act(client.goBackToModel, words.chosen(known.previous ?? ''))}>
          {words.back(known.previous)}
        </Button>
      )}
      {installed && !active && !builtIn && (
        <Button
          look="danger"
          busy={task.busy.value}
          onPress={() => act(() => client.removeModel(name), words.removed(name))}
        >
          {words.remove}
        </Button>
      )}
    </div>
  )
}
