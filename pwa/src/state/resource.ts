// What was read from the box and is kept up to date by the stream, in signals.
import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asClientError } from '../client-error.ts'
import type { ClientError } from '../client-error.ts'
import { resyncs } from '../stream.ts'

export interface Resource<T> {
  /** null until the first answer. */
  readonly data: ReadonlySignal<T | null>
  /** Why the last reading failed; null when it did not. `data` keeps what was known before. */
  readonly error: ReadonlySignal<ClientError | null>
  load(): Promise<void>
  /** Changes what is known, when there is something. */
  patch(change: (data: T) => T): void
  /** Forgets everything: another person signs in. */
  clear(): void
}

const all = new Set<{ clear(): void }>()

/** Whoever keeps something of the person who is signed in says here how to forget it. */
export function onForget(clear: () => void): void {
  all.add({ clear })
}

/** Forgets what was read, everywhere. */
export function clearResources(): void {
  for (const each of all) each.clear()
}

/** Keeps the answer of `read`. Of several readings at once the newest wins. */
export function createResource<T>(read: () => Promise<T>, { kept = true } = {}): Resource<T> {
  const data = signal<T | null>(null)
  const error = signal<ClientError | null>(null)
  let newest = 0
  const resource: Resource<T> = {
    data,
    error,
    async load() {
      const turn = ++newest
      try {
        const answer = await read()
        if (turn !== newest) return
        data.value = answer
        error.value = null
      } catch (failure) {
        if (turn === newest) error.value = asClientError(failure)
      }
    },
    patch(change) {
      if (data.value !== null) data.value = change(data.value)
    },
    clear() {
      newest += 1
      data.value = null
      error.value = null
    },
  }
  if (kept) all.add(resource)
  return resource
}

/** Reads when a page opens, and again whenever the stream says that something was missed. */
export function useResource<T>(resource: Resource<T>): Resource<T> {
  const turn = resyncs.value
  useEffect(() => void resource.load(), [resource, turn])
  return resource
}
