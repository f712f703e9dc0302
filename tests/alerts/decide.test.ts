import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { ObjectClass } from '../../appliance/src/api/common.ts'
import type { RiskBand } from '../../appliance/src/api/risk-bands.ts'
import {
  ALL_CHANNELS,
  decide,
  type DecideContext,
  type Decision,
  type EarlierDecision,
  type Rule,
} from '../../appliance/src/alerts/rules/decide.ts'
import { bandRank, verdictRank, type Visit } from '../../appliance/src/alerts/rules/visit.ts'

const NOON = Date.UTC(2026, 5, 1, 10)
const RULE: Rule = {
  ...{ id: 'r1', enabled: true, classes: ['person'], cameras: [], zones: [], modes: [], times: null, minBand: 'low' },
  ...{ dwellS: 0, cooldownS: 600, throughQuiet: false, people: [], channels: [], lightPlugId: null },
}
const CONTEXT: DecideContext = {
  ...{ at: NOON, timeZone: 'Europe/Berlin', mode: 'home', quietHours: null, entry: { delayMs: 0, cameras: [] } },
  ...{ people: ['ada', 'ben'], snoozes: [], earlier: [], lastTold: [] },
}
const VISIT: Visit = {
  ...{ id: 'v1', cameraId: 'door', cameraName: 'Front door', openedAt: NOON, lastSeenAt: NOON },
  ...{ zones: [], stayedMs: {} },
  ...{ classes: [{ class: 'person', count: 1 }], band: 'medium', verdict: 'uncertain', feedback: null },
}
const QUIET = { weekdays: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 0 }

type Change<T> = Partial<T>
const one = (rule: Change<Rule> = {}, context: Change<DecideContext> = {}, visit: Change<Visit> = {}): Decision => {
  const [decision] = decide([{ ...RULE, ...rule }], { ...CONTEXT, ...context }, { ...VISIT, ...visit }, 'updated')
  assert.ok(decision)
  return decision
}
const codeOf = (...asked: Parameters<typeof one>): string => one(...asked).code

function toldOf(decision: Decision, visit: Visit, at: number): EarlierDecision {
  const { ruleId, classes, people, channels, code } = decision
  return {
    ...{ ruleId, incidentId: visit.id, cameraId: visit.cameraId, at, outcome: 'told', code, classes, people, channels },
    ...{ band: visit.band, verdict: visit.verdict },
  }
}

