import { useEffect, useId, useRef } from 'preact/hooks'
import type { ComponentChildren } from 'preact'

export interface FieldProps {
  label: string
  value: string
  onInput: (value: string) => void
  hint?: ComponentChildren
  /** What is wrong with it, in words; the field is marked. */
  error?: string | undefined
  type?: 'text' | 'password' | 'url' | 'time'
  autocomplete?: string
  inputMode?: 'text' | 'numeric' | 'url'
  maxLength?: number
  /** Large and spaced, for codes. */
  code?: boolean
  aside?: ComponentChildren
  autoFocus?: boolean
}

export function Field(props: FieldProps) {
  const id = useId()
  const ref = useRef<HTMLInputElement>(null)
  const { label, hint, error, aside, code } = props
  // The attribute of that name works only while a page loads.
  useEffect(() => {
    if (props.autoFocus) ref.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div class={`field${error ? ' is-wrong' : ''}`}>
      <label for={id}>{label}</label>
      <div class="field-box">
        <input
          ref={ref}
          id={id}
          class={code ? 'is-code' : undefined}
          // The types know each kind of input apart; all that differs here is how it is typed and shown.
          type={(props.type ?? 'text') as 'text'}
          value={props.value}
          autocomplete={props.autocomplete ?? 'off'}
          inputMode={props.inputMode}
          maxLength={props.maxLength}
          autocapitalize="none"
          spellcheck={false}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
        {aside}
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && !error && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export interface SelectProps {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  onChange: (value: string) => void
  hint?: string
  /** What is wrong with it, in words; the field is marked. */
  error?: string | undefined
}

export function Select({ label, value, options, onChange, hint, error }: SelectProps) {
  const id = useId()
  return (
    <div class={`field${error ? ' is-wrong' : ''}`}>
      <label for={id}>{label}</label>
      <div class="field-box is-select">
        <select
          id={id}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && !error && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
