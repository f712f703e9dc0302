import { useSignal } from '@preact/signals'
import { lazy, useRoute } from 'preact-iso'
import { useEffect, useMemo } from 'preact/hooks'
import * as client from '../../client.ts'
import { clockTimeWithSeconds, dayName, lasting } from '../../format.ts'
import { Boxes, snapshotBoxes } from '../../parts/boxes.tsx'
import { incidentLine } from '../../parts/incident-words.ts'
import { Page, Section } from '../../parts/page.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { listen } from '../../stream.ts'
import { t } from '../../text/index.ts'
import type { IncidentDetail } from '../../wire.ts'
import { Clip } from './clip.tsx'
import { Feedback } from './feedback.tsx'
import { Notes } from './notes.tsx'
import { Reviews } from './reviews.tsx'
import { sayOf } from './say.ts'
import { Star } from './star.tsx'
import { Ways } from './ways.tsx'
import { Why } from './why.tsx'
import '../../styles/review.css'

const WhoWasTold = lazy(() => import('./who-was-told.tsx'))

const words = t.incidents.detail
const BACK = { href: '/incidents', label: t.incidents.title }

export default function Incident() {
  const { params } = useRoute()
  const id = params.id ?? ''
  return <OneIncident key={id} id={id} />
}

function OneIncident({ id }: { id: string }) {
  const detail = useMemo(() => createResource(() => client.readIncident(id), { kept: false }), [id])
  useResource(detail)
  useEffect(
    () =>
      listen('incident.changed', (incident) => {
        if (incident.partOf === id) return void detail.load()
        if (incident.id !== id) return
        const judgedAnew = incident.risk?.score !== detail.data.value?.risk?.score
        detail.patch((known) => ({ ...known, ...incident }))
        // The way things took through the picture, and the reasons, do not travel on the stream.
        if (incident.clip.state === 'ready' || judgedAnew) void detail.load()
      }),
    [detail, id],
  )
  const incident = detail.data.value
  const say = useMemo(() => sayOf(detail), [detail])
  const star = incident && may('incidents.review') && <Star starred={incident.starred} say={say} />
  return (
    <Page title={incident ? incidentLine(incident) : words.title} back={BACK} actions={star} class="incident">
      <Loaded
        of={detail}
        skeleton={
          <>
            <Skeleton shape="picture" />
            <Skeleton shape="row" count={3} />
          </>
        }
      >
        {(known) => (
          <div class="incident-columns">
            <Seen incident={known} />
            <div>
              {may('incidents.review') && <Feedback incident={known} say={say} />}
              <Why incident={known} />
              <Facts incident={known} />
              <Ways incident={known} />
              <Notes notes={known.notes} say={say} readOnly={!may('incidents.review')} />
              <Reviews id={id} count={known.reviewCount} />
              <WhoWasTold id={id} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

type View = 'clip' | 'picture'

/** Clip or picture, each with its boxes. The clip as soon as there is one. */
function Seen({ incident }: { incident: IncidentDetail }) {
  const { clip, snapshot } = incident
  const chosen = useSignal<View | null>(null)
  const boxesShown = useSignal(true)
  const view: View = chosen.value ?? (clip.state === 'ready' ? 'clip' : 'picture')
  return (
    <div class="seen-area">
      {view === 'clip' && clip.state === 'ready' ? (
        <Clip incident={incident} clip={clip} boxesShown={boxesShown.value} />
      ) : snapshot ? (
        <div class="seen">
          <img
            src={snapshot.url}
            width={snapshot.width}
            height={snapshot.height}
            alt={words.pictureOf(incidentLine(incident))}
          />
          {boxesShown.value && <Boxes boxes={snapshotBoxes(incident)} />}
        </div>
      ) : (
        <Note tone="info">
          <p>{t.incidents.noSnapshot}</p>
        </Note>
      )}
      <div class="chips">
        {clip.state === 'ready' &&
          (['clip', 'picture'] as const).map((each) => (
            <button
              key={each}
              type="button"
              class="chip"
              aria-pressed={view === each}
              onClick={() => (chosen.value = each)}
            >
              {words[each]}
            </button>
          ))}
        <button
          type="button"
          class="chip"
          aria-pressed={boxesShown.value}
          onClick={() => (boxesShown.value = !boxesShown.value)}
        >
          {words.boxes}
        </button>
        {clip.state === 'ready' && (
          <a class="chip" href={clip.url} download={`lares-${incident.id}.mp4`}>
            {words.download}
          </a>
        )}
      </div>
      {clip.state === 'recording' && <p class="quiet">{words.recording}</p>}
      {clip.state === 'missing' && <p class="quiet">{words.missing(clip.reason)}</p>}
    </div>
  )
}

function Facts({ incident }: { incident: IncidentDetail }) {
  const zone = timeZone.value
  const { openedAt, lastSeenAt, state } = incident
  const day = dayName(openedAt, Date.now(), zone)
  return (
    <Section title={words.seen}>
      <dl class="facts">
        {incident.classes.map(({ class: kind, count, bestScore }) => (
          <div key={kind}>
            <dt>{count > 1 ? t.incidents.several[kind](count) : t.incidents.classes[kind]}</dt>
            <dd>{words.sure(Math.round(bestScore * 100))}</dd>
          </div>
        ))}
        <div>
          <dt>{words.camera}</dt>
          <dd>
            <a href={`/cameras/${incident.camera.id}`}>{incident.camera.name}</a>
          </dd>
        </div>
        <div>
          <dt>{words.when}</dt>
          <dd>{`${day}, ${clockTimeWithSeconds(openedAt, zone)}`}</dd>
        </div>
        <div>
          <dt>{words.duration}</dt>
          <dd>{state === 'open' ? words.still : lasting(lastSeenAt - openedAt)}</dd>
        </div>
      </dl>
    </Section>
  )
}
