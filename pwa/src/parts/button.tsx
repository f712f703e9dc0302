import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

export interface ButtonProps {
  children: ComponentChildren
  /** `main`: the one thing to do here. `plain`: beside it. `quiet`: text only. `danger`: something will be lost. */
  look?: 'main' | 'plain' | 'quiet' | 'danger'
  icon?: IconName
  /** Shows that it works and takes no second press. */
  busy?: boolean
  wide?: boolean
  type?: 'button' | 'submit'
  label?: string
  onPress?: () => void
}

export function Button({ children, look = 'plain', icon, busy, wide, type = 'button', label, onPress }: ButtonProps) {
  return (
    <button
      type={type}
      class={`button is-${look}${wide ? ' is-wide' : ''}`}
      aria-label={label}
      aria-busy={busy ? true : undefined}
      aria-disabled={busy ? true : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onPress?.()
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  children,
  look = 'plain',
  icon,
  wide,
  label,
}: Omit<ButtonProps, 'onPress'> & { href: string }) {
  return (
    <a href={href} class={`button is-${look}${wide ? ' is-wide' : ''}`} aria-label={label}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  )
}

/** A round button with only a picture; its name is spoken. */
export function IconButton({ icon, label, onPress }: { icon: IconName; label: string; onPress: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  )
}
