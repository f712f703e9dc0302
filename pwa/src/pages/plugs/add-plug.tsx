import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Sheet } from '../../parts/sheet.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { keepPlug } from '../../state/plugs.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'

export function AddPlug({ onClose }: { onClose: () => void }) {
  const host = useSignal('')
  const tried = useSignal(false)
  const task = useTask()
  const missing = tried.value && host.value.trim() === '' ? t.plugs.addressMissing : undefined
  const add = async () => {
    tried.value = true
    if (host.value.trim() === '') return
    await task.run(async () => {
      const { plugs } = await client.addPlug(host.value.trim())
      plugs.forEach(keepPlug)
      showToast({ tone: 'done', text: t.plugs.added(plugs.map(({ name }) => name).join(', ')) })
      onClose()
    })
  }
  return (
    <Sheet title={t.plugs.addTitle} onClose={onClose}>
      <TaskForm task={task} send={t.plugs.add} onSubmit={() => void add()}>
        <Field
          label={t.plugs.address}
          hint={t.plugs.addressHint}
          value={host.value}
          maxLength={253}
          inputMode="url"
          error={missing ?? task.error.value?.fields.get('host')}
          onInput={(value) => (host.value = value)}
        />
      </TaskForm>
    </Sheet>
  )
}
