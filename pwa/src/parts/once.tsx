// What is shown once and never again: a temporary password, a link, a key.
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { t } from '../text/index.ts'
import { care } from '../text/people.ts'
import { Button } from './button.tsx'
import { Sheet } from './sheet.tsx'
import { Note } from './states.tsx'

const words = care.once

/** Copies, and says so on itself: what is said behind an open sheet reaches nobody. */
export function CopyButton({ text, label = t.shell.copy, main }: { text: string; label?: string; main?: boolean }) {
  const state = useSignal<'none' | 'done' | 'failed'>('none')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      state.value = 'done'
    } catch {
      state.value = 'failed'
    }
  }
  return (
    <>
      <Button
        {...(main ? { look: 'main' } : {})}
        icon={state.value === 'done' ? 'check' : 'copy'}
        onPress={() => void copy()}
      >
        {state.value === 'done' ? words.copied : label}
      </Button>
      <span class={state.value === 'failed' ? 'field-error' : 'visually-hidden'} role="status">
        {state.value === 'done' && words.copied}
        {state.value === 'failed' && t.shell.copyFailed}
      </span>
    </>
  )
}

export function Secret({ label, text }: { label: string; text: string }) {
  const id = useId()
  return (
    <div class="once">
      <span class="once-label" id={id}>
        {label}
      </span>
      {/* A group that takes the focus: it can be reached and read with the keyboard, and is not read out by itself. */}
      <div class="secret" role="group" aria-labelledby={id} tabIndex={0}>
        {text}
      </div>
    </div>
  )
}

export interface OnceProps {
  title: string
  lead: string
  label: string
  secret: string
  onClose: () => void
  /** Another form of it that comes first, for example a picture to scan. */
  before?: ComponentChildren
  /** Between the secret and the last button. */
  children?: ComponentChildren
}

/** A sheet around such a thing. A slip of the finger does not close it: the first try says what would be lost. */
export function OnceSheet({ title, lead, label, secret, onClose, before, children }: OnceProps) {
  const warned = useSignal(false)
  const close = () => {
    if (warned.value) onClose()
    else warned.value = true
  }
  return (
    <Sheet title={title} onClose={close}>
      <p>{lead}</p>
      {before}
      <Secret label={label} text={secret} />
      <div class="row-buttons">
        <CopyButton text={secret} main />
      </div>
      {children}
      {warned.value && (
        <div role="alert">
          <Note tone="warning" title={words.shownOnce}>
            <p>{words.closeAgain}</p>
          </Note>
        </div>
      )}
      <Button wide onPress={onClose}>
        {words.kept}
      </Button>
    </Sheet>
  )
}
