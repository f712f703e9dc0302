import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createHostQueues } from '../../appliance/src/plugs/transports/host-queues.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('whatever is asked in whatever order: one at a time per address, few polls at once, everything ends', async () => {
  const job = fc.record({
    host: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    urgency: fc.constantFrom('person', 'poll'),
    fails: fc.boolean(),
    turns: fc.nat(3),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (jobs, maxPolls) => {
      const queues = createHostQueues(maxPolls)
      const running = new Map<string, number>()
      let polls = 0
      const results = jobs.map(({ host, urgency, fails, turns }) =>
        queues.run(host, urgency as 'person' | 'poll', async () => {
          running.set(host, (running.get(host) ?? 0) + 1)
          if (urgency === 'poll') polls += 1
          assert.equal(running.get(host), 1)
          assert.ok(polls <= maxPolls)
          for (let count = 0; count < turns; count++) await turn()
          running.set(host, 0)
          if (urgency === 'poll') polls -= 1
          if (fails) throw new Error('no')
          return host
        }),
      )
      const ends = await Promise.allSettled(results)
      assert.deepEqual(
        ends.map(({ status }) => status),
        jobs.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
      )
    }),
  )
})

test('a person overtakes polls of the same address, also one that waits for room', async () => {
  const queues = createHostQueues(1)
  const order: string[] = []
  const note = (name: string) => async (): Promise<void> => {
    order.push(name)
    await turn()
  }
  await Promise.all([
    queues.run('far', 'poll', note('far poll')),
    queues.run('near', 'poll', note('near poll 1')),
    queues.run('near', 'poll', note('near poll 2')),
    queues.run('near', 'person', note('near person')),
  ])
  assert.deepEqual(order, ['far poll', 'near person', 'near poll 1', 'near poll 2'])
})
