import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { asClientError } from '../../client-error.ts'
import { Button } from '../../parts/button.tsx'
import { EnrolmentFields } from '../../parts/enrolment.tsx'
import { useTask } from '../../parts/form.ts'
import { TaskForm } from '../../parts/task-form.tsx'
import { own } from '../../text/account.ts'
import { t } from '../../text/index.ts'
import { begunTooLongAgo, bodyOf, trust } from './accept.ts'
import { changeDraft, draft, password } from './draft.ts'
import type { InviteDraft } from './draft.ts'
import { Screen } from './screen.tsx'

const words = own.invite

interface FactorStepProps {
  enrolment: NonNullable<InviteDraft['enrolment']>
  onJoined: (recoveryCodes: readonly string[]) => Promise<void>
  onBack: () => void
}

export function FactorStep({ enrolment, onJoined, onBack }: FactorStepProps) {
  const code = useSignal('')
  const task = useTask()
  const finish = () =>
    task.run(async () => {
      const factor = { ticket: enrolment.ticket, code: code.value.replaceAll(/\s/g, '') }
      try {
        const { recoveryCodes } = await client.acceptInvitation({
          ...bodyOf(draft.value, password.value, trust.value),
          ...factor,
        })
        await onJoined(recoveryCodes)
      } catch (failure) {
        // Too old: the next try begins with another picture.
        if (asClientError(failure).code !== 'ENROLMENT_EXPIRED') throw failure
        begunTooLongAgo.value = true
        changeDraft({ enrolment: null })
        onBack()
      }
    })
  return (
    <Screen title={words.factorTitle}>
      <p class="lead">{words.factorLead}</p>
      <TaskForm
        task={task}
        send={words.join}
        onSubmit={() => void finish()}
        after={
          <Button look="quiet" wide onPress={onBack}>
            {t.shell.back}
          </Button>
        }
      >
        <EnrolmentFields enrolment={enrolment} code={code.value} onCode={(value) => (code.value = value)} />
      </TaskForm>
    </Screen>
  )
}
