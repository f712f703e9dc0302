import { signal } from '@preact/signals'
import { installed } from '../../state/install.ts'
import type { Accept } from '../../wire.ts'
import type { InviteDraft } from './draft.ts'

/** Whether this is a phone of one's own; for both steps. */
export const trust = signal(installed.value)

/** The second factor waited for too long: its first step is asked for again. */
export const begunTooLongAgo = signal(false)

/** What the box wants to know of somebody who comes in. */
export function bodyOf({ token, username, displayName }: InviteDraft, password: string, trusted = false): Accept {
  const who = { token, username: username.trim(), displayName: displayName.trim(), password }
  return trusted ? { ...who, trustDevice: true } : who
}
