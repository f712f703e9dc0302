import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { diagnose } from '../../appliance/src/plugs/diagnosis.ts'
import type { Observation } from '../../appliance/src/plugs/device-link.ts'
import { joinAnswers, readTdpAnswer, readXorAnswer } from '../../appliance/src/plugs/discovery/answers.ts'
import { parseRange } from '../../appliance/src/plugs/discovery/range.ts'
import { isOnOurNetwork, readSurroundings } from '../../appliance/src/plugs/discovery/surroundings.ts'
import { encodeTdp } from '../../appliance/src/plugs/discovery/tdp-codec.ts'
import { readCountdown, readSchedules, writeSchedule } from '../../appliance/src/plugs/languages/iot-rules.ts'
import { readSmartCountdown, readSmartSchedules } from '../../appliance/src/plugs/languages/smart-rules.ts'
import {
  readComponents,
  readChildComponents,
  readSmartEnergy,
  readSmartInfo,
} from '../../appliance/src/plugs/languages/smart-state.ts'
import type { NewScheduleRule, Weekday } from '../../appliance/src/plugs/languages/types.ts'
import { readCookies } from '../../appliance/src/plugs/transports/http-connection.ts'
import { announcementSchema, readShadow, secretOf } from '../../appliance/src/plugs/transports/tpap-secret.ts'

const tdp = (result: unknown): Buffer => encodeTdp(Buffer.from(JSON.stringify({ error_code: 0, result })), 1)
const scheme = (change: object): object => ({
  encrypt_type: 'KLAP',
  http_port: 80,
  is_support_https: false,
  lv: 2,
  ...change,
})
const said = (change: object): object => ({
  ...{ mac: '3C-52-A1-00-00-01', device_model: 'P110(EU)', device_type: 'SMART.TAPOPLUG', owner: 'A'.repeat(32) },
  mgt_encrypt_schm: scheme({}),
  ...change,
})
const waysOf = (change: object): string[] | undefined =>
  readTdpAnswer('10.0.0.1', tdp(said(change)))?.schemes.map(({ encryption, family }) => `${encryption} ${family}`)

test('an announcement tells how to begin: what the device asks for first, what may work besides', () => {
  const found = readTdpAnswer('10.0.0.1', tdp(said({})))
  assert.deepEqual([found?.mac, found?.model, found?.owner], ['3C:52:A1:00:00:01', 'P110(EU)', 'a'.repeat(32)])
  assert.deepEqual(waysOf({}), ['klap smart'])
  assert.deepEqual(waysOf({ device_type: 'IOT.SMARTPLUGSWITCH' }), ['klap iot'])
  assert.deepEqual(waysOf({ mgt_encrypt_schm: scheme({ encrypt_type: 'AES' }) }), ['aes smart', 'klap smart'])
  assert.deepEqual(waysOf({ mgt_encrypt_schm: scheme({ encrypt_type: 'TPAP' }) }), ['tpap smart', 'klap smart'])
  assert.deepEqual(waysOf({ tpap: {}, tpap_preferred: false }), ['klap smart', 'tpap smart'])
  assert.deepEqual(waysOf({ tpap: {}, tpap_preferred: true }), ['tpap smart', 'klap smart'])
  // Cameras and vacuums answer the same call.
  assert.equal(waysOf({ device_type: 'SMART.IPCAMERA' }), undefined)
  assert.equal(waysOf({ mgt_encrypt_schm: scheme({ encrypt_type: 'TPAP', is_support_https: true }) }), undefined)
  assert.equal(readTdpAnswer('10.0.0.1', tdp(said({ mac: 'nobody' }))), null)
})

test('two answers of one device are one device, without an account first; a second host does not take its place', () => {
  const bound = readTdpAnswer('10.0.0.1', tdp(said({})))
  assert.ok(bound)
  const schemes = [{ encryption: 'xor' as const, port: 9999, family: 'iot' as const, loginVersion: 0 }]
  const free = { ...bound, schemes, needsAccount: false, owner: null, port: 9999 }
  for (const joined of [joinAnswers(bound, free), joinAnswers(free, bound)]) {
    assert.deepEqual(
      joined.schemes.map(({ encryption }) => encryption),
      ['xor', 'klap'],
    )
    assert.deepEqual([joined.needsAccount, joined.port, joined.owner], [false, 9999, bound.owner])
  }
  assert.equal(joinAnswers(bound, { ...free, host: '10.0.0.66' }), bound)
})

