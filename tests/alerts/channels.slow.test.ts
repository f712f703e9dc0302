import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test, type TestContext } from 'node:test'
import type { AlertChannel, TestChannelReply } from '../../appliance/src/api/channels.ts'
import { mayCall } from '../../appliance/src/alerts/channels/http-target.ts'
import { outcomeOfMailError } from '../../appliance/src/alerts/channels/email.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { startHttpSink, type HttpSink } from '../fakes/http-sink.ts'
import { startSmtpServer, type SmtpOptions, type SmtpServer } from '../fakes/smtp-server.ts'
import { atEnd, startAlertsHome, until, type AlertsHome, type AlertsHomeOptions } from './harness.ts'

const PICTURE = Buffer.from('/9j/the-picture', 'base64')
const LOGIN = { username: 'box@example.org', password: 'mail-password' }
const KEY = 'a-key-of-more-than-16-characters'
const ADA = newId(11)
const VIC = newId(12)

async function home(t: TestContext, options: AlertsHomeOptions = {}): Promise<AlertsHome> {
  const started = await startAlertsHome({ pictures: () => PICTURE, ...options })
  atEnd(t, () => started.stop())
  for (const [id, name, role] of [
    [ADA, 'ada2', 'admin'],
    [VIC, 'vic2', 'viewer'],
  ] as const)
    await started.database.writer
      .insertInto('users')
      .values({
        ...{ id, username: name, display_name: name, role, active: 1, password_hash: '', password_changed_at: 0 },
        ...{ totp_secret: null, cameras_limited: 0, totp_last_step: 0, created_at: 0 },
      })
      .execute()
  return started
}

async function sink(t: TestContext, options?: { plain: boolean }): Promise<HttpSink> {
  const started = await startHttpSink(options)
  atEnd(t, () => started.stop())
  return started
}

async function mailServer(t: TestContext, options: Partial<SmtpOptions> = {}): Promise<SmtpServer> {
  const started = await startSmtpServer({ login: LOGIN, ...options })
  atEnd(t, () => started.stop())
  return started
}

const setUp = (at: AlertsHome, id: string, settings: object, secret?: string, enabled = true): Promise<AlertChannel> =>
  at.call('PUT', `/api/alerts/channels/${id}`, { enabled, settings, ...(secret !== undefined && { secret }) })

const tryOut = (at: AlertsHome, id: string): Promise<TestChannelReply> =>
  at.call('POST', `/api/alerts/channels/${id}/test`)

const list = async (at: AlertsHome): Promise<AlertChannel[]> =>
  (await at.call<{ channels: AlertChannel[] }>('GET', '/api/alerts/channels')).channels

const webhook = (url: string, rootPem: string) => ({ url, allowHome: true, ca: rootPem })
const emailOf = ({ host, port, rootPem }: SmtpServer, change = {}) => ({
  ...{ host, port, security: 'starttls', username: LOGIN.username, from: 'box@example.org', ca: rootPem },
  to: [
    { userId: ADA, address: 'ada@example.org' },
    { userId: VIC, address: 'vic@example.org' },
  ],
  ...change,
})

