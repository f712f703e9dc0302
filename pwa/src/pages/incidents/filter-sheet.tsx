import { useId } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { OBJECT_CLASSES } from '../../parts/camera-source.ts'
import { Chips } from '../../parts/chips.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { cameras } from '../../state/cameras.ts'
import { timeZone } from '../../state/home.ts'
import { useResource } from '../../state/resource.ts'
import { zoneNames } from '../../state/zones.ts'
import { t } from '../../text/index.ts'
import type { Camera } from '../../wire.ts'
import { dayOf, daysBack, nextDay, startOfDay } from './days.ts'
import { change, filter, setFilter, toggled } from './list.ts'

const words = t.incidents.sheet
const BANDS = ['low', 'medium', 'high', 'critical'] as const
const VERDICTS = ['confirmed', 'rejected', 'uncertain', 'could-not-look'] as const
const MARKS = ['expected', 'false', 'threat', 'unsure'] as const

/** Everything that incidents can be found by. What is chosen counts at once; the list behind follows. */
export function FilterSheet({ onClose }: { onClose: () => void }) {
  const { camera, zone, class: kind, band, verdict, feedback } = filter.value
  const list = cameras.data.value ?? []
  useResource(zoneNames)
  const zones = zoneNames.data.value ?? []
  return (
    <Sheet title={words.title} onClose={onClose}>
      <div class="filter-sheet">
        <When />
        {list.length > 1 && (
          <Choice
            title={words.cameras}
            options={list.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={camera}
            onToggle={(id) => change({ camera: toggled(camera, id) })}
          />
        )}
        {zones.length > 0 && (
          <Choice
            title={words.zones}
            options={zones.map(({ id, name, cameraId }) => ({ value: id, label: labelOf(name, cameraId, list) }))}
            chosen={zone}
            onToggle={(id) => change({ zone: toggled(zone, id) })}
          />
        )}
        <Choice
          title={words.classes}
          options={OBJECT_CLASSES.map((value) => ({ value, label: t.incidents.classes[value] }))}
          chosen={kind}
          onToggle={(value) => change({ class: toggled(kind, value) })}
        />
        <Choice
          title={words.bands}
          options={BANDS.map((value) => ({ value, label: t.incidents.risk[value] }))}
          chosen={band}
          onToggle={(value) => change({ band: toggled(band, value) })}
        />
        <Choice
          title={words.feedback}
          options={MARKS.map((value) => ({ value, label: t.incidents.reviewedMark[value] }))}
          chosen={feedback}
          onToggle={(value) => change({ feedback: toggled(feedback, value) })}
        />
        <Choice
          title={words.verdicts}
          options={VERDICTS.map((value) => ({ value, label: t.incidents.verdicts[value] }))}
          chosen={verdict}
          onToggle={(value) => change({ verdict: toggled(verdict, value) })}
        />
        <div class="row-buttons">
          <Button onPress={() => setFilter({})}>{words.clear}</Button>
          <Button look="main" onPress={onClose}>
            {words.show}
          </Button>
        </div>
      </div>
    </Sheet>
  )
}

/** Two cameras may each have a drive. */
function labelOf(zone: string, cameraId: string, list: readonly Camera[]): string {
  const camera = list.length > 1 ? list.find(({ id }) => id === cameraId)?.name : undefined
  return camera === undefined ? zone : `${zone} · ${camera}`
}

interface ChoiceProps {
  title: string
  options: readonly { value: string; label: string }[]
  chosen: string | undefined
  onToggle: (value: string) => void
}

function Choice({ title, options, chosen, onToggle }: ChoiceProps) {
  return (
    <section class="filter-choice">
      <h3>{title}</h3>
      <Chips label={title} options={options} chosen={chosen?.split(',') ?? []} onToggle={onToggle} />
    </section>
  )
}

const SPANS = [
  { days: 1, label: words.today },
  { days: 7, label: words.week },
  { days: 30, label: words.month },
] as const

/** Days of the home, whole: from the first to the last that were chosen. */
function When() {
  const id = useId()
  const zone = timeZone.value
  const { from, until } = filter.value
  const today = dayOf(Date.now(), zone)
  const first = from === undefined ? '' : dayOf(Number(from), zone)
  const last = until === undefined ? '' : dayOf(Number(until) - 1, zone)
  const between = (start: string, end: string): void =>
    change({
      from: start === '' ? undefined : String(startOfDay(start, zone)),
      until: end === '' ? undefined : String(startOfDay(nextDay(end), zone)),
    })
  return (
    <section class="filter-choice">
      <h3>{words.when}</h3>
      <div class="chips" role="group" aria-label={words.when}>
        <button type="button" class="chip" aria-pressed={first === '' && last === ''} onClick={() => between('', '')}>
          {words.any}
        </button>
        {SPANS.map(({ days, label }) => {
          const start = daysBack(today, days - 1)
          return (
            <button
              key={days}
              type="button"
              class="chip"
              aria-pressed={first === start && last === ''}
              onClick={() => between(start, '')}
            >
              {label}
            </button>
          )
        })}
      </div>
      <div class="filter-days">
        {(['from', 'to'] as const).map((end) => (
          <div class="field" key={end}>
            <label for={`${id}-${end}`}>{words[end]}</label>
            <div class="field-box">
              <input
                id={`${id}-${end}`}
                type="date"
                max={today}
                value={end === 'from' ? first : last}
                onChange={({ currentTarget: { value } }) =>
                  end === 'from' ? between(value, last) : between(first, value)
                }
              />
            </div>
          </div>
        ))}
      </div>
    </section>
  )
}
