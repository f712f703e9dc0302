import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { addSchedule, changeSchedule, readSchedules, removeSchedule } from '../../client-plugs.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Chips } from '../../parts/chips.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugSchedule, PlugSchedulesReply } from '../../wire-plugs.ts'
import { DAYS, bodyOf, daysWords, draftOf, ruleWords, wrongsOf } from './schedule-words.ts'
import type { RuleDraft } from './schedule-words.ts'

const words = plugWords.schedules

/** Rules that the plug keeps and follows by itself. */
export function Schedules({ id }: { id: string }) {
  const schedules = useMemo(() => createResource(() => readSchedules(id), { kept: false }), [id])
  useResource(schedules)
  /** undefined: no sheet; null: a new one. */
  const editing = useSignal<PlugSchedule | null | undefined>(undefined)
  return (
    <Section title={words.title}>
      <p class="quiet">{words.lead}</p>
      <Loaded of={schedules} skeleton={<Skeleton shape="row" />}>
        {({ canEdit, schedules: list }) => {
          const mayEdit = canEdit && may('devices.edit')
          return (
            <>
              {list.length === 0 && <p class="quiet">{words.none}</p>}
              {list.length > 0 && <Rules list={list} {...(mayEdit && { onEdit: (rule) => (editing.value = rule) })} />}
              {!canEdit && <p class="quiet">{words.readOnly}</p>}
              {mayEdit && (
                <div class="row-buttons">
                  <Button icon="plus" onPress={() => (editing.value = null)}>
                    {words.add}
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </Loaded>
      {editing.value !== undefined && (
        <Rule
          id={id}
          rule={editing.value}
          onSaved={(reply) => schedules.patch(() => reply)}
          onClose={() => (editing.value = undefined)}
        />
      )}
    </Section>
  )
}

function Rules({ list, onEdit }: { list: readonly PlugSchedule[]; onEdit?: (rule: PlugSchedule) => void }) {
  return (
    <ul class="rows">
      {list.map((rule) => (
        <li key={rule.id}>
          <span class="row-words">
            <span>{ruleWords(rule)}</span>
            <span class="quiet">
              {daysWords(rule)}
              {!rule.enabled && ` · ${words.off}`}
            </span>
          </span>
          {onEdit && <IconButton icon="edit" label={words.edit(ruleWords(rule))} onPress={() => onEdit(rule)} />}
        </li>
      ))}
    </ul>
  )
}

interface RuleProps {
  id: string
  rule: PlugSchedule | null
  onSaved: (reply: PlugSchedulesReply) => void
  onClose: () => void
}

function Rule({ id, rule, onSaved, onClose }: RuleProps) {
  const draft = useSignal(draftOf(rule))
  const saving = useTask()
  const removing = useTask()
  const wrongs = wrongsOf(draft.value)
  const save = async () => {
    if (Object.keys(wrongs).length > 0) return
    const body = bodyOf(draft.value)
    const done = await saving.run(async () =>
      onSaved(await (rule ? changeSchedule(id, rule.id, body) : addSchedule(id, body))),
    )
    if (done) onClose()
  }
  const remove = async (known: PlugSchedule) => {
    if (await removing.run(async () => onSaved(await removeSchedule(id, known.id)))) onClose()
  }
  return (
    <Sheet title={words.form.title} onClose={onClose}>
      <TaskForm
        task={saving}
        send={words.form.save}
        onSubmit={() => void save()}
        after={
          rule && (
            <Button look="danger" icon="trash" wide busy={removing.busy.value} onPress={() => void remove(rule)}>
              {words.form.remove}
            </Button>
          )
        }
      >
        <RuleFields draft={draft.value} wrongs={wrongs} onChange={(next) => (draft.value = next)} />
      </TaskForm>
    </Sheet>
  )
}

interface RuleFieldsProps {
  draft: RuleDraft
  wrongs: ReturnType<typeof wrongsOf>
  onChange: (draft: RuleDraft) => void
}

function RuleFields({ draft, wrongs, onChange }: RuleFieldsProps) {
  const { form } = words
  const set = (change: Partial<RuleDraft>) => onChange({ ...draft, ...change })
  return (
    <>
      <Select
        label={form.what}
        value={draft.on ? 'on' : 'off'}
        options={[
          { value: 'on', label: form.on },
          { value: 'off', label: form.offChoice },
        ]}
        onChange={(value) => set({ on: value === 'on' })}
      />
      <Select
        label={form.when}
        value={draft.kind}
        options={[
          { value: 'time', label: form.time },
          { value: 'sunrise', label: words.sunrise },
          { value: 'sunset', label: words.sunset },
        ]}
        onChange={(value) => set({ kind: value as RuleDraft['kind'] })}
      />
      {draft.kind === 'time' ? (
        <Field
          label={form.timeField}
          maxLength={5}
          value={draft.time}
          error={wrongs.time}
          onInput={(time) => set({ time })}
        />
      ) : (
        <Field
          label={form.offsetField}
          maxLength={4}
          value={draft.offset}
          error={wrongs.offset}
          onInput={(offset) => set({ offset })}
        />
      )}
      <Chips
        label={words.daysLabel}
        options={DAYS.map((day) => ({ value: day, label: words.days[day] }))}
        chosen={draft.weekdays}
        onToggle={(day) => {
          const { weekdays } = draft
          set({ weekdays: weekdays.includes(day) ? weekdays.filter((each) => each !== day) : [...weekdays, day] })
        }}
      />
      {wrongs.days && <p class="field-error">{wrongs.days}</p>}
      <div class="checks">
        <Check label={form.enabled} checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
      </div>
    </>
  )
}
