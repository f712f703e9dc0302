import { useEffect } from 'preact/hooks'
import * as client from '../../client-updates.ts'
import { Button } from '../../parts/button.tsx'
import { FactList } from '../../parts/fact-list.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { updates } from '../../state/updates.ts'
import { listen } from '../../stream.ts'
import { up } from '../../text/updates.ts'
import type { UpdateOutcome, Updates as UpdatesData } from '../../wire-updates.ts'
import { Step } from './step.tsx'
import { TakeIn } from './take-in.tsx'
import './updates.css'
import { whenOf } from './when.ts'

export default function Updates() {
  useResource(updates)
  useEffect(() => listen('updates.changed', (known) => updates.patch(() => known)), [])
  return (
    <Loaded of={updates} skeleton={<Skeleton shape="row" count={5} />}>
      {(known) => (
        <>
          {known.way === 'bundle' ? <Step known={known} /> : <Elsewhere way={known.way} />}
          <Runs known={known} />
          {known.way === 'bundle' && may('system.edit') && (
            <>
              <TakeIn known={known} />
              <Feed known={known} />
            </>
          )}
          {known.history.length > 0 && <History list={known.history} />}
        </>
      )}
    </Loaded>
  )
}

function Elsewhere({ way }: { way: 'package' | 'container' | 'source' }) {
  const { title, text, command } = up.elsewhere[way]
  return (
    <Note tone="info" title={title}>
      <p>{text}</p>
      <pre class="command">{command}</pre>
      <p>{up.elsewhereKept}</p>
    </Note>
  )
}

function Runs({ known: { version, slot, other } }: { known: UpdatesData }) {
  return (
    <Section title={up.runs}>
      <FactList
        rows={[
          [up.version, version],
          [up.system, slot && up.ofTwo(slot)],
          [up.other, other && up.otherHas(other.slot, other.version, other.good)],
        ]}
      />
    </Section>
  )
}

function Feed({ known: { feed, phase } }: { known: UpdatesData }) {
  const task = useTask()
  const act = (work: () => Promise<UpdatesData>) =>
    void task.run(async () => {
      const now = await work()
      updates.patch(() => now)
    })
  const isFree = ['idle', 'done', 'rolled-back'].includes(phase)
  return (
    <Section title={up.feed}>
      {feed.address === '' ? (
        <p class="quiet">{up.feedOff}</p>
      ) : (
        <>
          {feed.offered ? (
            <Note tone="info" title={up.offered(feed.offered.version)}>
              {feed.offered.notes && <p class="update-notes">{feed.offered.notes}</p>}
              {isFree && (
                <Button look="main" busy={task.busy.value} onPress={() => act(client.fetchOffered)}>
                  {up.fetch}
                </Button>
              )}
            </Note>
          ) : (
            <p class="quiet">{feed.problem === null ? up.feedNone : up.feedProblem(feed.problem)}</p>
          )}
          <p class="quiet">
            {feed.checkedAt !== null && `${up.feedChecked(whenOf(feed.checkedAt))} `}
            {feed.atNight && up.feedNight}
          </p>
          {task.error.value && <ErrorNote error={task.error.value} />}
          <Button busy={task.busy.value} onPress={() => act(client.checkFeed)}>
            {up.ask}
          </Button>
        </>
      )}
    </Section>
  )
}

function History({ list }: { list: readonly UpdateOutcome[] }) {
  return (
    <Section title={up.history}>
      <ul class="update-history">
        {list.map(({ at, from, to, outcome, reason, lost }) => (
          <li key={at}>
            <span>
              {up.fromTo(from, to)}, {up.outcome[outcome] ?? outcome}
            </span>
            <span class="quiet">{[whenOf(at), reason, lost].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
