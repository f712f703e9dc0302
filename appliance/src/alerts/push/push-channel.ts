import type { Channel } from '../channels/channel.ts'
import { endEntries } from '../outbox/outbox-store.ts'
import { gone } from '../outbox/outcome.ts'
import type { Deliverer } from './deliver.ts'
import type { MessageLinks } from './push-message.ts'
import { noticeMessage, PUSH_URGENCY } from './push-message.ts'
import { deleteTarget, listTargetsOfPeople, noteTargetProblem, noteTargetsDelivered } from './target-store.ts'

export interface PushChannelDeps {
  deliverer: Deliverer
  links: MessageLinks
  /** How many incidents wait for this person to look at; null: not theirs to know. */
  unreviewed(userId: string): Promise<number | null>
}

/** Web push to every browser of everybody who is told. */
export function createPushChannel({ deliverer, links, unreviewed }: PushChannelDeps): Channel {
  return {
    id: 'push',
    async targets(trx, people) {
      if (people.size === 0) return []
      const found = await listTargetsOfPeople(trx, [...people])
      return found.map(({ id, userId, label }) => ({ key: id, targetId: id, userId, actsAs: userId, label }))
    },
    laneOf: ({ target }) => (target === null ? 'push' : deliverer.originOf(target)),
    async send(entry, { ttlS, signal }) {
      const { target, topic, notice } = entry
      if (target === null) return gone('This phone is no longer on the list.')
      const badge = entry.userId === null ? null : await unreviewed(entry.userId)
      const payload = JSON.stringify(noticeMessage(entry, { origin: target.origin, links, badge }))
      return deliverer.deliver(target, payload, {
        urgency: PUSH_URGENCY[notice.urgency] ?? 'high',
        topic,
        ttlS,
        signal,
      })
    },
    noteDelivered: (db, entries, now) =>
      noteTargetsDelivered(
        db,
        entries.map(({ targetKey }) => targetKey),
        now,
      ),
    noteProblem: (db, entry, words) => noteTargetProblem(db, entry.targetKey, words),
    async forget(db, entry, words) {
      await endEntries(db, [entry.id], 'failed', words)
      await deleteTarget(db, entry.targetKey, null, { state: 'failed', reason: words })
    },
    open: async () => deliverer.open(),
    close: async () => deliverer.close(),
  }
}
