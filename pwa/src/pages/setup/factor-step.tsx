import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { EnrolmentFields } from '../../parts/enrolment.tsx'
import { useTask } from '../../parts/form.ts'
import { guessCurrency, guessTimeZone } from '../../parts/guess.ts'
import { TaskForm } from '../../parts/task-form.tsx'
import { asClientError } from '../../client-error.ts'
import { checkSession } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { begunTooLongAgo, changeDraft, draft, password } from './draft.ts'
import { Question } from './question.tsx'
import type { StepProps } from './question.tsx'

/** Ends with the account made and signed in, so that nothing after it can lose it. */
export function FactorStep({ onGo }: StepProps) {
  const code = useSignal('')
  const task = useTask()
  const totp = draft.value.totp
  if (!totp) return null
  const finish = () =>
    task.run(async () => {
      const reply = await client
        .finishSetup({
          setupCode: draft.value.setupCode,
          code: code.value.replaceAll(' ', ''),
          homeName: t.setup.home.guess,
          timeZone: guessTimeZone(),
          currency: guessCurrency(navigator.languages),
        })
        .catch(goBackWhenForgotten)
      changeDraft({ recoveryCodes: reply.recoveryCodes, totp: null, setupCode: '' })
      password.value = ''
      await checkSession()
      onGo('recovery')
    })
  return (
    <TaskForm task={task} send={t.setup.next} onSubmit={() => void finish()}>
      <Question step="factor" />
      <EnrolmentFields
        enrolment={{ totpSecret: totp.secret, totpUri: totp.uri }}
        code={code.value}
        onCode={(value) => (code.value = value)}
      />
    </TaskForm>
  )
}

/** Without its first step the box cannot finish: the page then asks for it again, and says why. */
function goBackWhenForgotten(failure: unknown): never {
  const error = asClientError(failure)
  if (error.code === 'SETUP_NOT_BEGUN') {
    begunTooLongAgo.value = true
    changeDraft({ totp: null })
  }
  throw error
}
