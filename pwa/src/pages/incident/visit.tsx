import { clockTimeWithSeconds, lasting } from '../../format.ts'
import { incidentLine } from '../../parts/incident-words.ts'
import { Section } from '../../parts/page.tsx'
import { timeZone } from '../../state/home.ts'
import { t } from '../../text/index.ts'
import { risk as riskWords } from '../../text/risk.ts'
import type { IncidentDetail } from '../../wire.ts'

const words = riskWords.visit
const MILLI = 1_000

/** How the visit went on, and what the plugs did meanwhile. */
export function Visit({ incident: { parts, plugs, openedAt } }: { incident: IncidentDetail }) {
  return (
    <>
      {parts.length > 0 && (
        <Section title={words.parts}>
          <p class="quiet">{words.partsLead}</p>
          <ol class="visit-parts">
            {parts.map((part) => (
              <li key={part.id} class="visit-part">
                <Part part={part} />
              </li>
            ))}
          </ol>
        </Section>
      )}
      {plugs.length > 0 && (
        <Section title={words.plugs}>
          <dl class="facts">
            {plugs.map((plug) => (
              <div key={`${plug.plugId} ${String(plug.at)}`}>
                <dt>
                  {plug.name}
                  <span class="quiet">{clockTimeWithSeconds(plug.at, timeZone.value)}</span>
                </dt>
                <dd>{stateWords(plug, openedAt)}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
    </>
  )
}

function Part({ part }: { part: IncidentDetail['parts'][number] }) {
  const { snapshot, clip, openedAt, lastSeenAt } = part
  const when = `${clockTimeWithSeconds(openedAt, timeZone.value)} · ${lasting(lastSeenAt - openedAt)}`
  return (
    <>
      {snapshot ? (
        <img src={snapshot.url} alt={t.incidents.detail.pictureOf(incidentLine(part))} loading="lazy" />
      ) : (
        <span class="no-picture" />
      )}
      <span>
        {incidentLine(part)}
        <br />
        <span class="quiet">{when}</span>
        {clip.state === 'ready' && (
          <>
            <br />
            <a class="chip" href={clip.url} target="_blank" rel="noreferrer">
              {words.clip}
            </a>
          </>
        )}
      </span>
    </>
  )
}

const SOON_MS = 2_000

/** At the beginning a plug was on or off; afterwards it was switched. */
function stateWords({ on, powerMw, at }: IncidentDetail['plugs'][number], openedAt: number): string {
  const state = on ? words.on : words.off
  const watts = on && powerMw !== null ? `, ${words.watts((powerMw / MILLI).toFixed(0))}` : ''
  return (at - openedAt > SOON_MS ? words.switched(state) : state) + watts
}
