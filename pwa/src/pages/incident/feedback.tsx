import { Icon } from '../../parts/icon.tsx'
import type { IconName } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { dayAndTime } from '../../format.ts'
import { timeZone } from '../../state/home.ts'
import { t } from '../../text/index.ts'
import type { Incident, IncidentFeedback } from '../../wire.ts'
import type { Say } from './say.ts'

const words = t.incidents.detail
export const CHOICES = [
  ['expected', 'thumb'],
  ['false', 'close'],
  ['threat', 'alert'],
  ['unsure', 'question'],
] as const satisfies readonly (readonly [IncidentFeedback, IconName])[]

/** What it was, in one tap; ten seconds to take it back, and any time by a second tap. */
export function Feedback({ incident, say }: { incident: Incident; say: Say }) {
  const { feedback, reviewedAt, reviewedBy } = incident
  return (
    <Section title={words.feedbackTitle}>
      <div class="choices" role="group" aria-label={words.feedbackTitle}>
        {CHOICES.map(([choice, icon]) => (
          <button
            key={choice}
            type="button"
            class={`choice is-${choice}`}
            aria-pressed={feedback === choice}
            onClick={() => {
              const next = feedback === choice ? null : choice
              void say({ feedback: next }, next ? words.marked[next] : words.unmarked)
            }}
          >
            <Icon name={icon} />
            {words.feedback[choice]}
          </button>
        ))}
      </div>
      <p class="quiet">
        {reviewedAt !== null && reviewedBy
          ? words.by(reviewedBy.name ?? words.somebody, dayAndTime(reviewedAt, Date.now(), timeZone.value))
          : words.feedbackHint}{' '}
        <a class="inline" href="/incidents/learned">
          {t.incidents.learned}
        </a>
      </p>
    </Section>
  )
}
