import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import webPush from 'web-push'
import { pushMessage } from '../../appliance/src/api/alerts.ts'
import { OBJECT_CLASSES } from '../../appliance/src/api/common.ts'
import { deviceLabel } from '../../appliance/src/alerts/push/device-label.ts'
import { checkEndpoint, checkKeys } from '../../appliance/src/alerts/push/push-endpoint.ts'
import { visitOf } from '../../appliance/src/alerts/rules/visit.ts'
import { noticeBody, noticeTitle } from '../../appliance/src/alerts/rules/words.ts'
import { tagOf, topicOf } from '../../appliance/src/alerts/outbox/queue.ts'
import { readRetryAfter } from '../../appliance/src/alerts/outbox/outcome.ts'
import type { DueEntry } from '../../appliance/src/alerts/outbox/outbox-store.ts'
import { noticeMessage } from '../../appliance/src/alerts/push/push-message.ts'
import { outcomeOfError, outcomeOfReply } from '../../appliance/src/alerts/push/push-outcome.ts'
import { contact } from '../../appliance/src/alerts/settings.ts'
import { isHomeAddress, isInternetAddress } from '../../appliance/src/core/addresses.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { decryptPush, newSubscriptionSecrets, readVapid } from '../fakes/push-crypto.ts'
import { personAtFrontDoor } from './harness.ts'

test('the push service of the tests reads what web-push encrypts and signs, and nothing that was changed', () => {
  const secrets = newSubscriptionSecrets()
  const publicKey = secrets.ecdh.getPublicKey().toString('base64url')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => {
      const { cipherText } = webPush.encrypt(publicKey, secrets.auth.toString('base64url'), `x${text}`, 'aes128gcm')
      assert.equal(decryptPush(cipherText, secrets), `x${text}`)
      cipherText[cipherText.length - 1] = (cipherText[cipherText.length - 1] ?? 0) ^ 1
      assert.throws(() => decryptPush(cipherText, secrets))
    }),
    { numRuns: 30 },
  )
  const keys = webPush.generateVAPIDKeys()
  const { Authorization } = webPush.getVapidHeaders(
    'https://push.test',
    'https://example.com',
    keys.publicKey,
    keys.privateKey,
    'aes128gcm',
  )
  assert.equal(readVapid(Authorization)?.audience, 'https://push.test')
  const other = webPush.generateVAPIDKeys().publicKey
  assert.equal(readVapid(Authorization.replace(keys.publicKey, other)), null)
})

const REFUSED_ENDPOINTS = [
  'http://updates.push.services.mozilla.com/wpush/v2/x',
  'https://127.0.0.1/x',
  'https://localhost/x',
  'https://192.168.1.1/x',
  'https://10.0.0.1/x',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/x',
  'https://[fd00::1]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://[64:ff9b::7f00:1]/x',
  'https://2130706433/x',
  'https://0x7f.1/x',
  'https://0/x',
  'https://router.local/x',
  'https://nas.lan/x',
  'https://router/x',
  'https://user:pass@fcm.googleapis.com/x',
  'https://fcm.googleapis.com:8443/x',
  'ftp://fcm.googleapis.com/x',
  'not an address',
]
for (const endpoint of REFUSED_ENDPOINTS) {
  test(`a push address that is ${endpoint} is refused`, () => {
    assert.throws(
      () => checkEndpoint(endpoint, false),
      (error) => error instanceof LaresError && error.kind === 'invalid',
    )
  })
}

test('push services on the internet are taken; one in the home only when the owner gave its root', () => {
  checkEndpoint('https://fcm.googleapis.com/fcm/send/abc', false)
  checkEndpoint('https://web.push.apple.com/abc', false)
  checkEndpoint('https://localhost:8450/wpush/v2/abc', true)
  assert.throws(() => checkEndpoint('http://localhost/x', true))
})

test('addresses of the home and of the internet are told apart, and no address is both', () => {
  for (const home of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '::1',
    'fd12::1',
    'fe80::1',
  ]) {
    assert.ok(isHomeAddress(home), home)
  }
  for (const internet of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2a00:1450:4001::1'])
    assert.ok(isInternetAddress(internet), internet)
  for (const neither of [
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'ff02::1',
    '2002:7f00:1::',
    '192.0.2.1',
    'example.com',
    '',
  ]) {
    assert.ok(!isInternetAddress(neither), neither)
  }
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) =>
      assert.ok(!(isHomeAddress(address) && isInternetAddress(address))),
    ),
  )
})

test('damaged keys are refused when subscribing, not when alerting', () => {
  const { ecdh, auth } = newSubscriptionSecrets()
  const good = { p256dh: ecdh.getPublicKey().toString('base64url'), auth: auth.toString('base64url') }
  checkKeys(good)
  const offCurve = Buffer.from(ecdh.getPublicKey())
  offCurve[64] = (offCurve[64] ?? 0) ^ 1
  for (const bad of [
    { ...good, p256dh: 'AAAA' },
    { ...good, p256dh: offCurve.toString('base64url') },
    { ...good, auth: 'AAAA' },
  ]) {
    assert.throws(() => checkKeys(bad), { kind: 'invalid' })
  }
})

