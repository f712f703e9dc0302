import { useSignal } from '@preact/signals'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { t } from '../../text/index.ts'
import { changeDraft, codeRefusal, draft } from './draft.ts'
import { Question } from './question.tsx'
import type { StepProps } from './question.tsx'

export function CodeStep({ onNext }: StepProps) {
  const code = useSignal(draft.value.setupCode)
  const error = useSignal(codeRefusal.value)
  const submit = () => {
    const typed = code.value.trim().toUpperCase()
    error.value = typed.length < 4 ? t.setup.code.missing : undefined
    if (error.value) return
    codeRefusal.value = undefined
    changeDraft({ setupCode: typed })
    onNext()
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Question step="code" />
      <Field
        code
        label={t.setup.code.label}
        hint={t.setup.code.hint}
        value={code.value}
        error={error.value}
        maxLength={32}
        onInput={(value) => (code.value = value)}
      />
      <Button type="submit" look="main" wide>
        {t.setup.next}
      </Button>
    </form>
  )
}
