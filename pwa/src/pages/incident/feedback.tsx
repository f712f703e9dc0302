import * as client from '../../client.ts'
import { asClientError } from '../../client-error.ts'
import { Icon } from '../../parts/icon.tsx'
import type { IconName } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { showFailure, showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { IncidentFeedback } from '../../wire.ts'

const words = t.incidents.detail
const CHOICES = [
  ['expected', 'thumb'],
  ['false', 'close'],
  ['threat', 'alert'],
] as const satisfies readonly (readonly [IncidentFeedback, IconName])[]

export interface FeedbackProps {
  id: string
  feedback: IncidentFeedback | null
  /** Shows a mark at once; called again with the old one when the box refuses. */
  onMark: (feedback: IncidentFeedback | null) => void
}

/** What it was, in one tap; ten seconds to take it back, and any time by a second tap. */
export function Feedback({ id, feedback, onMark }: FeedbackProps) {
  const mark = async (next: IncidentFeedback | null, before: IncidentFeedback | null) => {
    onMark(next)
    try {
      await client.reviewIncident(id, next)
      const text = next ? words.marked[next] : words.unmarked
      showToast({ tone: 'done', text, action: { label: t.shell.undo, run: () => void mark(before, next) } })
    } catch (error) {
      onMark(before)
      showFailure(asClientError(error))
    }
  }
  return (
    <Section title={words.feedbackTitle}>
      <div class="choices" role="group" aria-label={words.feedbackTitle}>
        {CHOICES.map(([choice, icon]) => (
          <button
            key={choice}
            type="button"
            class={`choice is-${choice}`}
            aria-pressed={feedback === choice}
            onClick={() => void mark(feedback === choice ? null : choice, feedback)}
          >
            <Icon name={icon} />
            {words.feedback[choice]}
          </button>
        ))}
      </div>
      <p class="quiet">{words.feedbackHint}</p>
    </Section>
  )
}
