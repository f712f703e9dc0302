import type { z } from 'zod'
import type { testPushReply } from '../../api/alerts.ts'
import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import type { Deliverer } from './deliver.ts'
import { testMessage, type MessageLinks } from './push-message.ts'
import type { SendOutcome } from '../outbox/outcome.ts'
import {
  deleteTarget,
  listTargets,
  noteTargetsDelivered,
  noteTargetProblem,
  type StoredTarget,
} from './target-store.ts'

export interface TestPushDeps {
  database: Database
  clock: Clock
  deliverer: Deliverer
  timeZone(): string
  links: MessageLinks
}

/** A person waits for the answer: shorter than what an alert is given. */
const LIMIT_MS = 8_000
const TTL_S = 60

/** Sends at once, past the outbox: a test that arrives later is no test. */
export function createTestPush({ database, clock, deliverer, timeZone, links }: TestPushDeps) {
  async function keep(target: StoredTarget, outcome: SendOutcome): Promise<void> {
    if (outcome.result === 'delivered') await noteTargetsDelivered(database.writer, [target.id], clock.now())
    else if (outcome.result === 'gone')
      await database.transaction((trx) =>
        deleteTarget(trx, target.id, null, { state: 'failed', reason: outcome.words }),
      )
    else await noteTargetProblem(database.writer, target.id, outcome.words)
  }

  return async function sendTest(userId: string): Promise<z.infer<typeof testPushReply>> {
    const own = await listTargets(database.reader, userId)
    const payloadFor = ({ id, origin }: StoredTarget): string =>
      JSON.stringify(testMessage(clock.now(), { origin, timeZone: timeZone(), ref: id, links }))
    const limit = new AbortController()
    const cancel = clock.after(LIMIT_MS, () => limit.abort())
    const options = { urgency: 'high', topic: 'test', ttlS: TTL_S, signal: limit.signal }
    const outcomes = await Promise.all(own.map((target) => deliverer.deliver(target, payloadFor(target), options)))
    cancel()
    const reply: z.infer<typeof testPushReply> = { sent: 0, failed: [] }
    for (const [index, target] of own.entries()) {
      const outcome = outcomes[index]
      if (!outcome) continue
      await keep(target, outcome)
      if (outcome.result === 'delivered') reply.sent += 1
      else reply.failed.push({ label: target.label, reason: outcome.words })
    }
    return reply
  }
}
