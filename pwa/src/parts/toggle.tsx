export interface ToggleProps {
  label: string
  /** null: not known; drawn as unknown, never as off. */
  on: boolean | null
  pending?: boolean
  disabledReason?: string | undefined
  onToggle: (on: boolean) => void
}

export function Toggle({ label, on, pending, disabledReason, onToggle }: ToggleProps) {
  return (
    <button
      type="button"
      role="switch"
      class={`toggle${on === null ? ' is-unknown' : ''}${pending ? ' is-pending' : ''}`}
      aria-checked={on === true}
      aria-label={label}
      aria-disabled={disabledReason ? true : undefined}
      title={disabledReason}
      onClick={() => {
        if (!disabledReason) onToggle(on !== true)
      }}
    >
      <span class="toggle-knob" />
    </button>
  )
}
