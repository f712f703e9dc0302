import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import * as client from '../client.ts'
import { home } from '../state/home.ts'
import { t } from '../text/index.ts'
import type { HomeSettings } from '../wire.ts'
import { Field, Select } from './field.tsx'
import { useTask } from './form.ts'
import { TaskForm } from './task-form.tsx'

const words = t.more.home

export interface HomeFormProps {
  start: HomeSettings
  submit: string
  onSaved: () => void
}

/** Name, time zone and currency of the home. */
export function HomeForm({ start, submit, onSaved }: HomeFormProps) {
  const draft = useSignal(start)
  const task = useTask()
  const change = (part: Partial<HomeSettings>) => (draft.value = { ...draft.value, ...part })
  const zones = useMemo(() => zoneOptions(start.timeZone), [start.timeZone])
  const currencies = useMemo(() => currencyOptions(start.currency), [start.currency])
  const save = async () => {
    const saved = await task.run(async () => {
      await client.changeHome({ ...draft.value, homeName: draft.value.homeName.trim() })
      await home.load()
    })
    if (saved) onSaved()
  }
  return (
    <TaskForm task={task} send={submit} onSubmit={() => void save()}>
      <Field
        label={words.name}
        value={draft.value.homeName}
        maxLength={64}
        error={draft.value.homeName.trim() === '' ? t.setup.you.missing : task.error.value?.fields.get('homeName')}
        onInput={(homeName) => change({ homeName })}
      />
      <Select
        label={words.timeZone}
        value={draft.value.timeZone}
        options={zones}
        onChange={(timeZone) => change({ timeZone })}
      />
      <Select
        label={words.currency}
        value={draft.value.currency}
        options={currencies}
        onChange={(currency) => change({ currency })}
      />
    </TaskForm>
  )
}

function zoneOptions(current: string) {
  const zones = new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')])
  return [...zones].sort().map((value) => ({ value, label: value.replaceAll('_', ' ').replaceAll('/', ' / ') }))
}

function currencyOptions(current: string) {
  const names = new Intl.DisplayNames(t.locale, { type: 'currency' })
  const codes = new Set([current, ...Intl.supportedValuesOf('currency')])
  return [...codes].sort().map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }))
}
