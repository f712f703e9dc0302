import { useId } from 'preact/hooks'

export interface TextAreaProps {
  label: string
  value: string
  hint?: string
  error?: string | undefined
  maxLength?: number
  /** The label is for screen readers alone: a heading above says the same. */
  bare?: boolean
  /** Names and prose, not addresses and keys. */
  prose?: boolean
  onInput: (value: string) => void
}

/** A field for a text of several lines. */
export function TextArea({
  label,
  value,
  hint,
  error,
  maxLength,
  bare = false,
  prose = false,
  onInput,
}: TextAreaProps) {
  const id = useId()
  const words = error ?? hint
  return (
    <div class={`field${error ? ' is-wrong' : ''}`}>
      {!bare && <label for={id}>{label}</label>}
      <div class="field-box">
        <textarea
          id={id}
          rows={4}
          {...(prose ? {} : { spellcheck: false, autocapitalize: 'none' })}
          {...(maxLength === undefined ? {} : { maxLength })}
          {...(bare ? { 'aria-label': label } : {})}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby={words ? `${id}-words` : undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </div>
      {words && (
        <p class={error ? 'field-error' : 'field-hint'} id={`${id}-words`}>
          {words}
        </p>
      )}
    </div>
  )
}
