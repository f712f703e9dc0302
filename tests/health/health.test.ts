import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createBus } from '../../appliance/src/core/bus.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createHealth, createNotices } from '../../appliance/src/health/index.ts'
import { createFakeClock } from '../fakes/clock.ts'
import { startServer } from '../http/harness.ts'

const notice = (id: string, level: 'info' | 'warning' | 'problem', detail = '') => ({
  id,
  level,
  title: `About ${id}`,
  detail,
  link: null,
})

function build() {
  const clock = createFakeClock()
  const bus = createBus<Events>(silentLog())
  const heard: number[] = []
  bus.on('notices.changed', 'test', ({ notices }) => void heard.push(notices.length))
  return { clock, heard, notices: createNotices({ bus, clock }) }
}

describe('notices', () => {
  test('worst first, then newest; the same again is silent; a change keeps when it began', async () => {
    const { notices, clock, heard } = build()
    notices.raise(notice('tip', 'info'))
    await clock.advance(1_000)
    notices.raise(notice('disk', 'problem', '400 MB'))
    notices.raise(notice('cert', 'warning'))
    notices.raise(notice('disk', 'problem', '400 MB'))
    assert.deepEqual(heard, [1, 2, 3])
    const began = notices.list()[0]?.since
    await clock.advance(1_000)
    notices.raise(notice('disk', 'problem', '300 MB'))
    assert.deepEqual(
      notices.list().map(({ id, detail }) => [id, detail]),
      [
        ['disk', '300 MB'],
        ['cert', ''],
        ['tip', ''],
      ],
    )
    assert.equal(notices.list()[0]?.since, began)
    notices.clear('disk')
    notices.clear('disk')
    assert.deepEqual(heard, [1, 2, 3, 3, 2])
  })
})

describe('the health page', () => {
  test('shows parts and notices to who may see the system; anybody may ask whether it lives, and learns no more', async () => {
    const { notices, clock } = build()
    const { routes } = createHealth({
      notices,
      clock,
      version: '1.2.3',
      parts: () => [{ name: 'detector', state: 'ready', detail: 'on cpu' }],
    })
    const at = await startServer(routes)
    try {
      assert.deepEqual((await at.ask('/api/live')).json(), { status: 'ok' })
      assert.equal((await at.ask('/api/health', { as: 'otto' })).status, 403)
      assert.equal((await at.ask('/api/health', { as: 'anna' })).json().status, 'ok')
      notices.raise(notice('tip', 'info'))
      assert.equal((await at.ask('/api/health', { as: 'anna' })).json().status, 'ok')
      notices.raise(notice('disk', 'problem'))
      const health = (await at.ask('/api/health', { as: 'anna' })).json()
      assert.equal(health.status, 'attention')
      assert.equal(health.version, '1.2.3')
      assert.deepEqual(health.parts, [{ name: 'detector', state: 'ready', detail: 'on cpu' }])
      at.setupDone = false
      assert.deepEqual((await at.ask('/api/live')).json(), { status: 'ok' })
    } finally {
      await at.stop()
    }
  })
})
