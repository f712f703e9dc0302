import { t } from '../../text/index.ts'
import type { Step } from './steps.ts'

export interface StepProps {
  /** Goes to the next step. */
  onNext: () => void
  onGo: (step: Step) => void
}

/** The heading of a step and the line under it. */
export function Question({ step }: { step: Step | 'ready' }) {
  const { title, lead } = t.setup[step]
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="lead">{lead}</p>
    </>
  )
}
