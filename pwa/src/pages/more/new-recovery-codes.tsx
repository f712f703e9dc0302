import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { RecoveryCodes } from '../../parts/recovery-codes.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { checkSession } from '../../state/session.ts'
import { t } from '../../text/index.ts'

const words = t.more.account

export function NewRecoveryCodes({ onClose }: { onClose: () => void }) {
  const password = useSignal('')
  const code = useSignal('')
  const codes = useSignal<readonly string[] | null>(null)
  const task = useTask()
  const make = () =>
    task.run(async () => {
      const reply = await client.makeRecoveryCodes({ password: password.value, code: code.value.replaceAll(' ', '') })
      codes.value = reply.recoveryCodes
      await checkSession()
    })
  return (
    <Sheet title={words.recovery} onClose={onClose}>
      {codes.value ? (
        <div class="form">
          <p class="lead">{t.setup.recovery.lead}</p>
          <RecoveryCodes codes={codes.value} />
          <Button look="main" wide onPress={onClose}>
            {t.setup.recovery.kept}
          </Button>
        </div>
      ) : (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault()
            void make()
          }}
        >
          <p class="lead">{words.makeLead}</p>
          <Field
            label={words.current}
            type="password"
            autocomplete="current-password"
            value={password.value}
            onInput={(value) => (password.value = value)}
          />
          <Field
            code
            label={words.code}
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={16}
            value={code.value}
            onInput={(value) => (code.value = value)}
          />
          {task.error.value && <ErrorNote error={task.error.value} />}
          <Button type="submit" look="main" wide busy={task.busy.value}>
            {words.make}
          </Button>
        </form>
      )}
    </Sheet>
  )
}
