import { useId } from 'preact/hooks'
import { rulesWords } from '../text/rules.ts'
import type { WeekTimes, Weekday } from '../wire-rules.ts'
import { Chips } from './chips.tsx'

const words = rulesWords.week
export const WEEK: readonly Weekday[] = Object.keys(words.days) as Weekday[]

export function Weekdays({ chosen, onChange }: { chosen: readonly Weekday[]; onChange: (days: Weekday[]) => void }) {
  return (
    <Chips
      label={words.label}
      options={WEEK.map((value) => ({ value, label: words.days[value] }))}
      chosen={chosen}
      onToggle={(day) => onChange(WEEK.filter((each) => (each === day) !== chosen.includes(each)))}
    />
  )
}

/** A time of day by the clock of the home. */
export function TimeField({
  label,
  value,
  onInput,
}: {
  label: string
  value: string
  onInput: (value: string) => void
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        <input id={id} type="time" required value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      </div>
    </div>
  )
}

/** Days and hours; the same hour twice is the whole day. */
export function WeekTimesFields({ times, onChange }: { times: WeekTimes; onChange: (times: WeekTimes) => void }) {
  return (
    <>
      <Weekdays chosen={times.weekdays} onChange={(weekdays) => onChange({ ...times, weekdays })} />
      <div class="time-pair">
        <TimeField label={words.from} value={times.from} onInput={(from) => onChange({ ...times, from })} />
        <TimeField label={words.to} value={times.to} onInput={(to) => onChange({ ...times, to })} />
      </div>
    </>
  )
}
