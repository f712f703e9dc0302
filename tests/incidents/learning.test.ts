import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { INCIDENT_FEEDBACK } from '../../appliance/src/api/incidents.ts'
import { learnedReply } from '../../appliance/src/api/review.ts'
import { heatOf } from '../../appliance/src/incidents/days/days.ts'
import { summariseDay, type DayVisit } from '../../appliance/src/incidents/days/summary.ts'
import {
  feedbackAdjustment,
  MOST_POINTS,
  type Mark,
} from '../../appliance/src/incidents/learning/feedback-adjustment.ts'
import { homeTimeOf } from '../../appliance/src/core/home-time.ts'
import { person, startServer, tokenOf } from '../http/harness.ts'
import { CAMERA_ID, startLife } from './life.ts'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 10, 28, 12)
const said = (feedback: Mark['feedback'], count: number, daysAgo = 0): Mark[] =>
  Array.from({ length: count }, () => ({ feedback, at: NOW - daysAgo * DAY_MS }))
const anyMark = fc.record({
  feedback: fc.constantFrom(...INCIDENT_FEEDBACK),
  at: fc.integer({ min: NOW - 400 * DAY_MS, max: NOW }),
})

describe('what marks teach', () => {
  it('J2 is explained in words and stays within its bounds', () => {
    assert.equal(feedbackAdjustment([], NOW), null)
    assert.equal(feedbackAdjustment(said('expected', 1), NOW), null)
    assert.deepEqual(feedbackAdjustment(said('expected', 3), NOW), {
      ...{ points: -15, words: 'You marked 3 like this as expected.' },
    })
    assert.deepEqual(feedbackAdjustment([...said('expected', 5), ...said('false', 2)], NOW), {
      ...{ points: -20, words: 'You marked 5 like this as expected and 2 as a false alarm.' },
    })
    assert.deepEqual(feedbackAdjustment(said('threat', 1), NOW), {
      ...{ points: 12, words: 'You marked something like this as a threat once.' },
    })
    fc.assert(
      fc.property(fc.array(anyMark, { maxLength: 60 }), (marks) => {
        const learned = feedbackAdjustment(marks, NOW)
        if (!learned) return
        assert.ok(Number.isInteger(learned.points) && Math.abs(learned.points) <= MOST_POINTS)
        assert.match(learned.words, /^You marked .+\.$/)
        const threats = marks.filter(({ feedback, at }) => feedback === 'threat' && NOW - at < 180 * DAY_MS)
        if (threats.length > 0) assert.ok(learned.points >= 0, 'a remembered threat is never scored lower')
      }),
    )
  })

  it('J2 fades, and never lowers what was once a threat without saying so', () => {
    assert.equal(feedbackAdjustment(said('expected', 4, 30), NOW)?.points, -10)
    assert.equal(feedbackAdjustment(said('expected', 4, 60), NOW)?.points, -5)
    assert.equal(feedbackAdjustment(said('expected', 4, 181), NOW), null)
    assert.deepEqual(feedbackAdjustment([...said('expected', 9), ...said('threat', 1, 90)], NOW), {
      points: 0,
      words: 'You marked something like this as a threat once, so the 9 as expected do not lower it.',
    })
    fc.assert(
      fc.property(fc.array(anyMark, { maxLength: 20 }), fc.integer({ min: 0, max: 170 }), (marks, days) => {
        const calm = marks.filter(({ feedback }) => feedback !== 'threat')
        const [now, later] = [feedbackAdjustment(calm, NOW), feedbackAdjustment(calm, NOW + days * DAY_MS)]
        assert.ok(Math.abs(later?.points ?? 0) <= Math.abs(now?.points ?? 0))
      }),
    )
  })

  it('J2 is seen by the owner and forgotten at a word; a mark that is taken back teaches nothing', async () => {
    const life = await startLife()
    const server = await startServer(life.incidents.routes, { dataDir: life.dataDir })
    try {
      server.people.set(tokenOf('olga'), person('olga', ['incidents.view', 'incidents.review']))
      const ask = (method: string, path: string, body?: object) =>
        server.ask(`/api/incidents${path}`, {
          ...{ as: 'olga', method, headers: { origin: `https://127.0.0.1:${server.port}` } },
          ...(body ? { send: body } : {}),
        })
      for (let n = 0; n < 4; n++) {
        life.see({ id: `track-${n}`, box: { x: n * 0.2, y: 0.1, width: 0.1, height: 0.2 } })
        await life.pass(35)
      }
      const ids = (await life.all()).map(({ id }) => id)
      const learned = async () => learnedReply.parse((await ask('GET', '/feedback')).json()).learned
      const { hour } = homeTimeOf(life.clock.now(), 'UTC')
      const asked = { cameraId: CAMERA_ID, class: 'person', zone: null, hour, at: life.clock.now() } as const
      const points = () =>
        life.database.transaction(async (trx) => (await life.incidents.feedbackAdjustment(trx, asked))?.points ?? null)
      const { undo } = (await ask('POST', '/review', { ids, feedback: 'expected' })).json()
      const [first] = await learned()
      assert.deepEqual([first?.counts.expected, first?.points, first?.class], [4, -20, 'person'])
      assert.match(first?.words ?? '', /4 like this as expected/)
      assert.equal(await points(), -20)
      await ask('POST', `/reviews/${String(undo)}/undo`)
      assert.deepEqual([await points(), await learned()], [null, []])

      await life.clock.advance(1_000)
      await ask('POST', '/review', { ids, feedback: 'false' })
      assert.equal(await points(), -20)
      assert.equal((await ask('DELETE', `/feedback?pattern=${encodeURIComponent('x:y:z')}`)).status, 400)
      await life.clock.advance(1_000)
      const pattern = encodeURIComponent((await learned())[0]?.pattern ?? '')
      assert.equal((await ask('DELETE', `/feedback?pattern=${pattern}`)).status, 200)
      assert.deepEqual([await points(), await learned()], [null, []])
      assert.equal((await life.all())[0]?.feedback, 'false', 'the mark itself stays')
      await life.clock.advance(1_000)
      await ask('PUT', `/${ids[0]}/review`, { feedback: 'threat' })
      assert.equal(await points(), 12)
      await life.clock.advance(1_000)
      assert.equal((await ask('DELETE', '/feedback')).status, 200)
      assert.equal(await points(), null)
    } finally {
      await server.stop()
      await life.remove()
    }
  })
})

