import { useId } from 'preact/hooks'
import { fileText as words } from '../text/file.ts'
import { Icon } from './icon.tsx'
import './file-field.css'

export interface FileFieldProps {
  label: string
  /** As in HTML: endings and kinds that may be chosen. */
  accept: string
  chosen: File | null
  error?: string | undefined
  onChoose: (file: File | null) => void
}

/**
 * A file of this device. What is seen is drawn by us; what is pressed, focused, spoken and dropped upon is the browser's own chooser,
 * which lies over it unseen.
 */
export function FileField({ label, accept, chosen, error, onChoose }: FileFieldProps) {
  const id = useId()
  return (
    <div class={`field${error ? ' is-wrong' : ''}`}>
      <label for={id}>{label}</label>
      <div class="file-field">
        <span class="button is-plain" aria-hidden="true">
          <Icon name="install" />
          <span>{chosen ? words.another : words.choose}</span>
        </span>
        <span class={chosen ? 'break' : 'quiet'} aria-hidden="true">
          {chosen?.name ?? words.none}
        </span>
        <input
          id={id}
          type="file"
          accept={accept}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
        />
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}
