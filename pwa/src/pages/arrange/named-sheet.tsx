import type { Signal } from '@preact/signals'
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Ask, Sheet } from '../../parts/sheet.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { keepPlugHome } from '../../state/plug-home.ts'
import { showToast } from '../../state/toasts.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugHome } from '../../wire.ts'

const words = plugWords.arrange

export interface NamedSheetProps {
  title: string
  label: string
  name: Signal<string>
  /** What else is wrong; shown once saving was tried. */
  wrong?: string | null
  /** Sends it; null while something is missing. */
  save: (name: string) => Promise<PlugHome>
  /** For one that exists: takes it away, after asking. */
  remove?: { text: string; run: () => Promise<PlugHome> }
  onClose: () => void
  children?: ComponentChildren
}

/** A room, group or scene is made, changed or removed: a name, and what belongs to it. */
export function NamedSheet({ title, label, name, wrong, save, remove, onClose, children }: NamedSheetProps) {
  const tried = useSignal(false)
  const asking = useSignal(false)
  const task = useTask()
  const missing = tried.value && name.value.trim() === '' ? words.nameMissing : undefined
  const finish = async (work: () => Promise<PlugHome>, said: string) => {
    const done = await task.run(async () => keepPlugHome(await work()))
    if (!done) return
    showToast({ tone: 'done', text: said })
    onClose()
  }
  const onSubmit = () => {
    tried.value = true
    if (name.value.trim() !== '' && !wrong) void finish(() => save(name.value.trim()), words.saved)
  }
  if (asking.value && remove) {
    return (
      <Ask
        title={words.removeTitle(name.value)}
        text={remove.text}
        confirm={words.remove}
        busy={task.busy.value}
        onConfirm={() => void finish(remove.run, words.removed(name.value))}
        onClose={() => (asking.value = false)}
      />
    )
  }
  return (
    <Sheet title={title} onClose={onClose}>
      <TaskForm
        task={task}
        send={words.save}
        onSubmit={onSubmit}
        after={
          remove && (
            <Button look="danger" icon="trash" wide onPress={() => (asking.value = true)}>
              {words.remove}
            </Button>
          )
        }
      >
        <Field
          label={label}
          value={name.value}
          maxLength={64}
          error={missing ?? task.error.value?.fields.get('name')}
          onInput={(value) => (name.value = value)}
        />
        {children}
        {tried.value && wrong && (
          <p class="field-error" role="alert">
            {wrong}
          </p>
        )}
      </TaskForm>
    </Sheet>
  )
}
