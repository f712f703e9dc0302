// Who is signed in.
import { computed, signal } from '@preact/signals'
import { readMe } from '../client.ts'
import * as client from '../client.ts'
import { asClientError } from '../client-error.ts'
import type { ClientError } from '../client-error.ts'
import { onRefused } from '../request.ts'
import { startStream, stopStream } from '../stream.ts'
import type { Me, Permission } from '../wire.ts'
import { clearResources } from './resource.ts'

export type SessionState =
  | { status: 'checking' }
  | { status: 'unreachable'; error: ClientError }
  | { status: 'setup' }
  | { status: 'signed-out' }
  | { status: 'signed-in'; me: Me }

export const session = signal<SessionState>({ status: 'checking' })
export const me = computed(() => (session.value.status === 'signed-in' ? session.value.me : null))

export function may(permission: Permission): boolean {
  return me.value?.user.permissions.includes(permission) ?? false
}

onRefused({ signedOut: leave, setupNeeded: () => (session.value = { status: 'setup' }) })

/** Asks the box who we are. */
export async function checkSession(): Promise<void> {
  try {
    const me = await readMe()
    if (session.value.status !== 'signed-in') void import('./push.ts').then(({ renewPush }) => renewPush())
    session.value = { status: 'signed-in', me }
    startStream(() => void checkSession())
  } catch (error) {
    const failure = asClientError(error)
    if (failure.status === 401 || failure.code === 'SETUP_REQUIRED') return
    if (session.value.status !== 'signed-in') session.value = { status: 'unreachable', error: failure }
  }
}

export async function signOut(): Promise<void> {
  await client.signOut()
  leave()
}

function leave(): void {
  stopStream()
  clearResources()
  session.value = { status: 'signed-out' }
}
