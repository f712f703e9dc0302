import { useEffect } from 'preact/hooks'
import { FactList } from '../../parts/fact-list.tsx'
import { Section } from '../../parts/page.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { updates } from '../../state/updates.ts'
import { listen } from '../../stream.ts'
import { up } from '../../text/updates.ts'
import type { UpdateOutcome, Updates as UpdatesData } from '../../wire-updates.ts'
import { Feed } from './feed.tsx'
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