describe('webhook', () => {
  test('posts what happened, signed so that old and changed calls are told apart', async (t) => {
    const at = await home(t)
    const hook = await sink(t)
    await setUp(at, 'webhook', webhook(`${hook.origin}/lares`, hook.rootPem), KEY)
    const incidentId = newId(1)
    const subject = { kind: 'incident', incidentId, cameraId: newId(2) } as const
    await at.tell({ subject, pictureIncidentId: incidentId })
    await until('it is called', () => hook.received.length === 1)
    const [got] = hook.received
    assert.ok(got)
    const body = JSON.parse(got.body.toString()) as Record<string, string>
    assert.equal(body['title'], 'Person at Front door')
    assert.equal(body['link'], `https://lares.local:8443/incidents/${incidentId}`)
    assert.match(body['picture'] ?? '', /^https:\/\/lares\.local:8443\/api\/pictures\/incidents\/.*signed=yes$/)
    assert.equal(got.headers['lares-delivery'], body['id'])
    const [, seconds = '', mac = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(got.headers['lares-signature'])) ?? []
    assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 30)
    assert.equal(mac, createHmac('sha256', KEY).update(`${seconds}.`).update(got.body).digest('hex'))
  })

  test('429 and 500 are asked again with the same id; 400 is not', async (t) => {
    const at = await home(t)
    const hook = await sink(t)
    await setUp(at, 'webhook', webhook(hook.origin, hook.rootPem), KEY)
    hook.answer = () => (hook.received.length === 0 ? { status: 429, headers: { 'retry-after': '1' } } : undefined)
    await at.tell()
    await until('it is asked again', () => hook.received.length === 2, 10_000)
    assert.equal(new Set(hook.received.map(({ headers }) => headers['lares-delivery'])).size, 1)
    hook.answer = () => ({ status: 400 })
    await at.tell()
    await until('it is given up', async () => (await at.outbox()).some(({ state }) => state === 'failed'))
    const channel = (await list(at)).find(({ id }) => id === 'webhook')
    assert.match(channel?.problem ?? '', /refused it \(400\)/)
    assert.ok(at.notices.has('alerts.undelivered'))
  })

  test('SEC it does not follow, and does not call this box, the home without leave, or plain addresses outside', async (t) => {
    const at = await home(t, { allowHome: false })
    const hook = await sink(t)
    await setUp(at, 'webhook', webhook(hook.origin, hook.rootPem), KEY)
    assert.match((await tryOut(at, 'webhook')).words, /does not call/)
    await setUp(at, 'webhook', webhook('http://example.com/', ''), KEY)
    assert.equal((await tryOut(at, 'webhook')).ok, false)
    assert.equal(hook.received.length, 0)
    const strict = mayCall({ allowHome: false, allowSelf: false })
    const inHome = mayCall({ allowHome: true, allowSelf: false })
    for (const own of ['127.0.0.1', '::1', '169.254.169.254', '0.0.0.0', '::ffff:127.0.0.1', 'fe80::1'])
      assert.ok(!strict(own) && !inHome(own), own)
    for (const near of ['192.168.1.4', '10.0.0.1', 'fd00::4']) assert.ok(!strict(near) && inHome(near), near)
    assert.ok(strict('93.184.215.14'))
    const away = await home(t)
    await setUp(away, 'webhook', webhook(hook.origin, hook.rootPem), KEY)
    hook.answer = () => ({ status: 302, headers: { location: 'https://elsewhere.example/' } })
    assert.match((await tryOut(away, 'webhook')).words, /leads elsewhere/)
  })

  test('the test button says in words what came of it', async (t) => {
    const at = await home(t)
    const hook = await sink(t)
    await setUp(at, 'webhook', webhook(hook.origin, hook.rootPem), KEY)
    assert.deepEqual(await tryOut(at, 'webhook'), { ok: true, words: 'The webhook took a signed test.' })
    hook.answer = () => ({ status: 403 })
    assert.match((await tryOut(at, 'webhook')).words, /does not let Lares in \(403\)/)
    await setUp(at, 'webhook', webhook('https://localhost:9/', ''), KEY)
    assert.match((await tryOut(at, 'webhook')).words, /cannot be reached/)
    await setUp(at, 'webhook', webhook(hook.origin, ''), KEY)
    assert.match((await tryOut(at, 'webhook')).words, /certificate that Lares does not trust/)
  })
})

