import { useSignal } from '@preact/signals'
import { plugWords } from '../text/plugs.ts'
import type { WaitingPlug } from '../wire.ts'
import { AccountSheet } from './account-sheet.tsx'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

const words = plugWords.add.waiting

export interface WaitingPlugsProps {
  waiting: readonly WaitingPlug[]
  /** Looks once more: the account was entered. */
  onAgain: () => void
}

/** What answered and could not be added: why, and the account entered right here, after which it goes on by itself. */
export function WaitingPlugs({ waiting, onAgain }: WaitingPlugsProps) {
  const entering = useSignal(false)
  if (waiting.length === 0) return null
  return (
    <div class="stack">
      <h3>{words.title}</h3>
      <ul class="rows">
        {waiting.map(({ mac, model, host, problem }) => (
          <li key={mac}>
            <Icon name="plugs" />
            <span class="row-words">
              <span>
                {model} · {host}
              </span>
              <span class="quiet">{problem}</span>
            </span>
          </li>
        ))}
      </ul>
      <div class="row-buttons">
        {waiting.some(({ wantsAccount }) => wantsAccount) && (
          <Button look="main" icon="key" onPress={() => (entering.value = true)}>
            {words.enter}
          </Button>
        )}
        <Button onPress={onAgain}>{words.again}</Button>
      </div>
      {entering.value && <AccountSheet onSaved={onAgain} onClose={() => (entering.value = false)} />}
    </div>
  )
}
