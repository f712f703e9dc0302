import { useSignal } from '@preact/signals'
import { diagnosePlug } from '../../client-plugs.ts'
import { AccountSheet } from '../../parts/account-sheet.tsx'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { ErrorNote, Note } from '../../parts/states.tsx'
import { plugWords } from '../../text/plugs.ts'
import type { Plug } from '../../wire.ts'
import type { PlugDiagnosis } from '../../wire-plugs.ts'

const words = plugWords.page.diagnose
/** Where entering an account may help. */
const ACCOUNT_FINDINGS: readonly string[] = ['NEEDS_ACCOUNT', 'OTHER_ACCOUNT', 'PASSWORD_CHANGED']

/** Why a plug does not answer, in plain words, with what to do. */
export function Diagnose({ plug }: { plug: Plug }) {
  const found = useSignal<PlugDiagnosis | null>(null)
  const entering = useSignal(false)
  const task = useTask()
  const ask = () =>
    task.run(async () => {
      found.value = await diagnosePlug(plug.id)
    })
  return (
    <>
      <div role="status" class="stack">
        {task.busy.value && (
          <div class="looking">
            <span class="radar" aria-hidden="true" />
            <p>{words.running}</p>
          </div>
        )}
        {found.value && !task.busy.value && <Found found={found.value} onAccount={() => (entering.value = true)} />}
      </div>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div class="row-buttons">
        <Button icon="pulse" busy={task.busy.value} onPress={() => void ask()}>
          {plug.reachable ? words.check : words.start}
        </Button>
      </div>
      {entering.value && <AccountSheet onSaved={() => void ask()} onClose={() => (entering.value = false)} />}
    </>
  )
}

function Found({ found: { ok, problem, findings }, onAccount }: { found: PlugDiagnosis; onAccount: () => void }) {
  if (ok) return <Note tone="good" title={words.fine} />
  if (findings.length === 0) return <Note tone="problem" title={problem ?? words.nothing} />
  return (
    <>
      {findings.map(({ code, words: what, whatToDo }) => (
        <Note key={code} tone="problem" title={what}>
          <p>{whatToDo}</p>
          {ACCOUNT_FINDINGS.includes(code) && <Button onPress={onAccount}>{plugWords.page.account.enter}</Button>}
        </Note>
      ))}
    </>
  )
}
