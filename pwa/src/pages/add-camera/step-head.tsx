import { Button } from '../../parts/button.tsx'
import { findingWords } from '../../text/finding.ts'

export interface StepHeadProps {
  title: string
  lead?: string
  onBack?: () => void
}

/** The heading of a step, which takes the focus, and the way back. */
export function StepHead({ title, lead, onBack }: StepHeadProps) {
  return (
    <header class="step-head">
      {onBack && (
        <Button look="quiet" icon="back" onPress={onBack}>
          {findingWords.back}
        </Button>
      )}
      <h2 tabIndex={-1}>{title}</h2>
      {lead && <p class="lead">{lead}</p>}
    </header>
  )
}
