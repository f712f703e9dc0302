import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { t } from '../text/index.ts'
import { Button, IconButton } from './button.tsx'

export interface SheetProps {
  title: string
  onClose: () => void
  children: ComponentChildren
}

/** A short task over the page: from the bottom on a phone, in the middle on a wide screen. Esc and a tap beside close it. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    dialog?.showModal()
    return () => {
      dialog?.close()
      // The dialog may be gone from the page already, and then gives nothing back by itself.
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog
      ref={ref}
      class="sheet"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose()
      }}
    >
      <div class="sheet-body">
        <header class="sheet-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t.shell.close} onPress={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  )
}

export interface AskProps {
  title: string
  text: string
  confirm: string
  busy: boolean
  onConfirm: () => void
  onClose: () => void
}

/** Asks once before something is lost, and says what. */
export function Ask({ title, text, confirm, busy, onConfirm, onClose }: AskProps) {
  return (
    <Sheet title={title} onClose={onClose}>
      <p>{text}</p>
      <div class="row-buttons">
        <Button onPress={onClose}>{t.shell.cancel}</Button>
        <Button look="danger" busy={busy} onPress={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Sheet>
  )
}
