import type { SetUpChannelId } from '../../api/channels.ts'
import { endEntries, type DueEntry } from '../outbox/outbox-store.ts'
import type { SendOutcome } from '../outbox/outcome.ts'
import type { Channel, SendOptions } from './channel.ts'
import type { ChannelBook } from './channel-book.ts'
import { noteChannelProblem, noteChannelSent } from './channel-store.ts'

export interface MachineChannelParts {
  book: ChannelBook
  label: string
  /** Actions of its notices are done in the name of who set it up. */
  acts: boolean
  send(entry: DueEntry, options: SendOptions): Promise<SendOutcome>
  close?(): void
}

/** A channel with one target, a program, that is told everything. */
export function createMachineChannel(id: SetUpChannelId, parts: MachineChannelParts): Channel {
  const { book, label, acts, send, close } = parts
  return {
    ...channelNotes(id),
    id,
    async targets() {
      const channel = book.working(id)
      if (!channel) return []
      return [{ key: '', targetId: null, userId: null, actsAs: acts ? channel.changedBy : null, label }]
    },
    laneOf: () => id,
    send,
    open: async () => undefined,
    close: async () => close?.(),
  }
}

/** What is written of a channel that is set up, whatever its targets. */
export function channelNotes(id: SetUpChannelId): Pick<Channel, 'noteDelivered' | 'noteProblem' | 'forget'> {
  return {
    noteDelivered: (db, _, now) => noteChannelSent(db, id, now),
    noteProblem: (db, _, words) => noteChannelProblem(db, id, words),
    forget: (db, entry, words) => endEntries(db, [entry.id], 'failed', words),
  }
}
