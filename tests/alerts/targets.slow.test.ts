import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { PushTarget } from '../../appliance/src/api/alerts.ts'
import { createAlerts } from '../../appliance/src/alerts/index.ts'
import { atEnd, startAlertsHome, until, type AlertsHome, type AlertsHomeOptions } from './harness.ts'

async function home(t: TestContext, options?: AlertsHomeOptions): Promise<AlertsHome> {
  const started = await startAlertsHome(options)
  atEnd(t, () => started.stop())
  return started
}

const list = async ({ call }: AlertsHome, userId = 'ada'): Promise<PushTarget[]> =>
  (await call<{ targets: PushTarget[] }>('GET', '/api/push/targets', undefined, userId)).targets

test('the key pair is made once and kept, sealed like every secret', async (t) => {
  const first = await home(t, { asleep: true })
  const key = async ({ call }: AlertsHome): Promise<string> =>
    (await call<{ publicKey: string }>('GET', '/api/push/key')).publicKey
  const [one, two] = await Promise.all([key(first), key(first)])
  assert.equal(one, two)
  const second = await startAlertsHome({ again: first })
  atEnd(t, () => second.stop())
  assert.equal(await key(second), one)
  assert.equal(Buffer.from(one, 'base64url').length, 65)
})

test('the same browser subscribing again replaces its entry, also for somebody else', async (t) => {
  const ada = await home(t)
  const { subscription } = await ada.subscribe('ada')
  const { endpoint, keys } = subscription
  const again = await ada.call<PushTarget>('POST', '/api/push/targets', { endpoint, keys, label: 'Kitchen tablet' })
  assert.deepEqual(
    (await list(ada)).map(({ id, label }) => [id, label]),
    [[again.id, 'Kitchen tablet']],
  )
  await ada.call('POST', '/api/push/targets', { endpoint, keys }, 'vic')
  assert.deepEqual(
    (await list(ada)).map(({ own }) => own),
    [false],
  )
})

test('J6 a phone that is signed out hears nothing more; one that was not used for long does', async (t) => {
  const both = await home(t)
  await both.subscribe('ada')
  await both.subscribe('vic')
  both.bus.emit('session.ended', { sessionId: 'session-vic', userId: 'vic', reason: 'expired' })
  both.bus.emit('session.ended', { sessionId: 'session-ada', userId: 'ada', reason: 'signed-out' })
  await until('only one is left', async () => (await list(both)).length === 1)
  assert.deepEqual(
    (await list(both)).map(({ own }) => own),
    [false],
  )
})

test('subscribing again keeps what is queued for the browser', async (t) => {
  const ada = await home(t, { asleep: true })
  const { subscription, target } = await ada.subscribe('ada')
  await ada.open()
  const { endpoint, keys } = subscription
  const again = await ada.call<PushTarget>('POST', '/api/push/targets', { endpoint, keys })
  assert.equal(again.id, target.id)
  assert.deepEqual(
    (await ada.outbox()).map(({ state }) => state),
    ['queued'],
  )
})

test('everybody sees and removes their own; only who may see the system sees all', async (t) => {
  const both = await home(t)
  const { target: ofAda } = await both.subscribe('ada')
  const { target: ofVic } = await both.subscribe('vic')
  assert.equal((await list(both, 'ada')).length, 2)
  assert.deepEqual(
    (await list(both, 'vic')).map(({ id }) => id),
    [ofVic.id],
  )
  await assert.rejects(both.call('DELETE', `/api/push/targets/${ofAda.id}`, undefined, 'vic'), { kind: 'not-found' })
  await both.call('DELETE', `/api/push/targets/${ofVic.id}`, undefined, 'ada')
  assert.deepEqual(
    (await list(both)).map(({ id }) => id),
    [ofAda.id],
  )
})

test('addresses and keys are sealed in the database', async (t) => {
  const sealed = await home(t)
  const { subscription } = await sealed.subscribe()
  const rows = await sealed.database.reader.selectFrom('push_targets').selectAll().execute()
  const text = JSON.stringify(rows)
  for (const secret of [subscription.endpoint, subscription.id, subscription.keys.auth, subscription.keys.p256dh]) {
    assert.ok(!text.includes(secret))
  }
})

test('one person has at most 32, the rest of what was asked changes nothing', async (t) => {
  const wild = await home(t)
  for (let count = 0; count < 32; count++) await wild.subscribe()
  await assert.rejects(wild.subscribe(), { kind: 'conflict' })
  assert.equal((await list(wild)).length, 32)
})

test('SEC a subscription cannot make the box call into the home', async (t) => {
  const strict = await home(t, { allowHome: false })
  const { endpoint, keys } = strict.service.subscribe()
  await assert.rejects(strict.call('POST', '/api/push/targets', { endpoint, keys }), { kind: 'invalid' })
  assert.deepEqual(await list(strict), [])
})

test('SEC a name that leads into the home is not called, even when it was stored', async (t) => {
  const lenient = await home(t)
  await lenient.subscribe()
  await lenient.alerts.stop()
  const strict = await startAlertsHome({ again: lenient, allowHome: false })
  atEnd(t, () => strict.stop())
  await strict.open()
  await until('it is given up', async () => (await strict.outbox())[0]?.state === 'failed')
  assert.match((await strict.outbox())[0]?.reason ?? '', /leads into the home/)
  assert.equal(lenient.service.received.length, 0)
})

test('a root for push services that cannot be read stops the start in words', async (t) => {
  const { database, settings } = await home(t)
  const broken = createAlerts({
    ...({ database, settings, pushCa: '/nowhere/root.pem' } as unknown as Parameters<typeof createAlerts>[0]),
    log: { child: () => ({}) } as never,
  })
  await assert.rejects(broken.start(), /LARES_PUSH_CA .*\/nowhere\/root\.pem/)
})
