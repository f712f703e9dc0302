import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../client.ts'
import { createResource } from '../state/resource.ts'
import { sudoAsked } from '../state/sudo.ts'
import { own } from '../text/account.ts'
import type { SudoBody, SudoMethods } from '../wire.ts'
import { Button } from './button.tsx'
import { CodeField, plainCode } from './code-field.tsx'
import { Field } from './field.tsx'
import { useTask } from './form.ts'
import { answerPasskey, passkeysPossible } from './passkey.ts'
import { Sheet } from './sheet.tsx'
import { Loaded, Skeleton } from './states.tsx'
import { TaskForm } from './task-form.tsx'

const words = own.sudo
const methods = createResource(client.readSudoMethods)

/** Asks once more who it is, for what waits. Closing it means no, and nothing is done. */
export default function SudoSheet() {
  useEffect(() => {
    methods.clear()
    void methods.load()
  }, [])
  const close = () => sudoAsked.value?.(false)
  return (
    <Sheet title={words.title} onClose={close}>
      <p class="lead">{words.lead}</p>
      <Loaded of={methods} skeleton={<Skeleton shape="row" />}>
        {(known) => <Proof methods={known} />}
      </Loaded>
    </Sheet>
  )
}

function Proof({ methods: { method, passkey } }: { methods: SudoMethods }) {
  const typed = useSignal('')
  const task = useTask()
  const confirm = (body: () => Promise<SudoBody> | SudoBody) =>
    task.run(async () => {
      try {
        await client.confirmSudo(await body())
        sudoAsked.value?.(true)
      } catch (failure) {
        // A challenge is good for one try: the next one needs another.
        if (passkey) void methods.load()
        throw failure
      }
    })
  const typedBody = () => (method === 'code' ? { code: plainCode(typed.value) } : { password: typed.value })
  const withPasskey = passkey !== null && passkeysPossible
  return (
    <TaskForm
      task={task}
      send={words.confirm}
      look={withPasskey ? 'plain' : 'main'}
      onSubmit={() => {
        if (typed.value !== '') void confirm(typedBody)
      }}
    >
      {withPasskey && (
        <>
          <Button
            look="main"
            icon="passkey"
            wide
            busy={task.busy.value}
            onPress={() => void confirm(async () => ({ passkey: await answerPasskey(passkey) }))}
          >
            {words.passkey}
          </Button>
          <p class="or">{words.or}</p>
        </>
      )}
      <Typed
        isCode={method === 'code'}
        autoFocus={!withPasskey}
        value={typed.value}
        onInput={(value) => (typed.value = value)}
      />
    </TaskForm>
  )
}

interface TypedProps {
  isCode: boolean
  autoFocus: boolean
  value: string
  onInput: (value: string) => void
}

function Typed({ isCode, ...field }: TypedProps) {
  if (isCode) return <CodeField recovery label={words.code} hint={words.codeHint} {...field} />
  return <Field label={words.password} type="password" autocomplete="current-password" {...field} />
}
