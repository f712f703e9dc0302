import { useSignal } from '@preact/signals'
import * as client from '../../../client.ts'
import { Button } from '../../../parts/button.tsx'
import { CodeField, plainCode } from '../../../parts/code-field.tsx'
import { Field } from '../../../parts/field.tsx'
import { useTask } from '../../../parts/form.ts'
import { RecoveryCodes } from '../../../parts/recovery-codes.tsx'
import { Sheet } from '../../../parts/sheet.tsx'
import { TaskForm } from '../../../parts/task-form.tsx'
import { checkSession } from '../../../state/session.ts'
import { own } from '../../../text/account.ts'

const words = own.account

/** Where a passkey is the only second factor no code can be typed: the box then asks for the passkey itself. */
export function NewRecoveryCodes({ hasTotp, onClose }: { hasTotp: boolean; onClose: () => void }) {
  const password = useSignal('')
  const code = useSignal('')
  const codes = useSignal<readonly string[] | null>(null)
  const task = useTask()
  const make = () =>
    task.run(async () => {
      const typed = plainCode(code.value)
      const reply = await client.makeRecoveryCodes({ password: password.value, ...(typed ? { code: typed } : {}) })
      codes.value = reply.recoveryCodes
      await checkSession()
    })
  return (
    <Sheet title={words.recovery} onClose={onClose}>
      {codes.value ? (
        <div class="form">
          <p class="lead">{own.signIn.codesLead}</p>
          <RecoveryCodes codes={codes.value} />
          <Button look="main" wide onPress={onClose}>
            {own.signIn.kept}
          </Button>
        </div>
      ) : (
        <TaskForm task={task} send={words.makeOf} onSubmit={() => void make()}>
          <p class="lead">{words.makeLead}</p>
          <Field
            label={words.current}
            type="password"
            autocomplete="current-password"
            value={password.value}
            onInput={(value) => (password.value = value)}
          />
          {hasTotp && (
            <CodeField recovery label={words.code} value={code.value} onInput={(value) => (code.value = value)} />
          )}
        </TaskForm>
      )}
    </Sheet>
  )
}
