// The app's own thinking, without a browser: pure functions of pwa/src.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { age, clockTime, dayAndTime, dayKey, dayName, lasting, watts } from '../../pwa/src/format.ts'
import { nowSentence } from '../../pwa/src/pages/now/sentence.ts'
import type { Known } from '../../pwa/src/pages/now/sentence.ts'
import { boxAt } from '../../pwa/src/pages/incident/track-box.ts'
import { STEPS, allowedStep, stepBefore } from '../../pwa/src/pages/setup/steps.ts'
import { sourceOf } from '../../pwa/src/parts/camera-source.ts'
import { guessCurrency } from '../../pwa/src/parts/guess.ts'
import { checkPassword } from '../../pwa/src/parts/password-rules.ts'
import { withIncident } from '../../pwa/src/state/incident-list.ts'
import { notificationOf } from '../../pwa/src/sw/notification.ts'
import { livedInHome } from './home-data.ts'

const ZONE = 'Europe/Berlin'
const NOON = Date.UTC(2026, 10, 21, 11)

test('times are those of the house, not of the phone', () => {
  assert.equal(clockTime(NOON, ZONE), '12:00')
  assert.equal(clockTime(NOON, 'America/New_York'), '06:00')
  const lateEvening = Date.UTC(2026, 10, 20, 23, 30)
  assert.equal(dayKey(lateEvening, ZONE), '2026-11-21')
  assert.equal(dayName(lateEvening, NOON, ZONE), 'Today')
  assert.equal(dayName(lateEvening, NOON, 'America/New_York'), 'Yesterday')
  assert.equal(dayName(NOON - 3 * 86_400_000, NOON, ZONE), 'Wednesday')
  assert.equal(dayName(NOON + 3 * 86_400_000, NOON, ZONE), '24 November')
  assert.equal(dayName(Date.UTC(2036, 10, 18), NOON, ZONE), '18 November 2036')
  assert.equal(dayAndTime(Date.UTC(2025, 0, 5, 8), NOON, ZONE), '5 January 2025, 09:00')
})

test('ages and lengths are short, and never negative', () => {
  const before = (seconds: number) => age(NOON - seconds * 1_000, NOON)
  assert.deepEqual([0, 12, 200, 11_000, 86_400, 300_000].map(before), [
    'now',
    '12 s ago',
    '3 min ago',
    '3 h ago',
    '1 day ago',
    '3 days ago',
  ])
  assert.equal(age(NOON + 60_000, NOON), 'now')
  assert.deepEqual([8_000, 125_000, 120_000, 3_780_000].map(lasting), ['8 s', '2 min 5 s', '2 min', '1 h 3 min'])
  assert.deepEqual([0, 9.95, 61.3, 1_840].map(watts), ['0.0', '10.0', '61', '1,840'])
})

const [door] = livedInHome().cameras
const incident = livedInHome().incidents[0]
assert.ok(door && incident)
const known = (change: Partial<Known>): Known => ({
  reachable: true,
  cameras: [door],
  incidents: [],
  notices: [],
  now: NOON,
  timeZone: ZONE,
  ...change,
})

test('the sentence says the most important thing first, and "quiet" only when it is known to be', () => {
  const past = { ...incident, openedAt: NOON - 7_200_000 }
  const open = { ...past, state: 'open' as const }
  const say = (change: Partial<Known>) => nowSentence(known(change)).first
  assert.deepEqual(nowSentence(known({ incidents: [past] })), {
    mood: 'calm',
    first: 'All quiet.',
    second: 'Last: Person at Front door, 10:00.',
  })
  assert.equal(say({ incidents: [open] }), 'Person at Front door, right now.')
  assert.equal(say({ cameras: [{ ...door, state: 'failed' }] }), 'Front door sends no pictures.')
  assert.equal(say({ cameras: [{ ...door, state: 'failed', enabled: false }] }), 'All quiet.')
  assert.equal(say({ notices: [{ level: 'problem' }, { level: 'info' }] }), 'One thing needs you.')
  assert.equal(say({ cameras: [] }), 'Nothing to watch with yet.')
  assert.equal(say({ reachable: false, incidents: [open] }), 'Not sure right now.')
})

test('a box between two points lies between them, whatever the moment', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true })
  const box = fc.record({ x: unit, y: unit, width: unit, height: unit })
  const path = fc.array(fc.record({ gapMs: fc.integer({ min: 1, max: 2_000 }), box }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(path, fc.double({ min: 0, max: 1, noNaN: true }), (steps, share) => {
      let at = NOON
      const points = steps.map(({ gapMs, box: where }) => ({ at: (at += gapMs), box: where }))
      const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0]
      const found = boxAt(points, first + share * (last - first))
      assert.ok(found)
      const xs = points.map((point) => point.box.x)
      assert.ok(found.x >= Math.min(...xs) - 1e-9 && found.x <= Math.max(...xs) + 1e-9)
      assert.equal(boxAt(points, first - 1), null)
      assert.equal(boxAt(points, last + 701), null)
      for (const point of points) assert.deepEqual(boxAt(points, point.at), point.box)
    }),
  )
})

