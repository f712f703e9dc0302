import { useEffect, useMemo } from 'preact/hooks'
import * as client from '../../client-alerts.ts'
import { Deliveries } from '../../parts/deliveries.tsx'
import { Section } from '../../parts/page.tsx'
import { WhyOrWhyNot } from './why-or-why-not.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { listen } from '../../stream.ts'
import { delivery } from '../../text/delivery.ts'
import type { ToldNotice } from '../../wire-alerts.ts'

const words = delivery.told
const MOST = 20

/** Everybody who heard of an incident, and what became of it. */
export default function WhoWasTold({ id }: { id: string }) {
  const told = useMemo(
    () => createResource(async () => (await client.readTold({ incident: id }, MOST)).notices, { kept: false }),
    [id],
  )
  useResource(told)
  useEffect(() => listen('incident.changed', (incident) => incident.id === id && void told.load()), [told, id])
  return (
    <Section title={words.whoWasTold}>
      <Loaded of={told} skeleton={<Skeleton shape="row" count={2} />}>
        {(notices) =>
          notices.length === 0 ? (
            <p class="quiet">{words.nobody}</p>
          ) : (
            <>
              {notices.map((notice) => (
                <OneState key={notice.id} of={notice} alone={notices.length === 1} />
              ))}
            </>
          )
        }
      </Loaded>
      <WhyOrWhyNot id={id} turn={told.data.value?.length ?? 0} />
    </Section>
  )
}

/** What was told at once; with its words where the incident was told of more than once. */
function OneState({ of: notice, alone }: { of: ToldNotice; alone: boolean }) {
  return (
    <div class="stack">
      {!alone && <h3>{notice.title}</h3>}
      <p class="quiet">{notice.reason}</p>
      <Deliveries list={notice.deliveries} />
    </div>
  )
}