describe('days and weeks', () => {
  it('is put in numbers: visits by camera and what leads, and what stands out', () => {
    const door = { id: 'door', name: 'Front door' }
    const drive = { id: 'drive', name: 'Drive' }
    const visit = (change: Partial<DayVisit>): DayVisit => ({
      ...{ id: 'x', openedAt: NOW, camera: door, classes: [{ class: 'person', bestScore: 0.5 }], riskScore: 10 },
      ...{ feedback: null, reviewed: false, unusual: false, ...change },
    })
    const dogWalk = [
      { class: 'dog', bestScore: 0.9 },
      { class: 'person', bestScore: 0.4 },
    ] as const
    const car = [{ class: 'car', bestScore: 0.9 }] as const
    const summary = summariseDay([
      visit({ id: 'a' }),
      visit({ id: 'b', classes: dogWalk, reviewed: true }),
      visit({ id: 'c', camera: drive, classes: car, unusual: true }),
      visit({ id: 'd', camera: drive, classes: car, riskScore: 90, feedback: 'expected' }),
      visit({ id: 'e', feedback: 'false', riskScore: 99 }),
      visit({ id: 'f', riskScore: 88 }),
      visit({ id: 'g', feedback: 'threat', riskScore: 1 }),
    ])
    assert.deepEqual([summary.total, summary.unreviewed], [6, 6])
    assert.deepEqual(
      summary.groups.map((group) => `${group.visits} ${group.class} ${group.camera.name}`),
      ['4 person Front door', '2 car Drive'],
    )
    assert.deepEqual(
      summary.notable.map(({ id, why }) => `${id} ${why}`),
      ['g threat', 'f critical', 'c unusual'],
    )
    assert.deepEqual(summariseDay([]), { total: 0, unreviewed: 0, groups: [], notable: [] })
  })

  it('hours are those of the home', () => {
    const at = Date.UTC(2026, 10, 28, 23, 45)
    const { cells, total, most } = heatOf([{ at, count: 3 }], 'Asia/Kathmandu')
    assert.deepEqual([cells[6]?.[5], total, most], [3, 3, 3])
    assert.equal(heatOf([{ at, count: 1 }], 'Europe/Berlin').cells[6]?.[0], 1)
  })
})
