import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crashOften } from './crash/crashes.ts'

const KILLS = 4

test('no alert is lost when the box dies while it tells, and none stands twice on a phone', async (t) => {
  const { committed, kills, ...figures } = await crashOften(KILLS)
  t.diagnostic(`${kills} kills, ${committed} notices, ${figures.sent_again} sent again`)
  assert.ok(committed > 0)
  assert.deepEqual({ ...figures, sent_again: 0 }, { lost: 0, stale: 0, visible_twice: 0, sent_again: 0, corrupt: 0 })
})
