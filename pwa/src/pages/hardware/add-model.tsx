import { useSignal, type Signal } from '@preact/signals'
import * as client from '../../client-hardware.ts'
import { Check } from '../../parts/check.tsx'
import { Chips } from '../../parts/chips.tsx'
import { Field } from '../../parts/field.tsx'
import { FileField } from '../../parts/file-field.tsx'
import { useTask } from '../../parts/form.ts'
import { Sheet } from '../../parts/sheet.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { TextArea } from '../../parts/text-area.tsx'
import { models } from '../../state/hardware.ts'
import { hw } from '../../text/hardware.ts'
import type { Models } from '../../wire-hardware.ts'

const words = hw.addOwn

interface Draft {
  from: 'file' | 'address'
  file: File | null
  url: string
  sha256: string
  licence: string
  classes: string
  accepted: boolean
}

const EMPTY: Draft = { from: 'file', file: null, url: '', sha256: '', licence: '', classes: '', accepted: false }

/** A model that is in no catalogue: from this device, or from an address that the box asks. */
export function AddModel({ onClose }: { onClose: () => void }) {
  const draft = useSignal(EMPTY)
  const tried = useSignal(false)
  const sent = useSignal(0)
  const task = useTask()
  const problems = tried.value ? problemsOf(draft.value) : {}
  const save = async () => {
    tried.value = true
    if (Object.keys(problemsOf(draft.value)).length > 0) return
    const done = await task.run(async () => {
      const now = await send(draft.value, (share) => (sent.value = share))
      models.patch(() => now)
    })
    if (done) onClose()
  }
  const label =
    task.busy.value && draft.value.from === 'file' ? words.sending((sent.value * 100).toFixed(0)) : words.send
  return (
    <Sheet title={words.title} onClose={onClose}>
      <p class="lead">{words.lead}</p>
      <TaskForm task={task} send={label} onSubmit={() => void save()}>
        <Chips
          label={words.from}
          options={[
            { value: 'file', label: words.file },
            { value: 'address', label: words.address },
          ]}
          chosen={[draft.value.from]}
          onToggle={(from) => (draft.value = { ...draft.value, from })}
        />
        <Where draft={draft} problems={problems} />
        <About draft={draft} problems={problems} />
      </TaskForm>
    </Sheet>
  )
}

interface PartProps {
  draft: Signal<Draft>
  problems: Problems
}

function Where({ draft, problems }: PartProps) {
  const set = (change: Partial<Draft>) => (draft.value = { ...draft.value, ...change })
  if (draft.value.from === 'file')
    return (
      <FileField
        label={words.choose}
        accept=".onnx"
        chosen={draft.value.file}
        error={problems.file}
        onChoose={(file) => set({ file })}
      />
    )
  return (
    <>
      <Field
        label={words.url}
        type="url"
        inputMode="url"
        hint={words.urlHint}
        value={draft.value.url}
        error={problems.url}
        onInput={(url) => set({ url })}
      />
      <Field label={words.hash} value={draft.value.sha256} maxLength={64} onInput={(sha256) => set({ sha256 })} />
    </>
  )
}

function About({ draft, problems }: PartProps) {
  const set = (change: Partial<Draft>) => (draft.value = { ...draft.value, ...change })
  return (
    <>
      <Field label={words.licence} value={draft.value.licence} maxLength={64} onInput={(licence) => set({ licence })} />
      <TextArea
        label={words.classes}
        hint={words.classesHint}
        value={draft.value.classes}
        onInput={(classes) => set({ classes })}
      />
      <div class="checks">
        <Check
          label={words.accept}
          hint={words.acceptHint}
          checked={draft.value.accepted}
          onChange={(accepted) => set({ accepted })}
        />
      </div>
      {problems.accepted && <p class="field-error">{problems.accepted}</p>}
    </>
  )
}

type Problems = Partial<Record<'file' | 'url' | 'accepted', string>>

function problemsOf({ from, file, url, accepted }: Draft): Problems {
  return {
    ...(from === 'file' && !file && { file: words.noFile }),
    ...(from === 'address' && !url.startsWith('https://') && { url: words.noUrl }),
    ...(!accepted && { accepted: words.notAccepted }),
  }
}

function send(draft: Draft, onProgress: (share: number) => void): Promise<Models> {
  const classNames = draft.classes
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const about = {
    acknowledged: draft.accepted,
    ...(draft.licence.trim() && { licence: draft.licence.trim() }),
    ...(classNames.length > 0 && { classNames }),
  }
  if (draft.from === 'file' && draft.file) return client.uploadModel(draft.file, about, onProgress)
  const sha256 = draft.sha256.trim().toLowerCase()
  return client.fetchModel({ url: draft.url.trim(), ...(sha256 && { sha256 }), ...about })
}
