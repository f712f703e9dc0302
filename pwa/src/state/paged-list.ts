// A list that the box gives in pages, read on as long as the person scrolls.
import { signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { asClientError } from '../client-error.ts'
import type { ClientError } from '../client-error.ts'
import { onForget } from './resource.ts'

export interface ListPage<Item> {
  items: Item[]
  /** Where the next page begins; null: there is none. */
  next: string | null
}

export interface PagedList<Item> {
  /** null until the first answer. */
  readonly items: Signal<Item[] | null>
  readonly failure: Signal<ClientError | null>
  readonly loading: Signal<boolean>
  readonly atEnd: Signal<boolean>
  /** Begins anew from the top: what is shown stays until the answer is there, and who had scrolled down keeps their place. */
  readFirst(): Promise<void>
  /** The next page, unless one is on its way, there is none, or the last one failed: that is tried again by a tap. */
  readMore(): Promise<void>
  /** Another question: what is shown does not answer it. */
  restart(): void
}

export interface PagedListOptions<Item> {
  pageSize: number
  /** The longest page that the box gives. */
  longestPage: number
  read(limit: number, from: string | undefined): Promise<ListPage<Item>>
}

/** Of several readings at once the newest wins. The next person begins with nothing. */
export function createPagedList<Item>({ pageSize, longestPage, read }: PagedListOptions<Item>): PagedList<Item> {
  const items = signal<Item[] | null>(null)
  const failure = signal<ClientError | null>(null)
  const loading = signal(false)
  const atEnd = signal(false)
  let next: string | null = null
  let turn = 0

  async function readPage(own: number, limit: number, from: string | undefined): Promise<void> {
    loading.value = true
    try {
      const page = await read(limit, from)
      if (own !== turn) return
      items.value = from === undefined ? page.items : [...(items.value ?? []), ...page.items]
      next = page.next
      atEnd.value = next === null
      failure.value = null
    } catch (error) {
      if (own === turn) failure.value = asClientError(error)
    } finally {
      if (own === turn) loading.value = false
    }
  }

  const readFirst = (): Promise<void> =>
    readPage(++turn, Math.min(Math.max(items.value?.length ?? 0, pageSize), longestPage), undefined)

  onForget(() => {
    turn += 1
    items.value = null
  })
  return {
    ...{ items, failure, loading, atEnd, readFirst },
    async readMore() {
      if (!loading.value && next !== null && !failure.value) await readPage(turn, pageSize, next)
    },
    restart() {
      items.value = null
      next = null
      atEnd.value = false
      void readFirst()
    },
  }
}