test('setup never shows a step whose ground is missing, and back never leads nowhere', () => {
  const yes = fc.boolean()
  const progress = fc.record({ signedIn: yes, hasCode: yes, hasSecret: yes, hasRecoveryCodes: yes })
  fc.assert(
    fc.property(fc.constantFrom(...STEPS), progress, (wanted, known_) => {
      const step = allowedStep(wanted, known_)
      const afterAccount = STEPS.indexOf(step) > STEPS.indexOf('factor')
      assert.equal(afterAccount, known_.signedIn)
      if (step === 'recovery') assert.ok(known_.hasRecoveryCodes)
      if (step === 'factor') assert.ok(known_.hasSecret && known_.hasCode)
      assert.equal(allowedStep(step, known_), step, 'it stays where it leads')
      const before = stepBefore(step)
      if (before) assert.ok(STEPS.indexOf(before) < STEPS.indexOf(step))
    }),
  )
})

test('what is typed as an address becomes the source that is meant', () => {
  const draft = { name: 'x', username: '', password: '', transport: 'tcp', classes: [], place: '' } as const
  assert.deepEqual(sourceOf({ ...draft, address: ' 192.168.1.20/live ' }), {
    kind: 'rtsp',
    url: 'rtsp://192.168.1.20/live',
    transport: 'tcp',
  })
  assert.deepEqual(sourceOf({ ...draft, address: '/srv/clip.mp4' }), { kind: 'file', path: '/srv/clip.mp4' })
  assert.deepEqual(sourceOf({ ...draft, address: 'rtsp://x/a', subAddress: ' x/b ', username: 'u', password: 'p' }), {
    kind: 'rtsp',
    url: 'rtsp://x/a',
    subUrl: 'rtsp://x/b',
    transport: 'tcp',
    username: 'u',
    password: 'p',
  })
  assert.deepEqual(sourceOf({ ...draft, address: 'rtsps://x/a', anyCertificate: true }), {
    ...{ kind: 'rtsp', url: 'rtsps://x/a', transport: 'tcp', anyCertificate: true },
  })
  assert.deepEqual(sourceOf({ ...draft, address: 'http://x', username: 'u', password: 'p' }), {
    ...{ kind: 'mjpeg', url: 'http://x', username: 'u', password: 'p' },
  })
  assert.deepEqual(sourceOf({ ...draft, address: 'http://x/cgi-bin/snapshot.cgi' }), {
    ...{ kind: 'still', url: 'http://x/cgi-bin/snapshot.cgi', intervalS: 1 },
  })
  assert.deepEqual(sourceOf({ ...draft, address: 'http://x/video.jpg', web: 'mjpeg' }).kind, 'mjpeg')
  assert.deepEqual(sourceOf({ ...draft, address: '/dev/video0' }), { kind: 'usb', device: '/dev/video0' })
})

test('SEC-A2 the rules seen while typing are those of the box', () => {
  const good = (password: string) => Object.values(checkPassword(password, 'ada')).every(Boolean)
  assert.ok(good('Correct-Horse-42'))
  for (const bad of [
    'Short-1a',
    'correct-horse-42',
    'CORRECT-HORSE-42',
    'Correct-Horse-ab',
    'CorrectHorse42',
    'Ada-Correct-42',
  ]) {
    assert.ok(!good(bad), bad)
  }
})

test('the currency is guessed from the first language that names a country', () => {
  assert.deepEqual([['de-DE'], ['en', 'sv-SE'], ['en-US'], ['en'], ['zh-Hant-TW']].map(guessCurrency), [
    'EUR',
    'SEK',
    'USD',
    'EUR',
    'TWD',
  ])
})

test('a changed incident keeps its place, a new one goes where it belongs', () => {
  const list = livedInHome().incidents
  const [first, second] = list
  assert.ok(first && second)
  const between = { ...first, id: 'new', openedAt: second.openedAt + 1 }
  assert.deepEqual(
    withIncident(list, between)
      .map(({ id }) => id)
      .slice(0, 3),
    [first.id, 'new', second.id],
  )
  assert.equal(withIncident(list, { ...second, feedback: 'threat' })[1]?.feedback, 'threat')
  assert.equal(withIncident(list, { ...second, feedback: 'threat' }).length, list.length)
})

test('whatever arrives as a push, something is shown and nothing leads outside', () => {
  const origin = 'https://lares.local'
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const { title, options } = notificationOf(text, origin)
      assert.ok(title.length > 0)
      assert.match((options.data as { path: string }).path, /^\//)
    }),
  )
  const leaving = { title: 'x', data: { path: '//evil.example/', image: 'https://evil.example/a.jpg' } }
  const { options } = notificationOf(JSON.stringify({ notification: leaving }), origin)
  assert.deepEqual(options.data, { path: '/' })
  assert.ok(!('image' in options))
})
