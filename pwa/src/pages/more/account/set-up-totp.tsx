import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../../../client.ts'
import { Button } from '../../../parts/button.tsx'
import { plainCode } from '../../../parts/code-field.tsx'
import { EnrolmentFields } from '../../../parts/enrolment.tsx'
import { useTask } from '../../../parts/form.ts'
import { RecoveryCodes } from '../../../parts/recovery-codes.tsx'
import { Sheet } from '../../../parts/sheet.tsx'
import { ErrorNote, Skeleton } from '../../../parts/states.tsx'
import { checkSession } from '../../../state/session.ts'
import { showToast } from '../../../state/toasts.ts'
import { own } from '../../../text/account.ts'
import type { TotpEnrolment } from '../../../wire.ts'

const words = own.account

/** The first authenticator app, or another in its place: nothing changes until its first code is right. */
export function SetUpTotp({ replaces, onClose }: { replaces: boolean; onClose: () => void }) {
  const enrolment = useSignal<TotpEnrolment | null>(null)
  const code = useSignal('')
  const codes = useSignal<readonly string[]>([])
  const task = useTask()
  const begin = async () => {
    const begun = await task.run(async () => void (enrolment.value = await client.beginTotp()))
    // Who does not want to show that it is them has nothing to do here.
    if (!begun && !task.error.value) onClose()
  }
  useEffect(() => void begin(), [])
  const finish = (ticket: string) =>
    task.run(async () => {
      const { recoveryCodes } = await client.enrolTotp({ ticket, code: plainCode(code.value) })
      await checkSession()
      showToast({ tone: 'done', text: words.ready })
      if (recoveryCodes.length > 0) codes.value = recoveryCodes
      else onClose()
    })
  const begun = enrolment.value
  return (
    <Sheet title={replaces ? words.replaceOf : words.setUpOf} onClose={onClose}>
      {codes.value.length > 0 ? (
        <div class="form">
          <p class="lead">{own.signIn.codesLead}</p>
          <RecoveryCodes codes={codes.value} />
          <Button look="main" wide onPress={onClose}>
            {own.signIn.kept}
          </Button>
        </div>
      ) : (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault()
            if (begun) void finish(begun.ticket)
          }}
        >
          <p class="lead">
            {words.enrolLead} {replaces && words.replaceLead}
          </p>
          {begun ? (
            <EnrolmentFields enrolment={begun} code={code.value} onCode={(value) => (code.value = value)} />
          ) : (
            !task.error.value && <Skeleton shape="card" />
          )}
          {task.error.value && (
            <ErrorNote error={task.error.value} {...(begun ? {} : { onRetry: () => void begin() })} />
          )}
          {begun && (
            <Button type="submit" look="main" wide busy={task.busy.value}>
              {own.enrol.next}
            </Button>
          )}
        </form>
      )}
    </Sheet>
  )
}
