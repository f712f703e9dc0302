// What somebody who was invited has typed so far. It outlives a reload in this tab (a phone drops the page when the person
// switches to the authenticator app), except for the password, which is only ever kept in memory.
import { effect, signal } from '@preact/signals'
import type { TotpEnrolment } from '../../wire.ts'

export interface InviteDraft {
  /** From the link; it never leaves this tab but for the box. */
  token: string
  displayName: string
  username: string
  /** A second factor that waits for its first code, and for whom it was made. */
  enrolment: (TotpEnrolment & { username: string }) | null
}

const KEY = 'lares.invite'
const NOTHING: InviteDraft = { token: '', displayName: '', username: '', enrolment: null }

export const draft = signal<InviteDraft>(NOTHING)
export const password = signal('')

let keeping = false

/** Takes the token out of the address bar, and what an earlier load of this page has kept. */
export function openDraft(): void {
  const kept = { ...NOTHING, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<InviteDraft>) }
  const token = /^#([\w-]{32,128})$/.exec(location.hash)?.[1]
  // Also a link that is no invitation: nothing of it stays in the address bar.
  if (location.hash) history.replaceState(null, '', location.pathname + location.search)
  draft.value = token && token !== kept.token ? { ...NOTHING, token } : kept
  if (!keeping) effect(() => sessionStorage.setItem(KEY, JSON.stringify(draft.value)))
  keeping = true
}

export function changeDraft(change: Partial<InviteDraft>): void {
  draft.value = { ...draft.value, ...change }
}

export function forgetDraft(): void {
  draft.value = NOTHING
  password.value = ''
}
