import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { asClientError } from '../client-error.ts'
import type { ClientError } from '../client-error.ts'

export interface Task {
  readonly busy: Signal<boolean>
  readonly error: Signal<ClientError | null>
  /** Runs `work` unless it is running already; its failure lands in `error`. True when it succeeded. */
  run(work: () => Promise<void>): Promise<boolean>
}

/** Something a press starts: busy while it runs, with its error kept for showing. */
export function useTask(): Task {
  const busy = useSignal(false)
  const error = useSignal<ClientError | null>(null)
  return {
    busy,
    error,
    async run(work) {
      if (busy.value) return false
      busy.value = true
      error.value = null
      try {
        await work()
        return true
      } catch (failure) {
        const why = asClientError(failure)
        // Who changed their mind knows it.
        if (why.kind !== 'cancelled') error.value = why
        return false
      } finally {
        busy.value = false
      }
    },
  }
}
