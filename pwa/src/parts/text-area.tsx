import { useId } from 'preact/hooks'

export interface TextAreaProps {
  label: string
  value: string
  hint?: string
  error?: string | undefined
  onInput: (value: string) => void
}

/** A field for a text of several lines. */
export function TextArea({ label, value, hint, error, onInput }: TextAreaProps) {
  const id = useId()
  const words = error ?? hint
  return (
    <div class={`field${error ? ' is-wrong' : ''}`}>
      <label for={id}>{label}</label>
      <div class="field-box">
        <textarea
          id={id}
          rows={4}
          spellcheck={false}
          autocapitalize="none"
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
