import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { setCameras } from '../../appliance/src/accounts/people/user-store.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { atEnd, startAlertsHome, until, type AlertsHome } from './harness.ts'

const YARD = { id: newId(1), name: 'Yard' }
const GARDEN = { id: newId(4), name: 'Garden' }
const ATTIC = { id: newId(2), name: 'Attic' }

async function home(t: TestContext): Promise<AlertsHome> {
  const started = await startAlertsHome()
  atEnd(t, () => started.stop())
  return started
}

async function limit({ database }: AlertsHome, userId: string, cameras: readonly string[]): Promise<void> {
  await database.writer.updateTable('users').set({ cameras_limited: 1 }).where('id', '=', userId).execute()
  await setCameras(database.writer, userId, cameras)
}

const idle = ({ outbox }: AlertsHome): Promise<void> =>
  until('nothing waits', async () => (await outbox()).every(({ state }) => state !== 'queued'))

describe('SEC-A10 who is alerted', () => {
  test('only those who may see the camera', async (t) => {
    const at = await home(t)
    await at.subscribe('ada')
    const vic = await at.subscribe('vic')
    await limit(at, 'vic', [YARD.id])
    await at.open({ camera: ATTIC })
    await idle(at)
    assert.ok(!at.service.received.some(({ subscriptionId }) => subscriptionId === vic.subscription.id))
    await at.open({ camera: YARD })
    await at.service.waitFor(3)
    const told = at.service.received.filter(({ subscriptionId }) => subscriptionId === vic.subscription.id)
    assert.equal(told.length, 1)
    await limit(at, 'vic', [])
    // Another camera: of the yard was told a moment ago.
    await at.open({ camera: GARDEN })
    await at.service.waitFor(4)
    await idle(at)
    assert.equal(at.service.received.length, 4)
  })

  test('by what their role permits, also one made in this home', async (t) => {
    const at = await home(t)
    const gus = await at.subscribe('gus')
    const role = { id: newId(3), name: 'Sitter', permissions: '["incidents.view"]', created_at: 1, updated_at: 1 }
    await at.database.writer.insertInto('roles').values(role).execute()
    await at.database.writer.updateTable('users').set({ role: role.id }).where('id', '=', 'gus').execute()
    await at.open()
    await at.service.waitFor(1)
    assert.equal(at.service.received[0]?.subscriptionId, gus.subscription.id)
  })

  test('what waits for somebody who may not see it any more is not sent; the rest is', async (t) => {
    const at = await home(t)
    await at.subscribe('vic')
    at.service.answer = () => ({ status: 503 })
    for (const camera of [YARD, ATTIC]) {
      const incident = await at.open({ camera })
      await at.database.writer
        .insertInto('incidents')
        .values({
          ...{ id: incident.id, camera_id: camera.id, camera_name: camera.name, state: 'open', opened_at: 1 },
          ...{ last_seen_at: 1, closed_at: null, classes: '[]', snapshot: null, clip_state: 'recording', clip: null },
          ...{ feedback: null, reviewed_at: null, reviewed_by: null },
        })
        .execute()
    }
    await until('both were tried', async () => (await at.outbox()).every(({ attempts }) => attempts > 0))
    await limit(at, 'vic', [YARD.id])
    at.bus.emit('account.changed', { userId: 'vic' })
    await until('one is dropped', async () => (await at.outbox()).some(({ state }) => state === 'dropped'))
    const rows = await at.database.reader
      .selectFrom('outbox')
      .innerJoin('alert_notices', 'alert_notices.id', 'outbox.notice_id')
      .innerJoin('incidents', 'incidents.id', 'alert_notices.incident_id')
      .select(['incidents.camera_name as camera', 'outbox.state as state'])
      .orderBy('incidents.camera_name')
      .execute()
    assert.deepEqual(rows, [
      { camera: 'Attic', state: 'dropped' },
      { camera: 'Yard', state: 'queued' },
    ])
  })

  test('a changed role or an idle page takes no phone off the list; a reset does', async (t) => {
    const at = await home(t)
    const targets = async (): Promise<number> =>
      (await at.database.reader.selectFrom('push_targets').select('id').execute()).length
    await at.subscribe('vic')
    await at.subscribe('ada')
    for (const reason of ['idle', 'access-changed', 'expired', 'too-many-sessions'])
      at.bus.emit('session.ended', { sessionId: 'session-vic', userId: 'vic', reason })
    at.bus.emit('session.ended', { sessionId: 'session-ada', userId: 'ada', reason: 'reset' })
    await until('one is left', async () => (await targets()) === 1)
  })
})
