// What was told: pages by the last id, as long as the person scrolls.
import { signal } from '@preact/signals'
import * as client from '../../client-alerts.ts'
import { asClientError } from '../../client-error.ts'
import type { ClientError } from '../../client-error.ts'
import { onForget } from '../../state/resource.ts'
import type { ToldNotice } from '../../wire-alerts.ts'

const PAGE = 50

export const notices = signal<ToldNotice[] | null>(null)
export const failure = signal<ClientError | null>(null)
export const loading = signal(false)
export const atEnd = signal(false)
let next: string | null = null
let turn = 0

/** Begins anew from the top, keeping what is shown until the answer is there. */
export async function readFirst(): Promise<void> {
  await readPage(++turn, null)
}

/** The next page, unless one is on its way or there is none. */
export async function readMore(): Promise<void> {
  if (loading.value || atEnd.value || next === null || failure.value) return
  await readPage(turn, next)
}

/** The next person begins with nothing. */
onForget(() => {
  turn += 1
  notices.value = null
})

async function readPage(own: number, before: string | null): Promise<void> {
  loading.value = true
  try {
    const reply = await client.readTold({}, PAGE, before ?? undefined)
    if (own !== turn) return
    notices.value = before === null ? reply.notices : [...(notices.value ?? []), ...reply.notices]
    next = reply.next
    atEnd.value = next === null
    failure.value = null
  } catch (error) {
    if (own === turn) failure.value = asClientError(error)
  } finally {
    if (own === turn) loading.value = false
  }
}
