import { Button } from '../../parts/button.tsx'
import { OBJECT_CLASSES } from '../../parts/camera-source.ts'
import { Chips } from '../../parts/chips.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { t } from '../../text/index.ts'
import { zonesWords } from '../../text/zones.ts'
import type { ZoneKind } from '../../wire-zones.ts'
import { changed, KIND_COLOURS, without, type Area, type Fault } from './draft.ts'
import type { Editing } from './editing.ts'

const words = zonesWords
const KINDS = Object.keys(words.kinds) as ZoneKind[]
const LOOKS = [1, 2, 3, 5, 8]
const LOITER_S = [0, 10, 20, 30, 60, 120, 300]
const withOwn = (list: readonly number[], own: number): number[] => [...new Set([...list, own])].sort((a, b) => a - b)

/** What is set for the area that is being changed. */
export function AreaForm({ area, editing, fault }: { area: Area; editing: Editing; fault: Fault | undefined }) {
  const set = (change: Partial<Area>): void => editing.change(changed(editing.draft, area.key, change))
  const wrong = fault?.what === 'noName' || fault?.what === 'sameName' ? words.wrong[fault.what] : undefined
  return (
    <div class="form zone-form">
      <p class="quiet">{words.about[area.role]}</p>
      <Field label={words.name} value={area.name} maxLength={40} error={wrong} onInput={(name) => set({ name })} />
      {area.role === 'zone' && <ZoneFields area={area} set={set} />}
      {area.role === 'ignored' && (
        <fieldset class="fieldset">
          <legend>{words.classes}</legend>
          <Chips
            label={words.classes}
            options={OBJECT_CLASSES.map((value) => ({ value, label: t.incidents.classes[value] }))}
            chosen={area.classes}
            onToggle={(value) =>
              set({
                classes: area.classes.includes(value)
                  ? area.classes.filter((each) => each !== value)
                  : [...area.classes, value],
              })
            }
          />
          <p class="field-hint">{words.classesHint}</p>
        </fieldset>
      )}
      <div class="row-buttons">
        {area.role === 'line' && (
          <Button onPress={() => set({ points: area.points.toReversed() })}>{words.turn}</Button>
        )}
        <Button
          look="danger"
          icon="trash"
          onPress={() => {
            editing.change(without(editing.draft, area.key))
            editing.chosen.value = null
          }}
        >
          {words.remove}
        </Button>
        <Button onPress={() => (editing.chosen.value = null)}>{words.done}</Button>
      </div>
    </div>
  )
}

function ZoneFields({ area, set }: { area: Area; set: (change: Partial<Area>) => void }) {
  return (
    <>
      <div class="zone-pair">
        <Select
          label={words.kind}
          value={area.kind}
          options={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={(value) => set({ kind: value as ZoneKind, colour: KIND_COLOURS[value as ZoneKind] })}
        />
        <label class="field zone-colour">
          <span>{words.colour}</span>
          <input
            type="color"
            value={area.colour}
            onChange={({ currentTarget }) => set({ colour: currentTarget.value })}
          />
        </label>
      </div>
      <div class="zone-pair">
        <Select
          label={words.inertia}
          value={String(area.inertiaLooks)}
          options={withOwn(LOOKS, area.inertiaLooks).map((n) => ({ value: String(n), label: words.looks(n) }))}
          onChange={(value) => set({ inertiaLooks: Number(value) })}
        />
        <Select
          label={words.loiter}
          value={String(area.loiterS)}
          options={withOwn(LOITER_S, area.loiterS).map((n) => ({
            ...{ value: String(n), label: n === 0 ? words.never : words.seconds(n) },
          }))}
          onChange={(value) => set({ loiterS: Number(value) })}
        />
      </div>
    </>
  )
}
