import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { dayKey, dayName } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { IncidentCard } from '../../parts/incident-card.tsx'
import { ListFoot } from '../../parts/list-foot.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, ErrorNote, Skeleton } from '../../parts/states.tsx'
import { cameras } from '../../state/cameras.ts'
import { timeZone } from '../../state/home.ts'
import { useResource } from '../../state/resource.ts'
import { resyncs } from '../../stream.ts'
import { t } from '../../text/index.ts'
import type { Incident } from '../../wire.ts'
import { Filters } from './filters.tsx'
import { atEnd, failure, filter, list, loading, readFirst, readMore, setFilter } from './list.ts'

export default function Incidents() {
  const { query } = useLocation()
  useResource(cameras)
  useEffect(() => {
    if (query.camera && query.camera !== filter.value.camera) setFilter({ camera: query.camera })
    else void readFirst()
  }, [resyncs.value, query.camera])
  return (
    <Page title={t.incidents.title}>
      {(list.value?.length !== 0 || isFiltered()) && <Filters />}
      {failure.value && <ErrorNote error={failure.value} onRetry={() => void readFirst()} />}
      {list.value === null ? (
        !failure.value && <Skeleton shape="card" count={6} />
      ) : list.value.length === 0 ? (
        <NothingHere />
      ) : (
        <Days incidents={list.value} />
      )}
    </Page>
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
                <IncidentCard incident={incident} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <ListFoot
        count={list.value?.length}
        loading={loading.value}
        atEnd={atEnd.value}
        words={t.incidents}
        readMore={readMore}
      />
    </>
  )
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
        <ButtonLink href="/cameras?add" look="main" icon="plus">
          {words.addCamera}
        </ButtonLink>
      )}
    </Empty>
  )
}

function isFiltered(): boolean {
  return Object.keys(filter.value).length > 0
}
