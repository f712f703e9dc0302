import { Button } from '../../parts/button.tsx'
import { RecoveryCodes } from '../../parts/recovery-codes.tsx'
import { t } from '../../text/index.ts'
import { changeDraft, draft } from './draft.ts'
import { Question } from './question.tsx'
import type { StepProps } from './question.tsx'

export function RecoveryStep({ onNext }: StepProps) {
  const codes = draft.value.recoveryCodes
  if (!codes) return null
  return (
    <div class="form">
      <Question step="recovery" />
      <RecoveryCodes codes={codes} />
      <Button
        look="main"
        wide
        onPress={() => {
          onNext()
          changeDraft({ recoveryCodes: null })
        }}
      >
        {t.setup.recovery.kept}
      </Button>
    </div>
  )
}