describe('settings of channels', () => {
  test('SEC secrets are sealed, never shown, and do not follow to another server', async (t) => {
    const at = await home(t)
    const hook = await sink(t)
    const shown = await setUp(at, 'webhook', webhook(hook.origin, hook.rootPem), KEY)
    assert.equal(shown.hasSecret, true)
    assert.ok(!JSON.stringify(await list(at)).includes(KEY))
    const rows = await at.database.reader.selectFrom('alert_channels').selectAll().execute()
    assert.ok(!JSON.stringify(rows).includes(KEY))
    const kept = await setUp(at, 'webhook', webhook(`${hook.origin}/other-path`, hook.rootPem))
    assert.equal(kept.hasSecret, true)
    await assert.rejects(setUp(at, 'webhook', webhook('https://thief.example/', '')), {
      kind: 'invalid',
      message: /type the password, key or token again/,
    })
    assert.deepEqual(at.recorded, ['alerts.channel.webhook', 'alerts.channel.webhook'])
  })

  test('wrong ones are refused by name, and change nothing', async (t) => {
    const at = await home(t)
    const wrong: [string, object, RegExp][] = [
      ['email', { host: 'x' }, /body\./],
      ['webhook', { url: 'ftp://x', allowHome: false, ca: '' }, /body\.url/],
      ['mqtt', { url: 'mqtt://user:pass@host' }, /body\./],
      ['ntfy', { server: 'https://ntfy.sh', topic: 'a b', allowHome: false, ca: '' }, /body\.topic/],
    ]
    for (const [id, settings, words] of wrong)
      await assert.rejects(setUp(at, id, settings, KEY), { kind: 'invalid', message: words })
    await assert.rejects(setUp(at, 'webhook', webhook('https://example.com', ''), 'short'), /16 characters/)
    assert.ok((await list(at)).every(({ settings }) => settings === null))
    await assert.rejects(tryOut(at, 'email'), { kind: 'not-found' })
  })

  test('survive a restart; what is switched off is told nothing, and can be tried', async (t) => {
    const at = await home(t)
    const hook = await sink(t)
    await setUp(at, 'webhook', webhook(hook.origin, hook.rootPem), KEY, false)
    assert.equal(await at.tell(), 0)
    const second = await startAlertsHome({ again: at })
    atEnd(t, () => second.stop())
    assert.equal((await tryOut(second, 'webhook')).ok, true)
    assert.equal(hook.received.length, 1)
  })
})

