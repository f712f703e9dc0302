import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { dayKey, dayName } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { DayLine } from '../../parts/day-line.tsx'
import { Icon } from '../../parts/icon.tsx'
import { IncidentCard } from '../../parts/incident-card.tsx'
import { ListFoot } from '../../parts/list-foot.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, ErrorNote, Note, Skeleton } from '../../parts/states.tsx'
import { cameras } from '../../state/cameras.ts'
import { timeZone } from '../../state/home.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { resyncs } from '../../stream.ts'
import { t } from '../../text/index.ts'
import type { Incident } from '../../wire.ts'
import { Filters } from './filters.tsx'
import { SearchField } from './search-field.tsx'
import { SelectionBar } from './selection.tsx'
import '../../styles/review.css'
import { filter, list, pages, preparing, selection, setFilter, toggleSelected } from './list.ts'

export default function Incidents() {
  const { query } = useLocation()
  const { failure } = pages
  useResource(cameras)
  useEffect(() => () => void (selection.value = null), [])
  useEffect(() => {
    if (query.camera && query.camera !== filter.value.camera) setFilter({ camera: query.camera })
    else void pages.readFirst()
  }, [resyncs.value, query.camera])
  return (
    <Page title={t.incidents.title} actions={<Actions />}>
      {(list.value?.length !== 0 || isFiltered()) && (
        <>
          <SearchField />
          <Filters />
          {isFiltered() ? preparing.value && <Note tone="info">{t.incidents.preparing}</Note> : <DayLine />}
        </>
      )}
      {failure.value && <ErrorNote error={failure.value} onRetry={() => void pages.readFirst()} />}
      {list.value === null ? (
        !failure.value && <Skeleton shape="card" count={6} />
      ) : list.value.length === 0 ? (
        <NothingHere />
      ) : (
        <Days incidents={list.value} />
      )}
      {selection.value && <SelectionBar />}
    </Page>
  )
}

/** Choosing many to mark at once, and looking back over weeks. */
function Actions() {
  const choosing = selection.value !== null
  return (
    <>
      <a class="icon-button" href="/incidents/heat" aria-label={t.incidents.heat} title={t.incidents.heat}>
        <Icon name="heat" />
      </a>
      {may('incidents.review') && list.value?.length !== 0 && (
        <Button look="quiet" onPress={() => (selection.value = choosing ? null : new Set())}>
          {choosing ? t.incidents.select.end : t.incidents.select.begin}
        </Button>
      )}
    </>
  )
}

function Days({ incidents }: { incidents: readonly Incident[] }) {
  const zone = timeZone.value
  const days = Map.groupBy(incidents, ({ openedAt }) => dayKey(openedAt, zone))
  return (
    <>
      {[...days].map(([key, ofDay]) => (
        <section class="day" key={key}>
          <h2>{dayName(ofDay[0]?.openedAt ?? 0, Date.now(), zone)}</h2>
          <ul class="incidents">
            {ofDay.map((incident) => (
              <li key={incident.id}>
                <IncidentCard incident={incident} {...choiceOf(incident)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <ListFoot of={pages} words={t.incidents} />
    </>
  )
}

function choiceOf({ id }: Incident) {
  const chosen = selection.value
  return chosen ? { choice: { chosen: chosen.has(id), onToggle: () => toggleSelected(id) } } : {}
}

function NothingHere() {
  const words = t.incidents.empty
  if (isFiltered()) {
    return (
      <Empty icon="incidents" title={words.title} text={words.filtered}>
        <Button onPress={() => setFilter({})}>{words.clear}</Button>
      </Empty>
    )
  }
  return (
    <Empty icon="incidents" title={words.title} text={words.text}>
      {cameras.data.value?.length === 0 && (
        <ButtonLink href="/cameras/add" look="main" icon="plus">
          {words.addCamera}
        </ButtonLink>
      )}
    </Empty>
  )
}

function isFiltered(): boolean {
  return Object.keys(filter.value).length > 0
}
