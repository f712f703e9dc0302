import { clockTime } from '../format.ts'
import { timeZone } from '../state/home.ts'
import { t } from '../text/index.ts'
import type { Incident } from '../wire.ts'
import { Icon } from './icon.tsx'
import { whatWasSeen } from './incident-words.ts'
import { RiskBadge } from './risk-badge.tsx'

/** The card is a box to tick, rather than a link. */
export interface CardChoice {
  chosen: boolean
  onToggle: () => void
}

/** Picture first, then a line. */
export function IncidentCard({ incident, choice }: { incident: Incident; choice?: CardChoice }) {
  const inside = <Inside incident={incident} />
  if (!choice)
    return (
      <a class="incident-card" href={`/incidents/${incident.id}`}>
        {inside}
      </a>
    )
  return (
    <label class="incident-card is-choice">
      {inside}
      <input type="checkbox" checked={choice.chosen} onChange={choice.onToggle} />
    </label>
  )
}

function Inside({ incident }: { incident: Incident }) {
  const time = clockTime(incident.openedAt, timeZone.value)
  return (
    <>
      <div class="incident-picture">
        {incident.snapshot ? (
          <Snapshot snapshot={incident.snapshot} />
        ) : (
          <span class="still-nothing">
            <Icon name="frame" />
            <span>{t.incidents.noSnapshot}</span>
          </span>
        )}
        {incident.state === 'open' && <span class="badge is-live">{t.incidents.open}</span>}
      </div>
      <div class="incident-words">
        <p class="incident-what">
          {whatWasSeen(incident)}
          {incident.reviewedAt === null && <span class="unseen" aria-hidden="true" />}
          {incident.starred && <Icon name="star" label={t.incidents.starred} />}
        </p>
        <p class="incident-where">
          <span>{incident.camera.name}</span>
          <time dateTime={new Date(incident.openedAt).toISOString()}>{time}</time>
        </p>
        <p class="badges">
          <RiskBadge risk={incident.risk} />
          {incident.feedback && (
            <span class={`badge is-${incident.feedback}`}>{t.incidents.reviewedMark[incident.feedback]}</span>
          )}
        </p>
      </div>
    </>
  )
}

/** Cut to the card, with what was seen kept in sight. */
function Snapshot({ snapshot }: { snapshot: NonNullable<Incident['snapshot']> }) {
  const seen = snapshot.boxes[0]?.box
  const percent = (share: number) => `${String(Math.round(share * 100))}%`
  const focus = seen ? `${percent(seen.x + seen.width / 2)} ${percent(seen.y + seen.height / 2)}` : '50% 50%'
  return (
    <img
      src={snapshot.url}
      alt=""
      loading="lazy"
      width={snapshot.width}
      height={snapshot.height}
      style={{ objectPosition: focus }}
    />
  )
}
