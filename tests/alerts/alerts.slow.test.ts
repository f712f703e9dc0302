import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { PushTarget } from '../../appliance/src/api/alerts.ts'
import { pushMessage } from '../../appliance/src/api/alerts.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { homeTimeZone } from '../../appliance/src/settings/index.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { atEnd, startAlertsHome, until, type AlertsHome, type AlertsHomeOptions } from './harness.ts'

/** How much faster than life some tests run. */
const HASTE = 5

async function home(t: TestContext, options?: AlertsHomeOptions): Promise<AlertsHome> {
  const started = await startAlertsHome(options)
  atEnd(t, () => started.stop())
  return started
}

test('an incident becomes one encrypted, signed push that says who is where', async (t) => {
  const { subscribe, open, service, settings, call } = await home(t)
  await settings.set(homeTimeZone, 'Europe/Berlin')
  await subscribe()
  const at = Date.UTC(2026, 0, 9, 13, 2)
  const incident = await open({ openedAt: at })
  const [push] = await service.waitFor(1)
  assert.ok(push)
  const message = pushMessage.parse(service.read(push))
  assert.equal(message.notification.title, 'Person at Front door')
  assert.match(message.notification.body, /14:02/)
  assert.equal(message.notification.navigate, `https://lares.local:8443/incidents/${incident.id}`)
  assert.equal(message.notification.tag, `incident:${incident.id}`)
  assert.equal(message.notification.app_badge, '3')
  const { report, actions, ...data } = message.notification.data
  const image = `/api/pictures/incidents/${incident.id}.jpg?signed=yes`
  assert.deepEqual(data, { kind: 'incident', path: `/incidents/${incident.id}`, at: data.at, image, renotify: true })
  assert.match(report?.shown ?? '', /^\/api\/alerts\/told\/[0-9a-f-]{36}\/shown\?signed=yes$/)
  assert.deepEqual(
    actions?.map(({ action }) => action),
    ['expected', 'snooze'],
  )
  assert.equal(push.urgency, 'high')
  assert.ok(push.ttlS > 290 && push.ttlS <= 300)
  assert.match(push.topic, /^[\w-]{1,32}$/)
  const { publicKey } = await call<{ publicKey: string }>('GET', '/api/push/key')
  assert.equal(push.vapid?.publicKey, publicKey)
})

test('everybody who may see incidents is told, nobody else', async (t) => {
  const { subscribe, open, service, outbox } = await home(t)
  const [ada, gus, vic, ina] = [
    await subscribe('ada'),
    await subscribe('gus'),
    await subscribe('vic'),
    await subscribe('ina'),
  ]
  await open()
  await service.waitFor(2)
  await until('all are marked', async () => (await outbox()).every((row) => row.state === 'sent'))
  const told = service.received.map((push) => push.subscriptionId).sort()
  assert.deepEqual(told, [ada.subscription.id, vic.subscription.id].sort())
  assert.ok(!told.includes(gus.subscription.id) && !told.includes(ina.subscription.id))
})

test('updates and closings of an incident send nothing', async (t) => {
  const { subscribe, open, service, database, rules, outbox } = await home(t)
  await subscribe()
  const incident = await open()
  await service.waitFor(1)
  for (const change of ['updated', 'closed'] as const) {
    await database.transaction((trx) => rules.incidentHook(trx, change, incident))
  }
  assert.equal((await outbox()).length, 1)
})

test('a visit that goes on alerts nobody who could see where it was seen before', async (t) => {
  const { subscribe, service, database, rules, open, outbox } = await home(t)
  await subscribe()
  const incident = await open()
  await service.waitFor(1)
  const part = { ...incident, id: incident.id.replace(/^./, 'f'), partOf: incident.id }
  await database.transaction((trx) => rules.incidentHook(trx, 'opened', part))
  assert.equal((await outbox()).length, 1)
})

