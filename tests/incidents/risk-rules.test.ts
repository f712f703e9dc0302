import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { OBJECT_CLASSES } from '../../appliance/src/api/common.ts'
import { bandOf, HOME_MODES, RISK_BANDS } from '../../appliance/src/api/risk-bands.ts'
import { combine, LANGUAGE_AT_MOST } from '../../appliance/src/incidents/risk/combine.ts'
import { judgeByRules } from '../../appliance/src/incidents/risk/rules.ts'
import type { Judgement, SceneFacts } from '../../appliance/src/incidents/risk/types.ts'
import { readScenes } from '../bench/support/risk-scenes.ts'
import { figuresOf } from '../bench/support/risk-figures.ts'
import { wilson } from '../bench/support/interval.ts'

const oneClass = fc.record({
  class: fc.constantFrom(...OBJECT_CLASSES),
  count: fc.integer({ min: 1, max: 20 }),
  bestScore: fc.double({ min: 0.2, max: 1, noNaN: true }),
})
const usualness = fc.oneof(
  fc.constant({ state: 'learning' as const }),
  fc.record({
    state: fc.constantFrom('ordinary' as const, 'usual' as const, 'unusual' as const),
    perHour: fc.constant(0.1),
  }),
)
const facts: fc.Arbitrary<SceneFacts> = fc.record({
  classes: fc.uniqueArray(oneClass, { minLength: 1, maxLength: 4, selector: (each) => each.class }),
  dwellMs: fc.integer({ min: 0, max: 900_000 }),
  hour: fc.integer({ min: 0, max: 23 }),
  night: fc.boolean(),
  mode: fc.constantFrom(...HOME_MODES),
  atHome: fc.option(fc.array(fc.constantFrom('Ada', 'Ben'), { maxLength: 2 })),
  expected: fc.option(
    fc.record({
      name: fc.string(),
      who: fc.constantFrom('household' as const, 'visitor' as const, 'vehicle' as const),
    }),
  ),
  usualness,
  earlierVisits: fc.integer({ min: 0, max: 9 }),
  camerasSeen: fc.integer({ min: 1, max: 5 }),
  zones: fc.subarray(['entry', 'garden', 'drive', 'street']),
  plugsSwitched: fc.subarray(['Porch light']),
  feedback: fc.option(fc.record({ points: fc.integer({ min: -99, max: 99 }), words: fc.constant('Marked before.') })),
})
const scoreOf = (scene: SceneFacts): number => judgeByRules(scene).score ?? -1
const clamp = (points: number): number => Math.min(100, Math.max(0, points))

describe('the table of bands', () => {
  it('covers 0 to 100 without gap or overlap, and every score has the band it lies in', () => {
    const all = Array.from({ length: 101 }, (_, score) => bandOf(score))
    for (const { band, from, to } of RISK_BANDS)
      assert.deepEqual(new Set(all.slice(from, to + 1)), new Set([band]), `${band} ${from}–${to}`)
    assert.deepEqual([RISK_BANDS[0].from, RISK_BANDS.at(-1)?.to], [0, 100])
  })
})

