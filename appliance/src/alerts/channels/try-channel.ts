import type { SetUpChannelId, TestChannelReply } from '../../api/channels.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import type { DueEntry } from '../outbox/outbox-store.ts'
import type { SendOutcome } from '../outbox/outcome.ts'
import { homeClock } from '../../core/home-time.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Channel, Channels } from './channel.ts'

export interface TryChannelDeps {
  database: Database
  clock: Clock
  book: ChannelBook
  channels: Channels
  timeZone(): string
}

/** A person waits for the answer. */
const LIMIT_MS = 20_000
const ARRIVED: Readonly<Record<SetUpChannelId, string>> = {
  email: 'The mail server took a test mail for every address.',
  webhook: 'The webhook took a signed test.',
  mqtt: 'The broker took a test message.',
  ntfy: 'The ntfy server took a test.',
}

/** Sends at once, past the outbox, also while the channel is switched off. */
export function createTryChannel(deps: TryChannelDeps) {
  const { database, clock, book, channels } = deps

  function testEntry(id: SetUpChannelId, targetKey: string): DueEntry {
    const now = clock.now()
    const at = homeClock(now, deps.timeZone())
    return {
      ...{ id: newId(now), channel: id, targetKey, userId: null, label: '', actions: [], topic: 'test', attempts: 0 },
      ...{ createdAt: now, expiresAt: now + LIMIT_MS, target: null },
      notice: {
        ...{ id: newId(now), tag: 'test', kind: 'test', state: 'opened', incidentId: null, cameraId: null },
        ...{ title: 'Lares can reach you here', body: `Test at ${at}. Real alerts look like this, with a picture.` },
        ...{ urgency: 'normal', pictureIncidentId: null, lightPlugId: null, createdAt: now },
      },
    }
  }

  const keysOf = (id: SetUpChannelId): string[] =>
    id === 'email' ? (book.get('email')?.settings.to ?? []).map(({ userId, address }) => `${userId} ${address}`) : ['']

  async function send(channel: Channel, entry: DueEntry, signal: AbortSignal): Promise<SendOutcome> {
    const outcome = await channel.send(entry, { ttlS: LIMIT_MS / 1000, signal })
    const { writer } = database
    if (outcome.result === 'delivered') await channel.noteDelivered(writer, [entry], clock.now())
    else await channel.noteProblem(writer, entry, outcome.words)
    return outcome
  }

  return async function tryChannel(id: SetUpChannelId): Promise<TestChannelReply> {
    const channel = channels.get(id)
    if (!channel || !book.get(id)) throw new LaresError('not-found', 'This channel is not set up yet.')
    const limit = new AbortController()
    const cancel = clock.after(LIMIT_MS, () => limit.abort())
    try {
      const entries = keysOf(id).map((key) => testEntry(id, key))
      const outcomes = await Promise.all(entries.map((entry) => send(channel, entry, limit.signal)))
      const failed = outcomes.find((outcome) => outcome.result !== 'delivered')
      return failed ? { ok: false, words: failed.words } : { ok: true, words: ARRIVED[id] }
    } finally {
      cancel()
    }
  }
}