test('an incident that is rolled back alerts nobody', async (t) => {
  const { subscribe, service, database, rules, open, outbox } = await home(t)
  await subscribe()
  const incident = await (async () => {
    const seen = await open()
    await service.waitFor(1)
    return seen
  })()
  const failing = database.transaction(async (trx) => {
    await rules.incidentHook(trx, 'opened', { ...incident, id: incident.id.replace(/^./, 'f') })
    throw new Error('the picture could not be written')
  })
  await assert.rejects(failing, /picture/)
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(service.received.length, 1)
  assert.equal((await outbox()).length, 1)
})

test('what was queued when the box died is sent once by the next start, and not again by the one after', async (t) => {
  const asleep = await home(t, { asleep: true })
  await asleep.subscribe()
  await asleep.open()
  assert.equal(asleep.service.received.length, 0)

  const second = await startAlertsHome({ again: asleep })
  await asleep.service.waitFor(1)
  await until('it is marked', async () => (await asleep.outbox())[0]?.state === 'sent')
  await second.stop()
  const third = await startAlertsHome({ again: asleep })
  await new Promise((resolve) => setTimeout(resolve, 150))
  await third.stop()
  assert.equal(asleep.service.received.length, 1)
  assert.deepEqual(await asleep.outbox(), [{ state: 'sent', attempts: 1, reason: null }])
})

test('what is older than its life is dropped with its reason, and the owner is told', async (t) => {
  let shiftMs = 0
  const clock = { ...systemClock, now: () => Date.now() + shiftMs }
  const asleep = await home(t, { asleep: true, clock })
  await asleep.subscribe()
  await asleep.open()
  shiftMs = 6 * 60_000
  const late = await startAlertsHome({ again: asleep, clock })
  atEnd(t, () => late.stop())
  await until('it is dropped', async () => (await asleep.outbox())[0]?.state === 'dropped')
  assert.match((await asleep.outbox())[0]?.reason ?? '', /Too old/)
  assert.equal(asleep.service.received.length, 0)
  assert.ok(late.notices.has('alerts.undelivered'))
})

for (const status of [404, 410]) {
  test(`${status} means the browser is gone: its subscription is forgotten`, async (t) => {
    const { subscribe, open, service, call } = await home(t)
    await subscribe()
    service.answer = () => ({ status })
    await open()
    await until(
      'it is forgotten',
      async () => (await call<{ targets: PushTarget[] }>('GET', '/api/push/targets')).targets.length === 0,
    )
    assert.equal(service.received.length, 1)
  })
}

test('429 is asked again after Retry-After, 503 after a growing pause, and then it is sent', async (t) => {
  const { subscribe, open, service, outbox, call } = await home(t, { clock: createHastyClock(HASTE) })
  await subscribe()
  const answers = [{ status: 429, headers: { 'retry-after': '2' } }, { status: 503 }]
  service.answer = () => answers.shift()
  await open()
  const pushes = await service.waitFor(3, 15_000)
  const [first, second, third] = pushes.map((push) => push.atMs * HASTE)
  assert.ok(second !== undefined && first !== undefined && third !== undefined)
  assert.ok(second - first >= 1_950, `Retry-After 2 s took ${second - first} ms`)
  assert.ok(third - second >= 2_900, `the pause took ${third - second} ms`)
  assert.equal(new Set(pushes.map((push) => push.topic)).size, 1)
  await until('it is marked', async () => (await outbox())[0]?.state === 'sent')
  assert.equal((await outbox())[0]?.attempts, 3)
  const { targets } = await call<{ targets: PushTarget[] }>('GET', '/api/push/targets')
  assert.equal(targets[0]?.problem, null)
})

test('403 keeps the subscription, says why, and does not try again', async (t) => {
  const { subscribe, open, service, outbox, call, notices } = await home(t)
  await subscribe()
  service.answer = () => ({ status: 403, body: '{"reason":"BadJwtToken"}' })
  await open()
  await until('it is given up', async () => (await outbox())[0]?.state === 'failed')
  const { targets } = await call<{ targets: PushTarget[] }>('GET', '/api/push/targets')
  assert.match(targets[0]?.problem ?? '', /BadJwtToken.*alerts\.contact/)
  assert.match(notices.get('alerts.undelivered')?.detail ?? '', /BadJwtToken/)
  service.answer = () => undefined
  await open()
  await service.waitFor(2)
  await until('all is well again', () => !notices.has('alerts.undelivered'))
})