describe('e-mail', () => {
  for (const security of ['starttls', 'tls'] as const)
    test(`by ${security}: words, link and the picture, to whom may see it`, async (t) => {
      const at = await home(t)
      const server = await mailServer(t, { security })
      await setUp(at, 'email', emailOf(server, { security }), LOGIN.password)
      await at.database.writer.updateTable('users').set({ cameras_limited: 1 }).where('id', '=', VIC).execute()
      const incidentId = newId(1)
      await at.tell({ subject: { kind: 'incident', incidentId, cameraId: newId(2) }, pictureIncidentId: incidentId })
      await until('it came', () => server.received.length === 1, 10_000)
      await until('it is marked', async () => (await at.outbox()).every(({ state }) => state === 'sent'))
      const [mail] = server.received
      assert.ok(mail?.encrypted)
      assert.deepEqual([mail.from, mail.to], ['box@example.org', 'ada@example.org'])
      assert.match(mail.text, /^Subject: Person at Front door\r?$/m)
      assert.match(mail.text, /https:\/\/lares\.local:8443\/incidents\//)
      assert.ok(mail.text.includes(PICTURE.toString('base64')))
      assert.match(mail.text, /^Auto-Submitted: auto-generated\r?$/m)
    })

  test('mails of one incident stand together', async (t) => {
    const at = await home(t)
    const server = await mailServer(t)
    await setUp(at, 'email', emailOf(server), LOGIN.password)
    const subject = { kind: 'incident', incidentId: newId(1), cameraId: newId(2) } as const
    await at.tell({ subject })
    await until('both came', () => server.received.length === 2, 10_000)
    await at.tell({ subject, state: 'escalated' })
    await until('both came again', () => server.received.length === 4, 10_000)
    const threads = server.received.map(({ text }) => /^References: (.*?)\r?$/m.exec(text)?.[1])
    assert.equal(new Set(threads).size, 1)
    assert.match(threads[0] ?? '', /^<incident\./)
  })

  test('a wrong password, no encryption, a full mailbox: each in words', async (t) => {
    const at = await home(t)
    const server = await mailServer(t)
    await setUp(at, 'email', emailOf(server), 'wrong')
    assert.match((await tryOut(at, 'email')).words, /does not take the name and password/)
    await setUp(at, 'email', emailOf(server), LOGIN.password)
    server.answer = (to) => (to.startsWith('vic') ? '552 5.2.2 mailbox full' : undefined)
    assert.match((await tryOut(at, 'email')).words, /mailbox full/)
    assert.equal(server.received.length, 1, 'the other one came')
    const bare = await mailServer(t, { security: 'none' })
    await setUp(at, 'email', emailOf(bare), LOGIN.password)
    const { words } = await tryOut(at, 'email')
    assert.match(words, /no encryption/)
    assert.equal(bare.received.length, 0)
    assert.equal(outcomeOfMailError(Object.assign(new Error('x'), { responseCode: 451 })).result, 'later')
    assert.equal(outcomeOfMailError(Object.assign(new Error('x'), { code: 'ECONNECTION' })).result, 'later')
  })

  test('SEC-A10 who was told to get mails and may not see it any more gets none of what waits', async (t) => {
    const at = await home(t)
    const server = await mailServer(t)
    await setUp(at, 'email', emailOf(server), LOGIN.password)
    server.answer = () => '450 4.2.0 try later'
    await at.tell()
    // Answered, not only on their way: what is under way when somebody loses the right is out.
    await until('both were refused', async () => (await at.outbox()).every(({ reason }) => reason !== null), 10_000)
    await at.database.writer.updateTable('users').set({ role: 'guest' }).where('id', '=', VIC).execute()
    at.bus.emit('account.changed', { userId: VIC })
    await until('one is dropped', async () => (await at.outbox()).some(({ state }) => state === 'dropped'))
    server.answer = () => undefined
    await until('the other came', () => server.received.length === 1, 15_000)
    assert.equal(server.received[0]?.to, 'ada@example.org')
  })
})

describe('ntfy', () => {
  test('picture, priority and actions, with the token', async (t) => {
    const at = await home(t)
    const server = await sink(t)
    const settings = { server: server.origin, topic: 'our-home', allowHome: true, ca: server.rootPem }
    await setUp(at, 'ntfy', settings, 'tk_secret')
    const incidentId = newId(1)
    await at.tell({
      ...{ title: 'Jemand an der Tür ☂', urgency: 'critical', pictureIncidentId: incidentId },
      ...{ subject: { kind: 'incident', incidentId, cameraId: newId(2) }, actions: ['expected', 'snooze'] },
    })
    await until('it came', () => server.received.length === 1)
    const [got] = server.received
    assert.ok(got)
    assert.equal(got.method, 'PUT')
    assert.equal(got.url.pathname, '/our-home')
    assert.equal(got.headers.authorization, 'Bearer tk_secret')
    assert.ok(got.body.equals(PICTURE))
    const query = got.url.searchParams
    assert.equal(query.get('title'), 'Jemand an der Tür ☂')
    assert.equal(query.get('priority'), '5')
    assert.equal(query.get('click'), `https://lares.local:8443/incidents/${incidentId}`)
    const actions = JSON.parse(query.get('actions') ?? '[]') as { label: string; url: string; method: string }[]
    // Quiet is for a person: a server has no phone to be quiet on.
    assert.deepEqual(
      actions.map(({ label, method }) => [label, method]),
      [['Expected', 'POST']],
    )
    const path = new URL(actions[0]?.url ?? '').pathname
    await at.call('POST', path)
    assert.deepEqual(at.acted, [`expected ${incidentId} by ada`])
  })

  test('a server of one’s own over plain HTTP is called at home only', async (t) => {
    const at = await home(t)
    const server = await sink(t, { plain: true })
    const settings = { server: server.origin, topic: 'x', allowHome: true, ca: '' }
    await setUp(at, 'ntfy', settings)
    assert.deepEqual(await tryOut(at, 'ntfy'), { ok: true, words: 'The ntfy server took a test.' })
  })
})