test('any bytes and any JSON as an answer to a call are a device or nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.jsonValue(), (bytes, json) => {
      for (const message of [
        Buffer.from(bytes),
        tdp(json),
        tdp(said({ mgt_encrypt_schm: json, tpap: json, owner: json })),
      ]) {
        const found = readTdpAnswer('10.0.0.1', message)
        assert.ok(found === null || found.schemes.length > 0)
        assert.ok(readXorAnswer('10.0.0.1', message)?.needsAccount !== true)
      }
    }),
  )
})

test('any JSON as an answer of a device is read, left out or refused in words', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const rules = { rule_list: [one, other, { id: 'x', enable: 1, act: one, delay: other }] }
      for (const answer of [one, rules]) {
        readCountdown(answer)
        readSmartCountdown(answer)
        for (const { weekdays } of [...readSchedules(answer), ...readSmartSchedules(answer)])
          assert.ok(weekdays.length <= 7)
      }
      const components = readComponents({ component_list: [one, other] })
      readChildComponents({ child_component_list: [one, { device_id: 'a', component_list: other }] })
      const energy = readSmartEnergy({ usage: one, emeter: other, power: one }, 1)
      for (const value of Object.values(energy?.reading ?? {})) assert.ok(value === null || Number.isSafeInteger(value))
      const answers = { info: one, children: [one, other], led: other, components, childComponents: new Map() }
      try {
        assert.ok(readSmartInfo(answers).outlets.length > 0)
        readShadow(one)
      } catch (error) {
        assert.ok(error instanceof LaresError)
      }
      announcementSchema.safeParse(one)
    }),
  )
})

const PLAIN = { noNullPrototype: true }
test('schedules: what is written is what is read back', () => {
  const weekday = fc.constantFrom<Weekday>('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
  const order: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  const at = fc.oneof(
    fc.record({ kind: fc.constant('time' as const), minuteOfDay: fc.integer({ min: 0, max: 1_439 }) }, PLAIN),
    fc.record(
      {
        kind: fc.constantFrom('sunrise' as const, 'sunset' as const),
        offsetMin: fc.integer({ min: -120, max: 120 }),
      },
      PLAIN,
    ),
  )
  fc.assert(
    fc.property(at, fc.uniqueArray(weekday), fc.boolean(), fc.boolean(), (when, days, on, enabled) => {
      const weekdays = order.filter((day) => days.includes(day))
      const rule: NewScheduleRule = {
        name: 'Rule',
        enabled,
        on,
        at: when,
        weekdays,
        onDate: days.length > 0 ? null : '2026-12-24',
      }
      assert.deepEqual(readSchedules({ rule_list: [{ ...writeSchedule(rule), id: 'r' }] }), [{ ...rule, id: 'r' }])
    }),
  )
})

test('cookies: the session without its attributes, whatever else is in the line', () => {
  assert.deepEqual(readCookies(['TP_SESSIONID=ABC;TIMEOUT=86400']), { sessionId: 'ABC', sessionTimeoutS: 86_400 })
  assert.deepEqual(readCookies(['SESSIONID=x1; Path=/']), { sessionId: 'x1', sessionTimeoutS: null })
  assert.deepEqual(readCookies(['TP_SESSIONID=a\tb;TIMEOUT=soon']), { sessionId: null, sessionTimeoutS: null })
  assert.deepEqual(readCookies(), { sessionId: null, sessionTimeoutS: null })
  fc.assert(
    fc.property(fc.array(fc.string()), (lines) => assert.ok((readCookies(lines).sessionId ?? '').length <= 256)),
  )
})

test('TPAP: the forms in which a device may keep its password', () => {
  const account = { id: 'a', user: 'u@example.com', password: 'secret' }
  const form = (type: string, params: object): string =>
    secretOf(readShadow({ type, params }), account, '3c-52-a1-00-00-01')
  assert.equal(form('password_shadow', { passwd_id: 2 }), 'e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4')
  assert.equal(form('password_shadow', { passwd_id: 3 }).length, 40)
  assert.equal(form('password_sha_with_salt', { sha_name: 0, sha_salt: 'eA==' }).length, 64)
  assert.equal(secretOf(readShadow({}), account, undefined), 'u@example.com/secret')
  assert.throws(() => form('password_shadow', { passwd_id: 1 }), { code: 'SCHEME_UNKNOWN' })
})

test('ranges of addresses', () => {
  assert.deepEqual(parseRange(' 192.168.1.20 '), ['192.168.1.20'])
  assert.deepEqual(parseRange('192.168.1.254-192.168.2.1').length, 4)
  assert.deepEqual(parseRange('192.168.1.10-12'), ['192.168.1.10', '192.168.1.11', '192.168.1.12'])
  assert.deepEqual(parseRange('192.168.1.5/30'), ['192.168.1.5', '192.168.1.6'])
  assert.equal(parseRange('10.0.0.0/24').length, 254)
  for (const text of [
    '192.168.1.40-10',
    '10.0.0.0/8',
    '8.8.8.0/28',
    '192.168.1',
    'plug',
    '1-2',
    '10.0.0.1-300',
    '10.0.0.1/33',
    '',
  ])
    assert.throws(() => parseRange(text), { kind: 'invalid' }, text)
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.ipV4(),
        fc.tuple(fc.ipV4(), fc.nat(40)).map(([a, b]) => `${a}/${b}`),
      ),
      (text) => {
        try {
          assert.ok(parseRange(text).length <= 1_024)
        } catch (error) {
          assert.ok(error instanceof LaresError && error.kind === 'invalid')
        }
      },
    ),
  )
})