test('a service that cannot be reached is tried until the message is worth nothing', async (t) => {
  const asleep = await home(t, { asleep: true })
  await asleep.subscribe()
  await asleep.open()
  const { server } = asleep.service
  const port = (server.address() as { port: number }).port
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  const awake = await startAlertsHome({ again: asleep })
  atEnd(t, () => awake.stop())
  await until('it failed once', async () => ((await asleep.outbox())[0]?.reason ?? '') !== '')
  assert.match((await asleep.outbox())[0]?.reason ?? '', /cannot be reached/)
  assert.equal((await asleep.outbox())[0]?.state, 'queued')
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await asleep.service.waitFor(1)
  await until('it is marked', async () => (await asleep.outbox())[0]?.state === 'sent')
})

test('a service that hangs delays nobody else', async (t) => {
  const first = await home(t)
  await first.subscribe()
  const { subscription: hanging } = await first.subscribe()
  first.service.answer = (push) => (push.subscriptionId === hanging.id ? { status: 201, delayMs: 1_500 } : undefined)
  await first.open()
  await first.service.waitFor(2)
  await until(
    'the quick one is done',
    async () => (await first.outbox()).filter((row) => row.state === 'sent').length === 1,
    1_000,
  )
  await first.open()
  await first.service.waitFor(4, 1_000)
})

test('the test button sends now and tells what became of each phone', async (t) => {
  const { subscribe, call, service } = await home(t)
  const good = await subscribe()
  const gone = await subscribe()
  const odd = await subscribe()
  await subscribe('vic')
  service.answer = ({ subscriptionId }) => {
    if (subscriptionId === gone.subscription.id) return { status: 410 }
    return subscriptionId === odd.subscription.id ? { status: 500 } : undefined
  }
  const reply = await call<{ sent: number; failed: { label: string; reason: string }[] }>('POST', '/api/push/test')
  assert.equal(reply.sent, 1)
  assert.equal(reply.failed.length, 2)
  assert.ok(reply.failed.every(({ reason }) => reason.length > 10))
  const mine = service.received.find((push) => push.subscriptionId === good.subscription.id)
  assert.ok(mine)
  assert.equal(service.read(mine).notification.data.kind, 'test')
  assert.equal(service.received.length, 3)
  const { targets } = await call<{ targets: PushTarget[] }>('GET', '/api/push/targets')
  assert.ok(!targets.some((target) => target.id === gone.target.id))
  assert.match(targets.find((target) => target.id === odd.target.id)?.problem ?? '', /out of order/)
})

test('one connection is kept and used again', async (t) => {
  const { subscribe, open, service } = await home(t)
  await subscribe()
  for (let count = 1; count <= 5; count++) {
    await open()
    await service.waitFor(count)
  }
  assert.equal(service.connections(), 1)
})

test('from commit to the request on the wire takes a few milliseconds', async (t) => {
  const { subscribe, open, service } = await home(t)
  await subscribe()
  await open()
  await service.waitFor(1)
  const tookMs: number[] = []
  for (let count = 2; count <= 21; count++) {
    await open()
    const committedAt = performance.now()
    await service.waitFor(count)
    tookMs.push((service.received.at(-1)?.atMs ?? 0) - committedAt)
  }
  tookMs.sort((a, b) => a - b)
  t.diagnostic(`commit → request: p50 ${tookMs[10]?.toFixed(1)} ms, max ${tookMs.at(-1)?.toFixed(1)} ms`)
  assert.ok((tookMs[10] ?? Infinity) <= 20, `median ${tookMs[10]} ms`)
})
