// What the app thinks about a session, without a browser: pure functions of pwa/src.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { NOTHING_ASKED, bodyOf, nextStep, safePath } from '../../pwa/src/pages/sign-in/steps.ts'
import { countdown, dueAfter } from '../../pwa/src/state/session-times.ts'
import type { Times } from '../../pwa/src/state/session-times.ts'
import { own } from '../../pwa/src/text/account.ts'

const MINUTE_MS = 60_000
const BOX = Date.UTC(2026, 10, 22)
const usual: Times = {
  boxTime: BOX,
  accessExpiresAt: BOX + 30 * MINUTE_MS,
  expiresAt: BOX + 7 * 24 * 60 * MINUTE_MS,
  idleEndsAt: BOX + 30 * MINUTE_MS,
  warnMs: 5 * MINUTE_MS,
}

test('SEC-A6 SEC-A8 refresh and warning are due five minutes before the end', () => {
  assert.deepEqual(dueAfter(usual, 0), {
    refreshInMs: 25 * MINUTE_MS,
    warnInMs: 25 * MINUTE_MS,
    endsInMs: 30 * MINUTE_MS,
  })
  assert.equal(dueAfter({ ...usual, idleEndsAt: null }, 0).warnInMs, null)
  assert.equal(dueAfter({ ...usual, idleEndsAt: null }, 0).endsInMs, 7 * 24 * 60 * MINUTE_MS)
  assert.equal(dueAfter({ ...usual, accessExpiresAt: BOX + 4 * MINUTE_MS }, 0).refreshInMs, 2 * MINUTE_MS)
})

test('SEC-A8 nothing is ever due in negative time, and time brings everything nearer, whatever the clocks say', () => {
  const ms = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
  const times = fc.record({ access: ms, ends: ms, idle: fc.option(ms), warnMs: fc.nat(600_000) })
  fc.assert(
    fc.property(times, fc.nat(100_000_000), fc.nat(100_000_000), ({ access, ends, idle, warnMs }, since, more) => {
      const said: Times = {
        boxTime: BOX,
        accessExpiresAt: BOX + access,
        expiresAt: BOX + ends,
        idleEndsAt: idle === null ? null : BOX + idle,
        warnMs,
      }
      const [now, later] = [dueAfter(said, since), dueAfter(said, since + more)]
      for (const part of ['refreshInMs', 'warnInMs', 'endsInMs'] as const) {
        assert.ok((now[part] ?? 0) >= 0)
        assert.ok((later[part] ?? 0) <= (now[part] ?? 0))
      }
    }),
  )
})

test('SEC-A8 the countdown stops at nothing', () => {
  assert.deepEqual([300_000, 299_001, 61_000, 59_001, 1, 0, -5_000].map(countdown), [
    '5:00',
    '5:00',
    '1:01',
    '1:00',
    '0:01',
    '0:00',
    '0:00',
  ])
})

test('SEC-A8 every reason for which the box ends a session has words of its own', () => {
  const folder = new URL('../../appliance/src/accounts/', import.meta.url)
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
  const ending = /(?:end(?:All|As|Others|Within|Session)?|sessionRevoked|endOthers)\([^()]*?'([a-z]+(?:-[a-z]+)*)'/g
  const chosen = /\? '([a-z]+-[a-z-]+)' : '([a-z]+-[a-z-]+)'/g
  const reasons = [...code.matchAll(ending), ...code.matchAll(chosen)].flatMap(([, ...found]) => found)
  const named = [...new Set(reasons)].filter((each) => each && !/^(not-|password-(?!changed|reset))/.test(each))
  assert.ok(named.includes('too-many-sessions') && named.includes('idle'), named.join())
  const without = named.filter((reason) => !Object.hasOwn(own.ended, reason))
  assert.deepEqual(without, [])
})

const challenge = { challengeId: 'c'.repeat(20), options: {} }
const enrolment = { ticket: 't'.repeat(20), totpSecret: 'S', totpUri: 'otpauth://x' }

test('SEC-A4 SEC-A5 sign-in asks for what the box asks for, and offers only what this browser can do', () => {
  const asks = (hasTotp: boolean, passkey: boolean, able: boolean) =>
    nextStep({ status: 'needs-code', hasTotp, passkey: passkey ? challenge : null }, able).step
  assert.equal(asks(true, true, true), 'code')
  assert.equal(asks(false, true, true), 'passkey')
  assert.equal(asks(false, true, false), 'recovery')
  assert.equal(nextStep({ status: 'needs-enrolment', enrolment }, true).step, 'enrol')
  const user = {} as never
  assert.equal(nextStep({ status: 'signed-in', user }, true).step, 'done')
  assert.equal(nextStep({ status: 'signed-in', user, recoveryCodes: ['a'] }, true).step, 'codes')
})

test('SEC-A4 what is sent is what was typed, and nothing that was not asked for', () => {
  const draft = { username: ' Ada ', password: ' p w ', code: '', newPassword: '', trust: false }
  assert.deepEqual(bodyOf(draft, NOTHING_ASKED), { username: 'Ada', password: ' p w ' })
  const enrolled = { ...NOTHING_ASKED, enrolment }
  assert.deepEqual(bodyOf({ ...draft, code: '123 456', trust: true }, enrolled), {
    username: 'Ada',
    password: ' p w ',
    code: '123456',
    enrolment: enrolment.ticket,
    trustDevice: true,
  })
})

test('an address outside the app is never where sign-in leads', () => {
  const origin = 'https://lares.local'
  const address = fc.string({ unit: fc.constantFrom('/', '\\', '\t', '\n', '@', ':', '.', '?', '#', 'x', 'é') })
  fc.assert(
    fc.property(address, (to) => {
      assert.equal(new URL(safePath(to), origin).origin, origin)
    }),
    { numRuns: 500 },
  )
  assert.equal(safePath('/incidents/7?x=1'), '/incidents/7?x=1')
  for (const to of [undefined, '', '//x.example', '/\\x.example', '/\t/x.example', '/sign-in?to=/'])
    assert.equal(safePath(to), '/')
})
