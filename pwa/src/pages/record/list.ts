// The record of who did what: pages by the last id, as long as the person scrolls.
import { signal } from '@preact/signals'
import * as client from '../../client-people.ts'
import { asClientError } from '../../client-error.ts'
import type { ClientError } from '../../client-error.ts'
import { onForget } from '../../state/resource.ts'
import type { AuditEntry } from '../../wire-people.ts'

const PAGE = 50

export const kind = signal<string | null>(null)
export const entries = signal<AuditEntry[] | null>(null)
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

export function show(type: string | null): void {
  kind.value = type
  entries.value = null
  void readFirst()
}

/** The next person begins with nothing. */
onForget(() => {
  turn += 1
  kind.value = null
  entries.value = null
})

async function readPage(own: number, before: string | null): Promise<void> {
  loading.value = true
  try {
    const filter = kind.value === null ? {} : { type: kind.value }
    const reply = await client.readRecord(filter, PAGE, before ?? undefined)
    if (own !== turn) return
    entries.value = before === null ? reply.entries : [...(entries.value ?? []), ...reply.entries]
    next = reply.next
    atEnd.value = next === null
    failure.value = null
  } catch (error) {
    if (own === turn) failure.value = asClientError(error)
  } finally {
    if (own === turn) loading.value = false
  }
}
