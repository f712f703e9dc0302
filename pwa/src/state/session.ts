// Who is signed in.
import { computed, signal } from '@preact/signals'
import * as client from '../client.ts'
import { asClientError } from '../client-error.ts'
import type { ClientError } from '../client-error.ts'
import { onRefused } from '../request.ts'
import { startStream, stopStream } from '../stream.ts'
import type { Me, Permission } from '../wire.ts'
import { watchTouches } from './idle.ts'
import { clearResources } from './resource.ts'
import * as life from './session-life.ts'
import { askForSudo } from './sudo.ts'

export type SessionState =
  | { status: 'checking' }
  | { status: 'unreachable'; error: ClientError }
  | { status: 'setup' }
  /** `reason`: why the box ended it; null when nobody was signed in, or the person has signed out here. */
  | { status: 'signed-out'; reason: string | null }
  | { status: 'signed-in'; me: Me }

export const session = signal<SessionState>({ status: 'checking' })
export const me = computed(() => (session.value.status === 'signed-in' ? session.value.me : null))

export function may(permission: Permission): boolean {
  return me.value?.user.permissions.includes(permission) ?? false
}

onRefused({
  renew: life.renew,
  confirm: askForSudo,
  signedOut: leave,
  setupNeeded: () => (session.value = { status: 'setup' }),
  used: life.noteUse,
})

/** Once, when the app starts. */
export function startSession(): void {
  life.watchSession({ over: leave, came: () => void checkSession() })
  watchTouches(life.noteTouch)
  void checkSession()
}

/** Asks the box who we are. */
export async function checkSession(): Promise<void> {
  try {
    const me = await client.readMe()
    life.holdSession(me.session)
    if (session.value.status !== 'signed-in') void import('./push.ts').then(({ renewPush }) => renewPush())
    session.value = { status: 'signed-in', me }
    openStream()
  } catch (error) {
    const failure = asClientError(error)
    if (session.value.status === 'signed-out' || failure.code === 'SETUP_REQUIRED') return
    if (session.value.status !== 'signed-in') session.value = { status: 'unreachable', error: failure }
  }
}

export async function signOut(): Promise<void> {
  // The channel would only say what the person has just done.
  stopStream()
  try {
    await client.signOut()
    leave(null)
  } finally {
    if (session.value.status === 'signed-in') openStream()
  }
}

function openStream(): void {
  startStream({ ready: life.ensureFresh, ended: () => void checkSession() })
}

function leave(reason: string | null): void {
  // The first word about it is the true one: what follows only finds nobody signed in.
  if (session.value.status === 'signed-out') return
  stopStream()
  clearResources()
  life.forgetSession()
  session.value = { status: 'signed-out', reason }
}