const saw = (change: Partial<Observation>): Observation => ({
  ...{ encryption: 'klap', port: 80, failure: 'refused', code: 'ECONNREFUSED', at: 1 },
  ...change,
})
const answered = saw({ encryption: 'probe', port: 0, failure: null, code: null })
const unanswered = saw({ encryption: 'probe', port: 0, failure: 'unreachable', code: null })
const nobody = saw({ failure: 'unreachable', code: 'CONNECT_TIMEOUT' })

for (const [seen, around, codes] of [
  [[saw({ failure: null, code: null })], {}, []],
  [[saw({ failure: null, code: null })], { lostSessions: 4 }, ['SESSION_TAKEN']],
  [[saw({ failure: 'wrong-account', code: 'OTHER_ACCOUNT' }), answered], {}, ['OTHER_ACCOUNT']],
  [[saw({ failure: 'auth-failed', code: 'LOGIN_REFUSED' })], {}, ['PASSWORD_CHANGED']],
  [[saw({ failure: 'needs-account', code: 'NEEDS_ACCOUNT' })], {}, ['NEEDS_ACCOUNT']],
  [[saw({ code: 'LOCAL_ACCESS_OFF' }), answered], {}, ['LOCAL_ACCESS_OFF']],
  [[saw({ encryption: 'xor', port: 9999 }), saw({}), answered], {}, ['WAKING']],
  [[saw({}), unanswered], {}, ['NOT_A_PLUG']],
  [[saw({ failure: 'unsupported', code: 'SCHEME_UNKNOWN' })], {}, ['FOREIGN']],
  [[saw({ failure: 'unsupported', code: 'NOT_SET_UP' })], {}, ['NOT_SET_UP']],
  [[saw({ failure: 'busy', code: 'SESSION_TAKEN' })], {}, ['SESSION_TAKEN']],
  [[saw({ failure: 'unreachable', code: 'REPLY_TIMEOUT' })], {}, ['HANGING']],
  [[nobody, unanswered], { isOnOurNetwork: true }, ['OFFLINE']],
  [[nobody, unanswered], { isOnOurNetwork: false }, ['OTHER_NETWORK']],
  [[nobody, unanswered], { isOnOurNetwork: false, isInContainer: true }, ['CONTAINER']],
  [[], {}, []],
] as const) {
  const name = seen.map(({ encryption, code, failure }) => `${encryption} ${code ?? failure ?? 'works'}`).join(', ')
  test(`J3 seen: ${name || 'nothing'} ${JSON.stringify(around)} → ${codes.join(' ') || 'all is well'}`, () => {
    const told = diagnose(seen, around)
    assert.deepEqual(
      told.map(({ code }) => code),
      codes,
    )
    for (const { words, whatToDo } of told) assert.ok(words.endsWith('.') && whatToDo.endsWith('.'))
  })
}

test('a container with a network of its own is noticed, one with the host network is not', () => {
  const of = (address: string) => ({
    eth0: [{ address, netmask: '255.255.0.0', family: 'IPv4' as const, mac: '', internal: false, cidr: null }],
  })
  assert.equal(readSurroundings(of('172.17.0.2'), () => true).isInContainer, true)
  assert.equal(readSurroundings(of('192.168.1.2'), () => true).isInContainer, false)
  assert.equal(readSurroundings(of('172.17.0.2'), () => false).isInContainer, false)
  assert.equal(isOnOurNetwork('192.168.7.7', of('192.168.1.2')), true)
  assert.equal(isOnOurNetwork('10.0.0.1', of('192.168.1.2')), false)
  assert.equal(isOnOurNetwork('plug.home', of('192.168.1.2')), null)
})
