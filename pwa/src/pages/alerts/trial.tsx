import { useSignal } from '@preact/signals'
import * as client from '../../client-rules.ts'
import { dayAndTime } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { ErrorNote } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { rulesWords } from '../../text/rules.ts'
import type { AlertRuleBody, AlertRuleTrial } from '../../wire-rules.ts'

const words = rulesWords.trial
const SHOWN = 6

/** What the rule would have told last week, before it is saved. */
export function Trial({ rule }: { rule: AlertRuleBody }) {
  const task = useTask()
  const found = useSignal<{ of: string; trial: AlertRuleTrial } | null>(null)
  const now = JSON.stringify(rule)
  const ask = () => task.run(async () => void (found.value = { of: now, trial: await client.tryRule(rule) }))
  // What was found for another rule is no answer to this one.
  const shown = found.value?.of === now ? found.value.trial : null
  return (
    <>
      <Button icon="search" busy={task.busy.value} onPress={() => void ask()}>
        {words.ask}
      </Button>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div role="status">{shown && <Result of={shown} />}</div>
    </>
  )
}

function Result({ of: { told, toldCount, looked, complete, notTold } }: { of: AlertRuleTrial }) {
  const list = told.slice(0, SHOWN)
  return (
    <div class="trial">
      <p>
        <strong>{toldCount === 0 ? words.none : words.told(toldCount)}</strong>
      </p>
      {list.length > 0 && (
        <ul class="trial-list">
          {list.map(({ incidentId, at, title, pictureUrl }) => (
            <li key={incidentId}>
              <a href={`/incidents/${incidentId}`}>
                {pictureUrl ? <img src={pictureUrl} alt="" loading="lazy" /> : <span class="trial-none" />}
                <span class="row-words">
                  <span>{title}</span>
                  <span class="quiet">{dayAndTime(at, Date.now(), timeZone.value)}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      {toldCount > list.length && <p class="quiet">{words.more(toldCount - list.length)}</p>}
      <p class="quiet">
        {words.looked(looked)} {!complete && words.notAll}
      </p>
      {notTold.length > 0 && (
        <details class="fold">
          <summary>{words.silent}</summary>
          <ul class="stack">
            {notTold.map(({ code, words: why, count }) => (
              <li key={code}>
                {why} <span class="quiet">{words.times(count)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
