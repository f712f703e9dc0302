import { Field } from './field.tsx'

export interface CodeFieldProps {
  label: string
  value: string
  onInput: (value: string) => void
  hint?: string
  /** Recovery codes are letters too. */
  recovery?: boolean
  autoFocus?: boolean
}

/** Six digits, or a recovery code, large and spaced. */
export function CodeField({ recovery, ...field }: CodeFieldProps) {
  return (
    <Field
      {...field}
      code
      maxLength={16}
      inputMode={recovery ? 'text' : 'numeric'}
      autocomplete={recovery ? 'off' : 'one-time-code'}
    />
  )
}

/** As the box wants it: spaces are how people and apps group digits. */
export function plainCode(typed: string): string {
  return typed.replaceAll(/\s/g, '')
}
