import type { Signal } from '@preact/signals'
import { Button } from '../../parts/button.tsx'
import { OBJECT_CLASSES } from '../../parts/camera-source.ts'
import { Field, Select } from '../../parts/field.tsx'
import { t } from '../../text/index.ts'
import { zonesWords } from '../../text/zones.ts'
import type { ObjectClass } from '../../wire.ts'
import type { ClassLimit } from '../../wire-zones.ts'
import { withLimit } from './draft.ts'
import type { Editing } from './editing.ts'

const words = zonesWords.limits
const FIELDS = [
  { part: 'minHeight', label: words.min },
  { part: 'maxHeight', label: words.max },
  { part: 'minScore', label: words.score },
] as const

/** Limits by class, in per cent; an empty field is none. */
export function Limits({ editing, shown }: { editing: Editing; shown: Signal<ObjectClass | null> }) {
  const kind = shown.value ?? 'person'
  const limit = editing.draft.limits.find((each) => each.class === kind)
  const set = (change: Partial<ClassLimit>): void =>
    editing.change({ ...editing.draft, limits: withLimit(editing.draft, kind, change) })
  return (
    <details class="fold" onToggle={({ currentTarget }) => (shown.value = currentTarget.open ? kind : null)}>
      <summary>{words.title}</summary>
      <div class="form">
        <p class="quiet">{words.lead}</p>
        <Select
          label={words.about}
          value={kind}
          options={OBJECT_CLASSES.map((value) => ({ value, label: t.incidents.classes[value] }))}
          onChange={(value) => (shown.value = value as ObjectClass)}
        />
        {FIELDS.map(({ part, label }) => (
          <Field
            key={part}
            label={label}
            inputMode="numeric"
            maxLength={3}
            value={limit?.[part] == null ? '' : String(Math.round(limit[part] * 100))}
            onInput={(typed) => set({ [part]: shareOf(typed) })}
          />
        ))}
        {limit && (
          <Button onPress={() => set({ minHeight: null, maxHeight: null, minScore: null })}>{words.clear}</Button>
        )}
      </div>
    </details>
  )
}

/** null for an empty field, and for what is no number. */
function shareOf(typed: string): number | null {
  const value = Number(typed.trim())
  return typed.trim() === '' || !Number.isFinite(value) ? null : Math.min(1, Math.max(0, value / 100))
}