describe('the rules', () => {
  it('give a whole number from 0 to 100 that is the sum of their reasons, each in one sentence', () => {
    fc.assert(
      fc.property(facts, (scene) => {
        const { score, factors, verdict } = judgeByRules(scene)
        const sum = factors.reduce((points, each) => points + each.points, 0)
        assert.equal(score, clamp(sum))
        assert.ok(Number.isInteger(score))
        assert.equal(new Set(factors.map(({ code }) => code)).size, factors.length, 'no reason twice')
        assert.ok(factors.every(({ words, points }) => /^.+\.$/s.test(words) && points !== 0))
        assert.ok(verdict === 'confirmed' || verdict === 'uncertain')
      }),
    )
  })

  it('never fall when something graver is added', () => {
    const graver: ((scene: SceneFacts) => SceneFacts)[] = [
      (scene) => ({ ...scene, dwellMs: scene.dwellMs + 60_000 }),
      (scene) => ({ ...scene, night: true, atHome: null }),
      (scene) => ({ ...scene, earlierVisits: scene.earlierVisits + 1 }),
      (scene) => ({ ...scene, camerasSeen: scene.camerasSeen + 1 }),
      (scene) => ({ ...scene, zones: [...scene.zones, 'entry'] }),
      (scene) => ({ ...scene, expected: null }),
      (scene) => ({ ...scene, usualness: { state: 'unusual', perHour: 0.01 } }),
      (scene) => ({ ...scene, classes: scene.classes.map((each) => ({ ...each, count: each.count + 1 })) }),
    ]
    fc.assert(
      fc.property(facts, fc.constantFrom(...graver), (scene, change) => {
        const before = { ...scene, ...(change(scene).atHome === null && { atHome: null }) }
        assert.ok(scoreOf(change(before)) >= scoreOf(before))
      }),
    )
  })

  it('weigh modes in the order disarmed, home, night, away', () => {
    fc.assert(
      fc.property(facts, (scene) => {
        const unknown = { ...scene, atHome: null, plugsSwitched: [] }
        const scores = (['disarmed', 'home', 'night', 'away'] as const).map((mode) => scoreOf({ ...unknown, mode }))
        assert.deepEqual(
          scores,
          [...scores].sort((a, b) => a - b),
        )
      }),
    )
  })

  it('do not invent a score for a scene in which nothing was seen', () => {
    const [scene] = fc.sample(facts, 1)
    assert.ok(scene)
    assert.deepEqual(judgeByRules({ ...scene, classes: [] }), { verdict: 'could-not-look', score: null, factors: [] })
  })
})

describe('an opinion of a language model', () => {
  const opinion = fc.record({
    verdict: fc.constantFrom('confirmed' as const, 'rejected' as const, 'uncertain' as const),
    score: fc.integer({ min: 0, max: 100 }),
    reason: fc.constant('Because.'),
  })

  it('moves the score by at most 25, unless it rejects what the detector itself was unsure of', () => {
    fc.assert(
      fc.property(facts, opinion, (scene, said) => {
        const rules = judgeByRules(scene)
        const { score, verdict, factors } = combine(rules, said)
        assert.ok(score !== null && rules.score !== null && score >= 0 && score <= 100)
        const down = said.verdict === 'rejected' && rules.verdict === 'uncertain'
        assert.ok(score - rules.score <= LANGUAGE_AT_MOST)
        assert.ok(down ? score <= 29 : rules.score - score <= LANGUAGE_AT_MOST)
        assert.ok(!(verdict === 'rejected' && rules.verdict === 'confirmed'))
        assert.equal(factors.at(-1)?.code, 'language')
        assert.equal(score, rules.score + (factors.at(-1)?.points ?? 0), 'the reason says by how much')
      }),
    )
  })

  it('gives no score to what could not be judged', () => {
    const none: Judgement = { verdict: 'could-not-look', score: null, factors: [] }
    assert.deepEqual(combine(none, { verdict: 'confirmed', score: 90, reason: 'x' }), none)
  })
})

describe('the described scenes', () => {
  const scenes = readScenes()

  it('are at least 120, each once, of every band, and every third is held out', () => {
    assert.ok(scenes.length >= 120)
    assert.equal(new Set(scenes.map(({ words }) => words)).size, scenes.length)
    for (const { band } of RISK_BANDS) assert.ok(scenes.filter(({ expected }) => expected === band).length >= 15, band)
    assert.equal(scenes.filter(({ heldOut }) => heldOut).length, Math.floor(scenes.length / 3))
  })

  it('are judged no worse than when the weights were chosen', () => {
    const figures = figuresOf(scenes.map((scene) => ({ scene, score: scoreOf(scene.facts) })))
    assert.ok((figures['recall'] ?? 0) >= 0.85, String(figures['recall']))
    assert.ok((figures['false_alarm'] ?? 1) <= 0.1, String(figures['false_alarm']))
  })

  it('are counted with an interval that is known to be right', () => {
    // Of the literature: 10 of 20 and 0 of 10.
    const half = wilson(10, 20)
    assert.deepEqual([half.low.toFixed(3), half.high.toFixed(3)], ['0.299', '0.701'])
    assert.equal(wilson(0, 10).high.toFixed(3), '0.278')
  })
})
