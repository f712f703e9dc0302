// The record of who did what: pages by the last id.
import { signal } from '@preact/signals'
import * as client from '../../client-people.ts'
import { createPagedList } from '../../state/paged-list.ts'
import { onForget } from '../../state/resource.ts'
import type { AuditEntry } from '../../wire-people.ts'

export const kind = signal<string | null>(null)

export const record = createPagedList<AuditEntry>({
  ...{ pageSize: 50, longestPage: 200 },
  async read(limit, from) {
    const filter = kind.value === null ? {} : { type: kind.value }
    const { entries, next } = await client.readRecord(filter, limit, from)
    return { items: entries, next }
  },
})

export function show(type: string | null): void {
  kind.value = type
  record.restart()
}

onForget(() => void (kind.value = null))