describe('J2 what comes of a rule', () => {
  test('it tells everybody who may see the camera, or only whom it names', () => {
    const told = one()
    assert.deepEqual([told.outcome, told.state, told.urgency], ['told', 'opened', 'high'])
    assert.deepEqual(told.people, ['ada', 'ben'])
    assert.deepEqual(one({ people: ['ben', 'eve'] }).people, ['ben'])
    assert.equal(codeOf({ people: ['eve'] }), 'nobody')
    assert.deepEqual(decide([{ ...RULE, enabled: false }], CONTEXT, VISIT, 'opened'), [])
    assert.deepEqual(decide([RULE], CONTEXT, VISIT, 'closed'), [], 'what is over is over')
  })

  test('every reason for silence has its name', () => {
    assert.equal(codeOf({ classes: ['dog'] }), 'other-class')
    assert.equal(codeOf({ cameras: ['garden'] }), 'other-camera')
    assert.equal(codeOf({ zones: ['gate'] }), 'other-zone')
    assert.equal(codeOf({ zones: ['gate'] }, {}, { zones: ['gate'] }), 'fits')
    const stays = { zones: ['gate', 'lawn'], stayedMs: { gate: 8_000, lawn: 40_000 }, lastSeenAt: NOON + 60_000 }
    assert.equal(codeOf({ zones: ['gate'], dwellS: 20 }, {}, stays), 'too-short')
    assert.equal(codeOf({ zones: ['gate', 'lawn'], dwellS: 20 }, {}, stays), 'fits')
    assert.equal(codeOf({ dwellS: 50 }, {}, stays), 'fits')
    assert.equal(codeOf({ modes: ['away', 'night'] }), 'other-mode')
    assert.equal(codeOf({ times: { weekdays: ['sunday'], from: '00:00', to: '00:00' } }), 'other-time')
    assert.equal(codeOf({ minBand: 'high' }), 'below-band')
    assert.equal(codeOf({ dwellS: 10 }), 'too-short')
    assert.equal(codeOf({ dwellS: 10 }, {}, { lastSeenAt: NOON + 10_000 }), 'fits')
    assert.equal(codeOf({}, {}, { verdict: 'rejected' }), 'rejected')
    assert.equal(codeOf({}, {}, { feedback: 'expected' }), 'reviewed')
    assert.equal(codeOf({}, { quietHours: QUIET }), 'quiet-hours')
    const snoozes = [{ userId: 'ada', until: NOON + 60_000 }]
    assert.deepEqual(one({}, { snoozes }).people, ['ben'])
    assert.deepEqual(one({ people: ['ada'] }, { snoozes }).until, NOON + 60_000)
  })

  test('what could not be judged is told rather than not, and is never an alarm', () => {
    for (const minBand of ['low', 'medium', 'high'] as const)
      assert.equal(codeOf({ minBand }, {}, { band: null }), 'fits')
    assert.equal(codeOf({ minBand: 'critical' }, {}, { band: null }), 'below-band')
  })

  test('a rule of the night by the clock holds over midnight, on the nights when clocks change too', () => {
    const times = { weekdays: ['saturday' as const], from: '22:00', to: '06:00' }
    const at = (month: number, day: number, hour: number, minute = 0) =>
      codeOf({ times }, { at: Date.UTC(2026, month, day, hour, minute) })
    assert.equal(at(2, 28, 20, 59), 'other-time')
    assert.equal(at(2, 28, 21), 'fits')
    assert.equal(at(2, 29, 3, 59), 'fits')
    assert.equal(at(2, 29, 4), 'other-time')
    assert.equal(at(9, 25, 4, 59), 'fits')
    assert.equal(at(9, 25, 5), 'other-time')
  })

  test('one visit is told once; again only when it is worse, surer where it matters, or a person joined', () => {
    const earlier = [toldOf(one(), VISIT, NOON)]
    assert.equal(codeOf({}, { earlier }), 'told-before')
    assert.equal(codeOf({}, { earlier }, { verdict: 'confirmed' }), 'told-before')
    const worse = one({}, { earlier }, { band: 'critical' })
    assert.deepEqual([worse.state, worse.urgency, worse.outcome], ['escalated', 'critical', 'told'])
    const high = [toldOf(one({}, {}, { band: 'high' }), { ...VISIT, band: 'high' }, NOON)]
    assert.equal(codeOf({}, { earlier: high }, { band: 'high', verdict: 'confirmed' }), 'escalated')
    const dog = { ...VISIT, classes: [{ class: 'dog' as const, count: 1 }] }
    const anything = [toldOf(one({ classes: [] }, {}, dog), dog, NOON)]
    assert.equal(codeOf({ classes: [] }, { earlier: anything }), 'escalated')
  })

  test('a visit that goes on before another camera is told only to who could not see where it began', () => {
    const began = { ...toldOf(one({}, { people: ['ada'] }), { ...VISIT, id: 'v0', cameraId: 'drive' }, NOON) }
    assert.deepEqual(one({}, { earlier: [began] }).people, ['ben'])
    assert.equal(codeOf({}, { earlier: [began], people: ['ada'] }), 'told-already')
    assert.equal(codeOf({}, { earlier: [began], people: ['ada'] }, { band: 'critical' }), 'fits', 'it is worse here')
  })

  test('two rules that fit tell each person once', () => {
    const rules = [RULE, { ...RULE, id: 'r2' }, { ...RULE, id: 'r3', people: ['ada'] }]
    assert.deepEqual(
      decide(rules, CONTEXT, VISIT, 'opened').map(({ code }) => code),
      ['fits', 'told-already', 'told-already'],
    )
    const narrow = [
      { ...RULE, people: ['ada'] },
      { ...RULE, id: 'r2' },
    ]
    assert.deepEqual(
      decide(narrow, CONTEXT, VISIT, 'opened').map(({ people }) => people),
      [['ada'], ['ben']],
    )
    const byMail = [
      { ...RULE, channels: ['push' as const] },
      { ...RULE, id: 'r2', channels: ['email' as const] },
    ]
    assert.ok(decide(byMail, CONTEXT, VISIT, 'opened').every(({ outcome }) => outcome === 'told'))
  })
})

describe('J9 the way in', () => {
  const away = { mode: 'away' as const, entry: { delayMs: 45_000, cameras: ['door'] } }
  const held = (): EarlierDecision => ({
    ...toldOf(one(), VISIT, NOON),
    outcome: 'held',
    code: 'entry-delay',
    people: [],
  })

  test('an alert of an entry camera waits while away; of another camera it does not', () => {
    const waiting = one({}, away)
    assert.deepEqual([waiting.outcome, waiting.until], ['held', NOON + 45_000])
    assert.equal(codeOf({}, away, { cameraId: 'garden' }), 'fits')
    assert.equal(codeOf({}, { ...away, mode: 'night' }), 'fits')
    assert.equal(codeOf({}, { ...away, at: NOON + 45_000, earlier: [held()] }), 'fits')
  })

  test('whoever chooses another mode in time was one of the house: no rule tells of that visit', () => {
    const inTime = { mode: 'home' as const, earlier: [held()] }
    assert.equal(codeOf({}, inTime), 'came-home')
    assert.equal(codeOf({ id: 'r2' }, inTime), 'came-home')
  })
})

