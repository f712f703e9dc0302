import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Ask, Sheet } from '../../parts/sheet.tsx'
import { ErrorNote, Note } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { forgetPlug, keepPlug } from '../../state/plugs.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { PlugWatch } from './plug-watch.tsx'
import type { Plug } from '../../wire.ts'

/** What else there is to a plug: facts, its name, removing it. */
export function PlugSheet({ plug, onClose }: { plug: Plug; onClose: () => void }) {
  const asking = useSignal(false)
  const task = useTask()
  const remove = async () => {
    const gone = await task.run(async () => void (await client.removePlug(plug.id)))
    if (!gone) return
    onClose()
    forgetPlug(plug.id)
    showToast({ tone: 'done', text: t.plugs.removeAsk.removed(plug.name) })
  }
  if (asking.value) {
    const { title, text, confirm } = t.plugs.removeAsk
    return (
      <Ask
        title={title(plug.name)}
        text={text}
        confirm={confirm}
        busy={task.busy.value}
        onConfirm={() => void remove()}
        onClose={onClose}
      />
    )
  }
  return (
    <Sheet title={plug.name} onClose={onClose}>
      {plug.problem && <Note tone="problem" title={plug.problem} />}
      <Facts plug={plug} />
      {may('devices.edit') && <Rename plug={plug} onClose={onClose} />}
      {may('devices.edit') && plug.canMeter && <PlugWatch plug={plug} />}
      {task.error.value && <ErrorNote error={task.error.value} />}
      {may('devices.edit') && (
        <Button look="danger" icon="trash" onPress={() => (asking.value = true)}>
          {t.plugs.remove}
        </Button>
      )}
    </Sheet>
  )
}

function Facts({ plug }: { plug: Plug }) {
  const { reading } = plug
  const names = t.plugs.facts
  const rows: [string, string | null][] = [
    [names.model, plug.model],
    [names.voltage, reading && reading.voltageMv !== null ? `${(reading.voltageMv / 1_000).toFixed(0)} V` : null],
    [names.current, reading && reading.currentMa !== null ? `${(reading.currentMa / 1_000).toFixed(2)} A` : null],
    [names.counter, reading && reading.totalWh !== null ? `${(reading.totalWh / 1_000).toFixed(1)} kWh` : null],
    [names.address, plug.host],
    [names.mac, plug.mac],
  ]
  return (
    <dl class="facts">
      {rows.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

function Rename({ plug, onClose }: { plug: Plug; onClose: () => void }) {
  const name = useSignal(plug.name)
  const task = useTask()
  const empty = name.value.trim() === ''
  const rename = (to: string) => client.renamePlug(plug.id, to).then(keepPlug)
  const save = async () => {
    if (empty) return
    const saved = await task.run(() => rename(name.value.trim()))
    if (!saved) return
    onClose()
    showToast({
      tone: 'done',
      text: t.plugs.renamed,
      action: { label: t.shell.undo, run: () => void rename(plug.name) },
    })
  }
  return (
    <TaskForm task={task} send={t.plugs.rename} wide={false} look="plain" onSubmit={() => void save()}>
      <Field
        label={t.plugs.name}
        value={name.value}
        maxLength={64}
        error={empty ? t.plugs.nameMissing : undefined}
        onInput={(value) => (name.value = value)}
      />
    </TaskForm>
  )
}
