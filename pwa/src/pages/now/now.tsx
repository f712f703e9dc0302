import { useComputed } from '@preact/signals'
import { watts } from '../../format.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { DayLine } from '../../parts/day-line.tsx'
import { Icon } from '../../parts/icon.tsx'
import { IncidentCard } from '../../parts/incident-card.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { Still } from '../../parts/still.tsx'
import { cameras } from '../../state/cameras.ts'
import { home, timeZone } from '../../state/home.ts'
import { newest } from '../../state/incidents.ts'
import { health } from '../../state/notices.ts'
import { nowMs } from '../../state/now.ts'
import { plugs, totalWatts } from '../../state/plugs.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { ModeSwitch } from './mode-switch.tsx'
import { Notices } from './notices.tsx'
import { nowSentence } from './sentence.ts'
import type { Mood } from './sentence.ts'

export default function Now() {
  useResource(cameras)
  useResource(newest)
  useResource(plugs)
  useResource(health)
  return (
    <Page title={t.now.title} heading={<Answer />} class="now">
      {may('incidents.view') && <ModeSwitch />}
      <Notices />
      {may('cameras.view') && <CameraStrip />}
      {may('incidents.view') && <Recent />}
      {may('devices.view') && <Power />}
    </Page>
  )
}

/** The first glance. While it is being found out it says so, rather than "quiet". */
function Answer() {
  const sentence = useComputed(() => {
    const failed = [cameras, newest].some((each) => each.error.value?.status === 0)
    if (!failed && (cameras.data.value === null || newest.data.value === null)) return null
    return nowSentence({
      reachable: !failed,
      cameras: cameras.data.value ?? [],
      incidents: newest.data.value?.incidents ?? [],
      notices: health.data.value?.notices ?? [],
      now: nowMs.value,
      timeZone: timeZone.value,
    })
  })
  const { mood, first, second } = sentence.value ?? { mood: 'unknown' as Mood, first: t.now.checking, second: '' }
  return (
    <span class={`answer is-${mood}`}>
      <span class="answer-home">{home.data.value?.homeName ?? t.shell.product}</span>
      <span class="answer-first">
        <span class="ember" aria-hidden="true" />
        {first}
      </span>
      {second && <span class="answer-second">{second}</span>}
    </span>
  )
}

function CameraStrip() {
  return (
    <Section title={t.now.cameras}>
      <Loaded of={cameras} skeleton={<StripToCome />}>
        {(list) =>
          list.length === 0 ? (
            may('cameras.edit') && (
              <ButtonLink href="/cameras/add" look="main" icon="plus">
                {t.cameras.add}
              </ButtonLink>
            )
          ) : (
            <ul class="strip">
              {list.map((camera) => (
                <li key={camera.id}>
                  <a href={`/cameras/${camera.id}`}>
                    <Still camera={camera} />
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}

/** As high as the pictures that come, so that nothing below moves. */
function StripToCome() {
  return (
    <div class="strip">
      <Skeleton shape="picture" />
      <Skeleton shape="picture" />
    </div>
  )
}

function Recent() {
  const all = (
    <a class="section-link" href="/incidents">
      {t.now.all}
      <Icon name="next" />
    </a>
  )
  return (
    <Section title={t.now.recent} aside={all}>
      <DayLine />
      <Loaded of={newest} skeleton={<Skeleton shape="card" count={3} />}>
        {({ incidents }) =>
          incidents.length === 0 ? (
            <p class="quiet">{t.incidents.empty.text}</p>
          ) : (
            <ul class="recent">
              {incidents.map((incident) => (
                <li key={incident.id}>
                  <IncidentCard incident={incident} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}

function Power() {
  const list = plugs.data.value
  if (plugs.error.value && list === null)
    return <ErrorNote error={plugs.error.value} onRetry={() => void plugs.load()} />
  if (!list || list.length === 0) return null
  const silent = list.filter(({ reachable }) => !reachable).length
  const on = list.filter((plug) => plug.reachable && plug.on).length
  return (
    <Section title={t.now.power}>
      <a class="power" href="/plugs">
        <span class="power-watts">
          {totalWatts.value === null ? '–' : watts(totalWatts.value)} <small>{t.plugs.watts}</small>
        </span>
        <span class="power-words">
          <span>{t.now.plugsOn(on, list.length)}</span>
          {silent > 0 && <span class="quiet">{t.now.unreachable(silent)}</span>}
        </span>
        <Icon name="next" />
      </a>
    </Section>
  )
}