test('what an answer of a push service means', () => {
  const outcome = (status: number, headers = {}, body = '') => outcomeOfReply({ status, headers, body }, 0)
  for (const status of [200, 201, 202, 204]) assert.equal(outcome(status).result, 'delivered')
  for (const status of [404, 410]) assert.equal(outcome(status).result, 'gone')
  for (const status of [429, 500, 502, 503]) assert.equal(outcome(status).result, 'later')
  assert.deepEqual(
    { ...outcome(429, { 'retry-after': '7' }), words: '' },
    { result: 'later', words: '', afterMs: 7_000 },
  )
  assert.deepEqual(
    [outcome(413), outcome(403), outcome(400), outcome(301)].map((each) => each.result),
    Array(4).fill('refused'),
  )
  assert.equal((outcome(413) as { bug: boolean }).bug, true)
  assert.equal(outcomeOfError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })).result, 'later')
  assert.equal(outcomeOfError(new LaresError('forbidden', 'x', { code: 'ADDRESS_REFUSED' })).result, 'refused')
  assert.equal(readRetryAfter('Thu, 01 Jan 1970 00:00:10 GMT', 4_000), 6_000)
  assert.equal(readRetryAfter('soon', 0), null)
  fc.assert(fc.property(fc.string(), (text) => (readRetryAfter(text, 0) ?? 0) >= 0))
})

/** The longest that links get in life. */
const LINKS = {
  picture: (id: string) => `/api/pictures/incidents/${id}.jpg?exp=1790000000000&sig=${'s'.repeat(32)}`,
  report: (id: string, what: string) => `/api/alerts/told/${id}/${what}?exp=1790000000000&sig=${'s'.repeat(32)}`,
  act: (id: string, action: string) => `/api/alerts/told/${id}/act/${action}?exp=1790000000000&sig=${'s'.repeat(32)}`,
}

function dueEntry(notice: Partial<DueEntry['notice']> = {}, entry: Partial<DueEntry> = {}): DueEntry {
  const id = newId(5)
  return {
    ...{ id, channel: 'push', targetKey: id, userId: 'ada', label: 'Phone', actions: [], topic: 'x', attempts: 0 },
    ...{ createdAt: 1, expiresAt: 2, target: null },
    ...entry,
    notice: {
      ...{ id, tag: `incident:${id}`, kind: 'incident', state: 'opened', incidentId: id, cameraId: newId(6) },
      ...{ title: 'Person at Yard', body: 'Tap to look.', urgency: 'high', pictureIncidentId: id, lightPlugId: null },
      createdAt: 1,
      ...notice,
    },
  }
}

test('the message fits its schema and a push, whatever was seen where', () => {
  const classes = fc.uniqueArray(fc.constantFrom(...OBJECT_CLASSES), { maxLength: 9 })
  fc.assert(
    fc.property(
      classes,
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.integer({ min: 0, max: 4e12 }),
      (seen, name, body, at) => {
        const incident = {
          ...personAtFrontDoor(at),
          camera: { id: newId(at), name },
          classes: seen.map((each) => ({ class: each, count: 1, bestScore: 1 })),
        }
        const title = noticeTitle(visitOf(incident))
        const subject = { kind: 'incident', incidentId: incident.id, cameraId: incident.camera.id } as const
        const entry = dueEntry({ title, body, urgency: 'critical' }, { actions: ['expected', 'snooze', 'light'] })
        const message = noticeMessage(entry, {
          origin: 'https://a-long-name-of-a-home.example.org:8443',
          links: LINKS,
          badge: 1_234,
        })
        pushMessage.parse(message)
        // 4096 with the encryption around it.
        assert.ok(Buffer.byteLength(JSON.stringify(message)) < 3_900)
        assert.match(topicOf(tagOf(subject)), /^[\w-]{1,32}$/)
      },
    ),
  )
})

test('a notice says what was seen where and when, in the time of the home', () => {
  const at = Date.UTC(2026, 2, 29, 1, 30)
  const classes = [
    { class: 'person', count: 1, bestScore: 1 },
    { class: 'dog', count: 2, bestScore: 1 },
  ] as const
  const visit = visitOf({ ...personAtFrontDoor(at), classes: [...classes] })
  assert.equal(noticeTitle(visit), 'Person and 2 dogs at Front door')
  // An hour that does not exist on the clocks of Berlin that night.
  assert.match(noticeBody(visit, { state: 'opened', urgency: 'high' }, 'Europe/Berlin'), /03:30/)
})

test('a later state rings again, what is over does not; what is critical stays on the screen', () => {
  const message = (state: string, urgency = 'high') =>
    noticeMessage(dueEntry({ state, urgency }), { origin: 'https://x', links: LINKS, badge: null }).notification
  assert.deepEqual([message('escalated').silent, message('escalated').data.renotify], [false, true])
  assert.deepEqual([message('closed').silent, message('closed').data.renotify], [true, false])
  assert.equal(message('opened', 'critical').data.stays, true)
  assert.equal(message('opened').data.stays, undefined)
})

test('every link of a message is its own: none does what another does', () => {
  const { actions = [], report } = noticeMessage(dueEntry({}, { actions: ['expected', 'snooze'] }), {
    origin: 'https://x',
    links: LINKS,
    badge: null,
  }).notification.data
  const all = [...actions.map(({ run }) => run), report?.shown, report?.opened]
  assert.equal(new Set(all).size, 4)
})

test('browsers get names that people know', () => {
  const android =
    'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1'
  assert.equal(deviceLabel(android), 'Chrome on Android')
  assert.equal(deviceLabel(iphone), 'Safari on iPhone')
  assert.equal(deviceLabel('curl/8'), 'A browser on some device')
})

test('a contact that Apple would refuse cannot be set', () => {
  assert.equal(contact.schema.safeParse(contact.initial).success, true)
  for (const good of ['mailto:me@mail.example.org', 'https://home.me.net/lares'])
    assert.equal(contact.schema.safeParse(good).success, true, good)
  for (const bad of [
    'mailto:me@localhost',
    'mailto:x@box.local',
    'https://lares.invalid',
    'http://x.org',
    'mailto:<a@b.c>',
    'me@x.org',
  ]) {
    assert.equal(contact.schema.safeParse(bad).success, false, bad)
  }
})
