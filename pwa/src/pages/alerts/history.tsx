import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { clockTime, dayKey, dayName } from '../../format.ts'
import { Deliveries } from '../../parts/deliveries.tsx'
import { Icon } from '../../parts/icon.tsx'
import { ListFoot } from '../../parts/list-foot.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, ErrorNote, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { may } from '../../state/session.ts'
import { resyncs } from '../../stream.ts'
import { delivery } from '../../text/delivery.ts'
import type { ToldNotice } from '../../wire-alerts.ts'
import { NotAllowed } from '../more/not-allowed.tsx'
import { told } from './history-list.ts'
import '../people/people.css'
import './alerts.css'

const words = delivery.told

export default function History() {
  const allowed = may('incidents.view')
  useEffect(() => {
    if (allowed) void told.readFirst()
  }, [allowed, resyncs.value])
  return (
    <Page title={words.title} back={{ href: '/more/notifications', label: words.back }} class="is-reading">
      {allowed ? <List /> : <NotAllowed />}
    </Page>
  )
}

function List() {
  const { failure } = told
  const list = told.items.value
  return (
    <>
      <p class="lead">{words.lead}</p>
      {failure.value && <ErrorNote error={failure.value} onRetry={() => void told.readFirst()} />}
      {list === null ? (
        !failure.value && <Skeleton shape="row" count={8} />
      ) : list.length === 0 ? (
        <Empty icon="bell" {...words.empty} />
      ) : (
        <Days list={list} />
      )}
    </>
  )
}

function Days({ list }: { list: readonly ToldNotice[] }) {
  const zone = timeZone.value
  return (
    <>
      {[...Map.groupBy(list, ({ at }) => dayKey(at, zone))].map(([key, ofDay]) => (
        <section class="day" key={key}>
          <h2>{dayName(ofDay[0]?.at ?? 0, Date.now(), zone)}</h2>
          <ul class="record">
            {ofDay.map((notice) => (
              <li key={notice.id}>
                <Told of={notice} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <ListFoot of={told} words={words} />
    </>
  )
}

/** What went out, in its last state. */
const arrived = ({ deliveries }: ToldNotice): number => deliveries.filter(({ state }) => state === 'sent').length

function Told({ of: notice }: { of: ToldNotice }) {
  const open = useSignal(false)
  const failed = notice.deliveries.some(({ state }) => state === 'failed')
  const count = notice.deliveries.filter(({ state }) => state !== 'replaced' && state !== 'snoozed').length
  return (
    <details onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary class={failed ? 'is-WARNING' : undefined}>
        <Icon name={failed ? 'alert' : notice.kind === 'incident' ? 'incidents' : 'pulse'} />
        <span class="row-words">
          <span>{notice.title}</span>
          <span class="quiet">{count === 0 ? words.nobody : words.reached(arrived(notice), count)}</span>
        </span>
        <time dateTime={new Date(notice.at).toISOString()}>{clockTime(notice.at, timeZone.value)}</time>
      </summary>
      {open.value && (
        <div class="told">
          <p>{notice.body}</p>
          <p class="quiet">{`${words.why}: ${notice.reason}`}</p>
          <Deliveries list={notice.deliveries} />
          {notice.incidentId !== null && <a href={`/incidents/${notice.incidentId}`}>{words.open}</a>}
        </div>
      )}
    </details>
  )
}
