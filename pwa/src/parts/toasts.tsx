import { closeToast, toasts } from '../state/toasts.ts'
import { t } from '../text/index.ts'
import { Icon } from './icon.tsx'

/** Spoken politely when it appears; never takes the focus. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite" aria-label={t.shell.messages}>
      {toasts.value.map(({ id, tone, text, action }) => (
        <div key={id} class={`toast is-${tone}`}>
          <Icon name={tone === 'done' ? 'check' : 'alert'} />
          <p>{text}</p>
          {action && (
            <button
              type="button"
              class="toast-action"
              onClick={() => {
                closeToast(id)
                action.run()
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" class="toast-close" aria-label={t.shell.close} onClick={() => closeToast(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  )
}
