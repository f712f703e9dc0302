import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { PushMessage, ToldReply } from '../../appliance/src/api/alerts.ts'
import { systemClock, type Clock } from '../../appliance/src/core/clock.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { atEnd, someNotice, startAlertsHome, until, type AlertsHome, type AlertsHomeOptions } from './harness.ts'

async function home(t: TestContext, options?: AlertsHomeOptions): Promise<AlertsHome> {
  const started = await startAlertsHome(options)
  atEnd(t, () => started.stop())
  return started
}

const subjectOf = (incidentId: string) => ({ kind: 'incident', incidentId, cameraId: newId(2) }) as const

const states = async ({ outbox }: AlertsHome): Promise<string[]> => (await outbox()).map(({ state }) => state)

/** Id of the row that a message belongs to, as its links have it. */
const rowOf = (message: PushMessage): string =>
  /told\/([0-9a-f-]{36})\//.exec(message.notification.data.report?.shown ?? '')?.[1] ?? ''

async function firstMessage({ service }: AlertsHome): Promise<PushMessage> {
  const [push] = await service.waitFor(1)
  assert.ok(push)
  return service.read(push)
}

describe('later states of a subject', () => {
  test('take the place of what still waits: only the last is sent', async (t) => {
    const asleep = await home(t, { asleep: true })
    await asleep.subscribe()
    const subject = subjectOf(newId(1))
    await asleep.tell({ subject, title: 'Person at Yard' })
    await asleep.tell({ subject, state: 'escalated', title: 'Person at Yard for two minutes' })
    assert.deepEqual(await states(asleep), ['replaced', 'queued'])
    const awake = await startAlertsHome({ again: asleep })
    atEnd(t, () => awake.stop())
    await until('it is sent', async () => (await states(asleep)).includes('sent'))
    assert.equal(asleep.service.received.length, 1)
    const message = await firstMessage(asleep)
    assert.equal(message.notification.title, 'Person at Yard for two minutes')
  })

  test('never arrive before what is under way, and carry the same topic and tag', async (t) => {
    const at = await home(t)
    await at.subscribe()
    const subject = subjectOf(newId(1))
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    at.service.answer = () => ({ status: 201, delayMs: at.service.received.length === 0 ? 400 : 0 })
    await at.tell({ subject })
    await at.service.waitFor(1)
    await at.tell({ subject, state: 'escalated', title: 'Second' })
    release()
    await held
    await at.service.waitFor(2)
    await until('both are sent', async () => (await states(at)).every((state) => state === 'sent'))
    const [first, second] = at.service.received
    assert.ok(first && second)
    assert.equal(first.topic, second.topic)
    assert.deepEqual(
      [second].map((push) => at.service.read(push).notification.title),
      ['Second'],
    )
    assert.ok(second.atMs - first.atMs >= 350, 'the second waited for the first')
    const tags = at.service.received.map((push) => at.service.read(push).notification.tag)
    assert.equal(new Set(tags).size, 1)
  })

  test('leave alone what waits for others: another rule, another person', async (t) => {
    const asleep = await home(t, { asleep: true })
    await asleep.subscribe('ada')
    await asleep.subscribe('vic')
    const subject = subjectOf(newId(1))
    await asleep.tell({ subject, audience: { permission: 'incidents.view', userIds: ['ada'] } })
    await asleep.tell({ subject, audience: { permission: 'incidents.view', userIds: ['vic'] } })
    assert.deepEqual(await states(asleep), ['queued', 'queued'])
  })

  test('an overtaken one that fails later stays overtaken', async (t) => {
    const at = await home(t)
    await at.subscribe()
    const subject = subjectOf(newId(1))
    at.service.answer = () => ({ status: at.service.received.length === 0 ? 503 : 201, delayMs: 300 })
    await at.tell({ subject })
    await at.service.waitFor(1)
    await at.tell({ subject, state: 'escalated' })
    await until('the second is sent', async () => (await states(at)).includes('sent'))
    assert.deepEqual(await states(at), ['replaced', 'sent'])
  })
})

test('a push service that hangs holds up no other channel and no other service, however many phones it has', async (t) => {
  const published: string[] = []
  const mqtt = { publish: async (topic: string) => void published.push(topic), state: () => 'Connected' }
  const at = await home(t, { mqtt })
  const settings = { url: 'mqtt://x', username: '', prefix: 'lares', discovery: false, discoveryPrefix: 'ha' }
  const body = { enabled: true, settings: { ...settings, allowControl: false, ca: '' } }
  await at.call('PUT', '/api/alerts/channels/mqtt', body)
  for (let phone = 0; phone < 20; phone++) await at.subscribe('ada')
  at.service.answer = () => ({ status: 201, delayMs: 1_500 })
  await at.tell()
  await until('MQTT has it', () => published.length === 1, 1_200)
  assert.deepEqual(published, ['alert'])
})

