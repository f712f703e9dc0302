// What setup has gathered so far. It outlives a reload in this tab (a phone drops the page when the person switches to
// the authenticator app), except for the password, which is only ever kept in memory.
import { effect, signal } from '@preact/signals'

export interface SetupDraft {
  setupCode: string
  displayName: string
  username: string
  /** From the box, until the first code has proved that the authenticator has it. */
  totp: { secret: string; uri: string } | null
  /** Shown once; forgotten as soon as the person says that they are kept. */
  recoveryCodes: readonly string[] | null
}

const KEY = 'lares.setup'
const NOTHING: SetupDraft = { setupCode: '', displayName: '', username: '', totp: null, recoveryCodes: null }

export const draft = signal<SetupDraft>(restore())
export const password = signal('')
/** The box has forgotten the first step (a restart, half an hour): it is asked for again. */
export const begunTooLongAgo = signal(false)
/** Why the box refused the one-time code, for the page that asks for it. */
export const codeRefusal = signal<string | undefined>(undefined)

effect(() => sessionStorage.setItem(KEY, JSON.stringify(draft.value)))

export function changeDraft(change: Partial<SetupDraft>): void {
  draft.value = { ...draft.value, ...change }
}

export function forgetDraft(): void {
  draft.value = NOTHING
  password.value = ''
}

function restore(): SetupDraft {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<SetupDraft>
  const fromLink = /[#&]code=([^&]+)/.exec(location.hash)?.[1]
  if (fromLink) history.replaceState(null, '', location.pathname + location.search)
  return { ...NOTHING, ...kept, ...(fromLink ? { setupCode: decodeURIComponent(fromLink) } : {}) }
}
