import { useEffect, useMemo } from 'preact/hooks'
import * as client from '../../client-rules.ts'
import { clockTimeWithSeconds } from '../../format.ts'
import { timeZone } from '../../state/home.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { rulesWords } from '../../text/rules.ts'
import type { AlertDecision } from '../../wire-rules.ts'

const words = rulesWords.decisions
/** A rule about something else says nothing about this. */
const BESIDE = new Set(['other-class', 'other-camera', 'told-already'])

/** What came of each rule, folded away: why somebody was told, why not. `turn` changes when something was told. */
export function WhyOrWhyNot({ id, turn }: { id: string; turn: number }) {
  const decisions = useMemo(() => createResource(() => client.readDecisions(id), { kept: false }), [id])
  useResource(decisions)
  useEffect(() => void (turn > 0 && decisions.load()), [decisions, turn])
  const list = (decisions.data.value ?? []).filter(({ code }) => !BESIDE.has(code))
  if (list.length === 0) return null
  return (
    <details class="fold">
      <summary>{words.title}</summary>
      <ol class="rows">
        {list.map((each) => (
          <li key={`${String(each.at)}${each.rule}`}>
            <One of={each} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function One({ of: { at, outcome, reason, rule, people } }: { of: AlertDecision }) {
  const who = people.length > 0 ? words.told(new Intl.ListFormat('en').format(people)) : words.outcomes[outcome]
  return (
    <span class="row-words">
      <span>
        {clockTimeWithSeconds(at, timeZone.value)} · {who}
      </span>
      <span class="quiet">{reason}</span>
      <span class="quiet">{words.rule(rule)}</span>
    </span>
  )
}
