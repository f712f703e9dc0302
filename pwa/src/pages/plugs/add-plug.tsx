import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Sheet } from '../../parts/sheet.tsx'
import { ErrorNote } from '../../parts/states.tsx'
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
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <Field
          label={t.plugs.address}
          hint={t.plugs.addressHint}
          value={host.value}
          maxLength={253}
          inputMode="url"
          error={missing ?? task.error.value?.fields.get('host')}
          onInput={(value) => (host.value = value)}
        />
        {task.error.value && <ErrorNote error={task.error.value} />}
        <Button type="submit" look="main" wide busy={task.busy.value}>
          {t.plugs.add}
        </Button>
      </form>
    </Sheet>
  )
}
