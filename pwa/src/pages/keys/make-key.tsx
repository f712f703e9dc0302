import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import * as client from '../../client-people.ts'
import { Check } from '../../parts/check.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { CopyButton, OnceSheet } from '../../parts/once.tsx'
import { PermissionChoice } from '../../parts/permissions.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { keys } from '../../state/keys.ts'
import { isWithinOwn } from '../../state/people.ts'
import { care } from '../../text/people.ts'
import type { Permission } from '../../wire.ts'
import type { CreateApiKeyReply } from '../../wire-people.ts'
import { curlLine } from './curl.ts'

const words = care.keys.form
const CUSTOM = 'custom'
const USUAL_DAYS = 365

export function MakeKey({ onClose }: { onClose: () => void }) {
  const made = useSignal<CreateApiKeyReply | null>(null)
  if (made.value) return <Made made={made.value} onClose={onClose} />
  return (
    <Sheet title={words.title} onClose={onClose}>
      <Form
        onMade={(reply) => {
          made.value = reply
          void keys.load()
        }}
      />
    </Sheet>
  )
}

/** The key itself, once, and a line that shows that it works. */
export function Made({ made: { key, secret }, onClose }: { made: CreateApiKeyReply; onClose: () => void }) {
  const text = care.keys.made
  const command = curlLine(location.origin, secret, key.scopes)
  return (
    <OnceSheet title={text.title(key.name)} lead={text.lead} label={text.label} secret={secret} onClose={onClose}>
      <details class="fold">
        <summary>{text.tryIt}</summary>
        <code class="command">{command}</code>
        <p class="quiet">{text.certificate}</p>
        <div class="row-buttons">
          <CopyButton text={command} label={text.copyCurl} />
        </div>
      </details>
    </OnceSheet>
  )
}

function Form({ onMade }: { onMade: (made: CreateApiKeyReply) => void }) {
  const name = useSignal('')
  const preset = useSignal(words.presets.find(({ scopes }) => isWithinOwn(scopes))?.id ?? CUSTOM)
  const custom = useSignal<Permission[]>([])
  const days = useSignal<number | null>(USUAL_DAYS)
  const tried = useSignal(false)
  const task = useTask()
  const scopes = words.presets.find(({ id }) => id === preset.value)?.scopes ?? custom.value
  const save = async () => {
    tried.value = true
    const body = { name: name.value.trim(), scopes: [...scopes], expiresInDays: days.value }
    if (body.name === '' || body.scopes.length === 0) return
    await task.run(async () => onMade(await client.createKey(body)))
  }
  return (
    <TaskForm task={task} send={words.make} onSubmit={() => void save()}>
      <Field
        label={words.name}
        hint={words.nameHint}
        value={name.value}
        maxLength={64}
        error={tried.value && name.value.trim() === '' ? words.nameMissing : undefined}
        onInput={(value) => (name.value = value)}
      />
      <Presets chosen={preset.value} onChange={(id) => (preset.value = id)} />
      {preset.value === CUSTOM && <PermissionChoice chosen={custom.value} onChange={(next) => (custom.value = next)} />}
      {tried.value && scopes.length === 0 && (
        <p class="field-error" role="alert">
          {words.noneChosen}
        </p>
      )}
      <Select
        label={words.expires}
        value={String(days.value)}
        options={words.lengths.map((each) => ({ value: String(each.days), label: each.label }))}
        onChange={(value) => (days.value = words.lengths.find((each) => String(each.days) === value)?.days ?? null)}
      />
    </TaskForm>
  )
}

function Presets({ chosen, onChange }: { chosen: string; onChange: (id: string) => void }) {
  const group = useId()
  return (
    <fieldset class="fieldset">
      <legend>{words.preset}</legend>
      <div class="checks">
        {words.presets.map(({ id, label, hint, scopes }) => (
          <Check
            key={id}
            kind="radio"
            name={group}
            label={label}
            hint={hint}
            barred={isWithinOwn(scopes) ? undefined : care.permissions.beyond}
            checked={chosen === id}
            onChange={() => onChange(id)}
          />
        ))}
        <Check
          kind="radio"
          name={group}
          label={words.custom}
          hint={words.customHint}
          checked={chosen === CUSTOM}
          onChange={() => onChange(CUSTOM)}
        />
      </div>
    </fieldset>
  )
}
