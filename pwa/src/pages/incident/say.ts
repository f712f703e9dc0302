// Saying something about an incident: shown at once, kept by the box, taken back for ten seconds.
import * as client from '../../client-review.ts'
import { asClientError } from '../../client-error.ts'
import type { Resource } from '../../state/resource.ts'
import { showFailure, showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { IncidentDetail, Review } from '../../wire.ts'

/** True when the box has kept it. */
export type Say = (change: Omit<Review, 'seen'>, done: string) => Promise<boolean>

export function sayOf(detail: Resource<IncidentDetail>): Say {
  return async (change, done) => {
    const before = detail.data.value
    if (!before) return false
    detail.patch((known) => ({ ...known, ...(change as Partial<IncidentDetail>) }))
    try {
      const { incident, undo } = await client.reviewIncident(before.id, { ...change, seen: before.reviewCount })
      detail.patch((known) => ({ ...known, ...incident }))
      showToast({ tone: 'done', text: done, ...(undo && { action: takeBack(undo) }) })
      return true
    } catch (error) {
      detail.patch((known) => ({ ...before, ...(known.reviewCount === before.reviewCount ? {} : known) }))
      showFailure(asClientError(error))
      // Somebody else may have been quicker: what they said belongs on the screen.
      void detail.load()
      return false
    }
  }
}

/** What an Undo does; the stream brings what it was. */
export function takeBack(undo: string): { label: string; run: () => void } {
  const run = async (): Promise<void> => {
    try {
      const { left } = await client.undoReview(undo)
      showToast({ tone: 'done', text: left === 0 ? t.incidents.undone : t.incidents.undoneSome(left) })
    } catch (error) {
      showFailure(asClientError(error))
    }
  }
  return { label: t.shell.undo, run: () => void run() }
}