test('what failed before leaves room for what is new in the same lane', async (t) => {
  const at = await home(t)
  const old: string[] = []
  for (let phone = 0; phone < 12; phone++) old.push((await at.subscribe('vic')).subscription.id)
  at.service.answer = ({ subscriptionId }) => (old.includes(subscriptionId) ? { status: 503 } : undefined)
  await at.tell({ audience: { permission: 'incidents.view', userIds: ['vic'] } })
  await until('all failed once', async () => (await at.outbox()).every(({ attempts }) => attempts > 0))
  // From now on each of them hangs.
  at.service.answer = ({ subscriptionId }) =>
    old.includes(subscriptionId) ? { status: 503, delayMs: 2_500 } : undefined
  const hanging = at.service.received.length
  await at.service.waitFor(hanging + 1, 10_000)
  const { subscription } = await at.subscribe('ada')
  await at.tell({ audience: { permission: 'incidents.view', userIds: ['ada'] } })
  const reached = (): boolean => at.service.received.some((push) => push.subscriptionId === subscription.id)
  await until('the new one is reached', reached, 2_000)
})

describe('history', () => {
  const read = (at: AlertsHome, query: object, userId = 'ada') => at.history(query, userId)

  test('says to whom, whether shown and opened, and why not', async (t) => {
    const at = await home(t)
    await at.subscribe('ada')
    const gone = await at.subscribe('vic')
    at.service.answer = ({ subscriptionId }) => (subscriptionId === gone.subscription.id ? { status: 410 } : undefined)
    const incident = await at.open()
    await until('both are done', async () => (await states(at)).every((state) => state !== 'queued'))
    const push = at.service.received.find(({ subscriptionId }) => subscriptionId !== gone.subscription.id)
    assert.ok(push)
    const row = rowOf(at.service.read(push))
    await at.call('POST', `/api/alerts/told/${row}/shown`)
    await at.call('POST', `/api/alerts/told/${row}/opened`)
    const { notices } = await read(at, { incident: incident.id })
    const [notice] = notices
    assert.equal(notices.length, 1)
    assert.match(notice?.reason ?? '', /person is seen/)
    const [ofAda, ofVic] = [...(notice?.deliveries ?? [])].sort((a, b) =>
      (a.person ?? '').localeCompare(b.person ?? ''),
    )
    assert.equal(ofAda?.person, 'ada')
    assert.equal(ofAda?.state, 'sent')
    assert.ok((ofAda?.shownAt ?? 0) >= (ofAda?.sentAt ?? Infinity) - 5)
    assert.notEqual(ofAda?.openedAt, null)
    assert.equal(ofVic?.state, 'failed')
    assert.match(ofVic?.reason ?? '', /no longer takes notifications/)
  })

  test('SEC-A10 shows nobody what they may not see: cameras, and the phones of others', async (t) => {
    const at = await home(t)
    await at.subscribe('ada')
    await at.subscribe('vic')
    await at.open()
    await at.tell({ subject: { kind: 'health', code: 'disk' }, audience: { permission: 'system.view' } })
    await until('all is sent', async () => (await states(at)).every((state) => state === 'sent'))
    const all = await read(at, {})
    assert.deepEqual(
      all.notices.map(({ kind, deliveries }) => [kind, deliveries.length]),
      [
        ['health', 1],
        ['incident', 2],
      ],
    )
    const ofVic = await read(at, {}, 'vic')
    assert.deepEqual(
      ofVic.notices.map(({ deliveries }) => deliveries.map(({ person }) => person)),
      [['vic']],
    )
    const blind = await at.history({}, 'vic', new Set())
    assert.deepEqual(blind.notices, [])
  })

  test('is read in pages', async (t) => {
    const at = await home(t, { asleep: true })
    for (let count = 0; count < 5; count++) await at.tell({ subject: subjectOf(newId(count + 1)) })
    const first = await read(at, { limit: 3 })
    const second = await read(at, { limit: 3, before: first.next })
    assert.deepEqual([first.notices.length, second.notices.length, second.next], [3, 2, null])
    assert.equal(new Set([...first.notices, ...second.notices].map(({ id }) => id)).size, 5)
  })
})

