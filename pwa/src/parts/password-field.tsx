import { useSignal } from '@preact/signals'
import { checkPassword } from './password-rules.ts'
import { t } from '../text/index.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

const words = t.setup.you

export interface PasswordFieldProps {
  label: string
  value: string
  username: string
  error: string | undefined
  onInput: (value: string) => void
}

/** A new password, with what it still lacks, live. */
export function PasswordField({ label, value, username, error, onInput }: PasswordFieldProps) {
  const shown = useSignal(false)
  const rules = checkPassword(value, username)
  return (
    <>
      <Field
        label={label}
        type={shown.value ? 'text' : 'password'}
        value={value}
        error={error}
        autocomplete="new-password"
        maxLength={256}
        onInput={onInput}
        aside={
          <button
            type="button"
            class="field-aside"
            aria-pressed={shown.value}
            onClick={() => (shown.value = !shown.value)}
          >
            {shown.value ? words.hide : words.show}
          </button>
        }
      />
      <ul class="rules" aria-label={words.needs}>
        {(Object.keys(rules) as (keyof typeof rules)[]).map((rule) => (
          <li key={rule} class={rules[rule] ? 'is-met' : undefined}>
            <Icon name={rules[rule] ? 'check' : 'plus'} />
            {words.rules[rule]}
          </li>
        ))}
      </ul>
    </>
  )
}