const CLASSES: ObjectClass[] = ['person', 'car', 'dog']
const BANDS: (RiskBand | null)[] = ['low', 'medium', 'high', 'critical', null]
const VERDICTS = ['confirmed', 'uncertain', 'could-not-look'] as const

const visits = fc.array(
  fc.record({
    afterS: fc.integer({ min: 1, max: 900 }),
    camera: fc.constantFrom('door', 'garden'),
    classes: fc.uniqueArray(fc.constantFrom(...CLASSES), { minLength: 1 }),
    band: fc.constantFrom(...BANDS),
    verdict: fc.constantFrom(...VERDICTS),
  }),
  { maxLength: 40 },
)

/** Lets visits happen one after the other, as the box would, and remembers what was told. */
function live(rule: Rule, list: readonly (typeof visits extends fc.Arbitrary<infer T> ? T : never)[number][]) {
  const told: { decision: Decision; visit: Visit; at: number }[] = []
  const all: { decision: Decision; visit: Visit; at: number }[] = []
  let at = NOON
  for (const [index, each] of list.entries()) {
    at += each.afterS * 1_000
    const classes = each.classes.map((name) => ({ class: name, count: 1 }))
    const place = { id: `v${index}`, cameraId: each.camera, openedAt: at, lastSeenAt: at }
    const visit: Visit = { ...VISIT, ...place, classes, band: each.band, verdict: each.verdict }
    const lastTold = told.map((one) => toldOf(one.decision, one.visit, one.at))
    const [decision] = decide([rule], { ...CONTEXT, at, lastTold }, visit, 'opened')
    assert.ok(decision)
    all.push({ decision, visit, at })
    if (decision.outcome === 'told') told.push({ decision, visit, at })
  }
  return { told, all }
}

describe('cooldown, whatever happens', () => {
  const rule = { ...RULE, classes: [] }

  test('the same on the same camera is not told again within it, unless it is worse or surer', () => {
    fc.assert(
      fc.property(visits, (list) => {
        const { told } = live(rule, list)
        for (const [index, later] of told.entries()) {
          const recent = told
            .slice(0, index)
            .filter(
              ({ at, visit }) => visit.cameraId === later.visit.cameraId && later.at - at < rule.cooldownS * 1_000,
            )
          const isNews = later.decision.classes.some((name) =>
            recent
              .filter(({ decision }) => decision.classes.includes(name))
              .every(
                ({ visit }) =>
                  bandRank(later.visit.band) > bandRank(visit.band) ||
                  verdictRank(later.visit.verdict) > verdictRank(visit.verdict),
              ),
          )
          assert.ok(isNews, `visit ${later.visit.id}`)
        }
      }),
    )
  })

  test('one camera never mutes another', () => {
    fc.assert(
      fc.property(visits, (list) => {
        // The same times, without what the other camera saw in between.
        let waitedS = 0
        const alone = list.flatMap((each) => {
          waitedS += each.afterS
          if (each.camera !== 'door') return []
          const afterS = waitedS
          waitedS = 0
          return [{ ...each, afterS }]
        })
        const outcomes = (all: ReturnType<typeof live>['all']) =>
          all.filter(({ visit }) => visit.cameraId === 'door').map(({ decision }) => decision.outcome)
        assert.deepEqual(outcomes(live(rule, list).all), outcomes(live(rule, alone).all))
      }),
    )
  })

  test('an alarm is always told when no alarm was told of it before', () => {
    fc.assert(
      fc.property(visits, (list) => {
        const { all } = live(rule, list)
        const first = all.find(({ visit }) => visit.band === 'critical')
        if (first) assert.equal(first.decision.outcome, 'told')
      }),
    )
  })

  test('a clock that was set back silences nothing', () => {
    const future = [{ ...toldOf(one(), { ...VISIT, id: 'v0' }, NOON + 9e9) }]
    assert.equal(codeOf({}, { lastTold: future }), 'fits')
  })
})

describe('quiet hours, whatever happens', () => {
  test('only an alarm, or a rule that says so, comes through', () => {
    const change = fc.record({
      band: fc.constantFrom(...BANDS),
      throughQuiet: fc.boolean(),
      isQuiet: fc.boolean(),
    })
    fc.assert(
      fc.property(change, ({ band, throughQuiet, isQuiet }) => {
        const { outcome, urgency } = one({ throughQuiet }, { quietHours: isQuiet ? QUIET : null }, { band })
        assert.equal(outcome === 'told', !isQuiet || throughQuiet || urgency === 'critical')
      }),
    )
  })

  test('a snooze never holds an alarm back', () => {
    const snoozes = ['ada', 'ben'].map((userId) => ({ userId, until: NOON + 1 }))
    assert.equal(codeOf({}, { snoozes }), 'snoozed')
    assert.deepEqual(one({}, { snoozes }, { band: 'critical' }).people, ['ada', 'ben'])
  })
})

test('all channels are what a rule without a choice means', () => assert.deepEqual(one().channels, [...ALL_CHANNELS]))