describe('J2 actions of a notification', () => {
  const withActions = { actions: ['expected', 'snooze', 'light'], lightPlugId: newId(7) } as const

  test('are offered to those who may do them, and done in their name', async (t) => {
    const at = await home(t)
    await at.subscribe('ada')
    const incidentId = newId(1)
    await at.tell({ ...withActions, subject: subjectOf(incidentId) })
    const message = await firstMessage(at)
    assert.deepEqual(
      message.notification.actions?.map(({ action }) => action),
      ['expected', 'snooze', 'light'],
    )
    const row = rowOf(message)
    const done = await at.call<{ title: string }>('POST', `/api/alerts/told/${row}/act/expected`)
    assert.equal(done.title, 'Marked as expected')
    const lit = await at.call<{ title: string }>('POST', `/api/alerts/told/${row}/act/light`)
    assert.equal(lit.title, 'Porch light is on')
    assert.deepEqual(at.acted, [`expected ${incidentId} by ada`, `on ${withActions.lightPlugId}`])
  })

  test('SEC-A10 somebody who may only look is offered quiet alone, and can do no more with a made-up path', async (t) => {
    const at = await home(t)
    await at.subscribe('vic')
    await at.tell(withActions)
    const message = await firstMessage(at)
    assert.deepEqual(
      message.notification.actions?.map(({ action }) => action),
      ['snooze'],
    )
    const row = rowOf(message)
    for (const action of ['expected', 'light'])
      await assert.rejects(at.call('POST', `/api/alerts/told/${row}/act/${action}`), { kind: 'not-found' })
    assert.deepEqual(at.acted, [])
  })

  test('SEC-A10 whoever lost a permission since, or took the phone off the list, does nothing any more', async (t) => {
    const at = await home(t)
    const { target } = await at.subscribe('ada')
    await at.tell(withActions)
    const row = rowOf(await firstMessage(at))
    await at.database.writer.updateTable('users').set({ role: 'viewer' }).where('id', '=', 'ada').execute()
    await assert.rejects(at.call('POST', `/api/alerts/told/${row}/act/expected`), { kind: 'forbidden' })
    await at.database.writer.updateTable('users').set({ role: 'admin' }).where('id', '=', 'ada').execute()
    await at.call('DELETE', `/api/push/targets/${target.id}`)
    await assert.rejects(at.call('POST', `/api/alerts/told/${row}/act/expected`), { kind: 'not-found' })
    assert.deepEqual(at.acted, [])
  })

  test('snooze: that camera is quiet for that person for an hour, not for others, not when it is critical', async (t) => {
    const at = await home(t)
    const ada = await at.subscribe('ada')
    const vic = await at.subscribe('vic')
    const subject = subjectOf(newId(1))
    await at.tell({ ...withActions, subject, audience: { permission: 'incidents.view', userIds: ['ada'] } })
    const row = rowOf(await firstMessage(at))
    await at.call('POST', `/api/alerts/told/${row}/act/snooze`)
    const { snoozes } = await at.call<{ snoozes: { cameraId: string; until: number }[] }>('GET', '/api/alerts/snoozes')
    assert.equal(snoozes[0]?.cameraId, subject.cameraId)
    const again = { ...subject, incidentId: newId(2) }
    assert.equal(await at.tell({ subject: again }), 1)
    assert.equal(await at.tell({ subject: { ...again, incidentId: newId(3) }, urgency: 'critical' }), 2)
    assert.equal(await at.tell({ subject: subjectOf(newId(4)) }), 2, 'another camera')
    await at.service.waitFor(6)
    const told = at.service.received.filter(({ subscriptionId }) => subscriptionId === ada.subscription.id).length
    assert.equal(told, 3)
    assert.ok(at.service.received.some(({ subscriptionId }) => subscriptionId === vic.subscription.id))
    await at.call('DELETE', '/api/alerts/snoozes', { cameraId: subject.cameraId })
    assert.equal(await at.tell({ subject: { ...again, incidentId: newId(5) } }), 2)
  })
})

describe('the canary', () => {
  const DAY_MS = 24 * 60 * 60_000

  test('asks on a quiet day, and says by another way when nobody answers', async (t) => {
    const published: string[] = []
    const mqtt = {
      publish: async (_: string, payload: string) => void published.push(payload),
      state: () => 'Connected',
    }
    let shiftMs = 0
    const noon = Date.UTC(2026, 5, 1, 12)
    const realStart = Date.now()
    const clock: Clock = {
      ...systemClock,
      now: () => noon + shiftMs + (Date.now() - realStart),
      // The canary looks every ten minutes; nothing else here waits that long.
      after: (delayMs, run) => systemClock.after(delayMs === 600_000 ? 50 : delayMs, run),
    }
    const at = await home(t, { mqtt, clock })
    const settings = { url: 'mqtt://x', username: '', prefix: 'lares', discovery: false, discoveryPrefix: 'ha' }
    const body = { enabled: true, settings: { ...settings, allowControl: false, ca: '' } }
    await at.call('PUT', '/api/alerts/channels/mqtt', body)
    await at.subscribe()
    shiftMs = DAY_MS
    await at.service.waitFor(1, 20_000)
    const question = await firstMessage(at)
    assert.equal(question.notification.silent, true)
    assert.equal(question.notification.tag, 'health:daily-check')
    await until('it is marked', async () => (await states(at)).includes('sent'))
    shiftMs = 2 * DAY_MS + 60_000
    await until('the owner is told in the app', () => at.notices.has('alerts.no-phone'), 20_000)
    await until('and by another way', () => published.length > 0, 20_000)
    assert.match(published[0] ?? '', /No phone has answered/)
    await at.call('POST', `/api/alerts/told/${rowOf(question)}/shown`)
    assert.ok(!at.notices.has('alerts.no-phone'), 'one answer is enough')
  })
})

test('a notice that nobody can be told is in the history, too', async (t) => {
  const at = await home(t)
  assert.equal(await at.tell(someNotice()), 0)
  const { notices }: ToldReply = await at.history({})
  assert.deepEqual(
    notices.map(({ title, deliveries }) => [title, deliveries.length]),
    [['Person at Front door', 0]],
  )
})
