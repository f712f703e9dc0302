import { clockTimeWithSeconds, lasting } from '../../format.ts'
import { Section } from '../../parts/page.tsx'
import { timeZone } from '../../state/home.ts'
import { t } from '../../text/index.ts'
import { risk as riskWords } from '../../text/risk.ts'
import type { IncidentDetail, Track } from '../../wire.ts'

const words = riskWords.ways
const SHOWN = 40

interface Step {
  key: string
  at: number
  who: string
  what: string
}

/** Where everybody went: "14:03:10 Person entered Drive, stayed 22 s". */
export function Ways({ incident: { tracks } }: { incident: IncidentDetail }) {
  const steps = tracks.flatMap(stepsOf).sort((a, b) => a.at - b.at)
  if (steps.length === 0) return null
  return (
    <Section title={words.title}>
      <dl class="facts">
        {steps.slice(0, SHOWN).map(({ key, at, who, what }) => (
          <div key={key}>
            <dt>{clockTimeWithSeconds(at, timeZone.value)}</dt>
            <dd>{`${who} ${what}`}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function stepsOf({ id, class: kind, zones }: Track): Step[] {
  return zones.map(({ name, what, enteredAt, leftAt, loitered }, n) => ({
    ...{ key: `${id} ${String(n)}`, at: enteredAt, who: t.incidents.classes[kind] },
    what: what === 'stay' ? words.stayed(name, lasting(leftAt - enteredAt), loitered) : words.crossed[what](name),
  }))
}
