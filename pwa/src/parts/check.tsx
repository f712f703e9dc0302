import { useId } from 'preact/hooks'

export interface CheckProps {
  /** `radio`: one of several with the same `name`. */
  kind?: 'checkbox' | 'radio'
  name?: string
  label: string
  hint?: string | undefined
  /** Why it cannot be chosen; shown instead of the hint. */
  barred?: string | undefined
  checked: boolean
  onChange: (checked: boolean) => void
}

/** A row to tick: as wide as the page, so that a thumb finds it. */
export function Check({ kind = 'checkbox', name, label, hint, barred, checked, onChange }: CheckProps) {
  const id = useId()
  const words = barred ?? hint
  return (
    <label class={`check${barred ? ' is-barred' : ''}`}>
      <input
        type={kind}
        name={name}
        checked={checked}
        disabled={barred !== undefined}
        aria-labelledby={`${id}-label`}
        aria-describedby={words ? `${id}-words` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class="row-words">
        <span id={`${id}-label`}>{label}</span>
        {words && (
          <span class="quiet" id={`${id}-words`}>
            {words}
          </span>
        )}
      </span>
    </label>
  )
}
