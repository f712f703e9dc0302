import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { IncidentDetail } from '../../appliance/src/api/incidents.ts'
import { llmCa, llmKey, llmPictures, llmUrl } from '../../appliance/src/incidents/risk/settings.ts'
import { makeCertificate } from '../fakes/certificate.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { CALM, startFakeLlm, type Behaviour, type FakeLlm } from '../fakes/llm-server.ts'
import { startLife, until, type Life, type LifeOptions } from './life.ts'

let llm: FakeLlm
let life: Life | null = null

before(async () => void (llm = await startFakeLlm()))
after(() => llm.stop())
afterEach(async () => {
  await life?.remove()
  life = null
})

async function begin(options: LifeOptions = {}): Promise<Life> {
  const settings = createFakeSettings()
  await settings.set(llmUrl, llm.url)
  await settings.set(llmKey, 'sk-test')
  life = await startLife({ settings, ...options })
  return life
}

async function detailOf(on: Life): Promise<IncidentDetail> {
  const [incident] = await on.all()
  assert.ok(incident)
  return on.incidents.get(incident.id)
}

const stateOf = async (on: Life): Promise<string | undefined> => (await detailOf(on)).assessment?.language.state

/** One visit, and what became of asking about it. */
async function judge(behaviours: Behaviour[], stepMs = 200): Promise<IncidentDetail> {
  llm.behave(...behaviours)
  const on = await begin()
  on.see({})
  await on.quiet()
  await until(on, stepMs, async () => (await stateOf(on)) !== 'waiting')
  return detailOf(on)
}

describe('a language model', () => {
  it('is asked some seconds after the beginning, and what it says is kept with where it comes from', async () => {
    llm.behave({ kind: 'answer', said: { ...CALM, risk_score: 4 } })
    const asked = llm.asked.length
    const on = await begin()
    on.see({})
    await on.quiet()
    const first = await detailOf(on)
    assert.deepEqual([first.assessment?.by, first.assessment?.language.state], ['rules', 'waiting'])
    assert.ok(first.risk && first.risk.score > 4, 'the rules answer at once')
    assert.equal(llm.asked.length, asked, 'the scene may unfold first')
    await until(on, 200, async () => (await stateOf(on)) === 'answered')
    const { assessment, risk, verdict } = await detailOf(on)
    const { summary, model, tokensIn, tokensOut, latencyMs, promptVersion, problem } = assessment?.language ?? {}
    assert.deepEqual([summary, model, tokensIn, tokensOut], ['A courier leaves.', 'tiny-guard-1b', 321, 45])
    assert.deepEqual([promptVersion, problem, typeof latencyMs], ['risk-1', null, 'number'])
    assert.deepEqual([verdict, risk?.score, assessment?.by], ['confirmed', 4, 'language'])
    assert.deepEqual(assessment?.factors.at(-1), {
      code: 'language',
      words: 'It is a courier.',
      points: 4 - first.risk.score,
    })
    assert.equal(on.changes.at(-1)?.incident.risk?.score, 4, 'everybody hears of it')
    assert.equal(llm.asked.at(-1)?.authorization, 'Bearer sk-test')
    assert.deepEqual(llm.refused, [])
    // What goes on keeps what was said.
    on.see({})
    await on.pass(2)
    assert.equal((await detailOf(on)).assessment?.by, 'language')
  })

  it('that would calm everything down is heard, not obeyed', async () => {
    const detail = await judge([{ kind: 'answer', said: { ...CALM, verdict: 'rejected', risk_score: 0 } }])
    const rules = detail.assessment?.factors.filter(({ code }) => code !== 'language') ?? []
    const sum = rules.reduce((points, each) => points + each.points, 0)
    assert.ok((detail.risk?.score ?? -1) >= sum - 25)
    assert.equal(detail.verdict, 'uncertain', 'the detector is sure, the model is not: nobody knows')
  })

  it('is sent the picture when it can see', async () => {
    llm.behave({ kind: 'answer', said: CALM })
    const on = await begin()
    await on.settings.set(llmPictures, true)
    on.see({})
    await on.quiet()
    await until(on, 200, async () => (await stateOf(on)) === 'answered')
    assert.equal((await detailOf(on)).assessment?.language.pictureSent, true)
    assert.ok(Array.isArray(llm.asked.at(-1)?.request.messages[1].content))
    assert.deepEqual(llm.refused, [])
  })

  it('is asked after a restart about what it was not asked before', async () => {
    llm.behave({ kind: 'answer', said: CALM })
    const on = await begin()
    on.see({})
    await on.quiet()
    assert.equal(await stateOf(on), 'waiting')
    const { dataDir, clock, settings } = on
    await on.stop()
    life = await startLife({ dataDir, clock, settings })
    const again = life
    await until(again, 200, async () => (await stateOf(again)) === 'answered')
  })

  it('is not waited for where there is none', async () => {
    life = await startLife()
    life.see({})
    await life.quiet()
    assert.equal(await stateOf(life), 'off')
  })
})

describe('a language model that misbehaves leaves the rules\u2019 answer, and the incident says why', () => {
  const cases: [string, Behaviour, RegExp, number?][] = [
    ['answers no JSON', { kind: 'raw', body: 'Once upon a time' }, /did not answer in JSON/],
    ['answers another form', { kind: 'raw', body: '{"choices":[]}' }, /in a form that is not known/],
    ['writes prose', { kind: 'answer', said: 'All is well, sleep on!' }, /not answer as it was asked/],
    ['gives an impossible score', { kind: 'answer', said: { ...CALM, risk_score: 900 } }, /not answer as it was asked/],
    ['invents a verdict', { kind: 'answer', said: { ...CALM, verdict: 'harmless' } }, /not answer as it was asked/],
    ['is cut off', { kind: 'answer', said: '{"verdict":"conf', finish: 'length' }, /cut off/],
    ['answers without end', { kind: 'giant' }, /far too long/],
    ['hangs', { kind: 'hang' }, /took too long/, 1_000],
    ['drips', { kind: 'drip' }, /took too long/, 1_000],
    ['does not take the question', { kind: 'status', status: 400 }, /did not take the question \(400\)/],
    ['does not accept the key', { kind: 'status', status: 401 }, /does not accept the key/],
  ]
  for (const [name, behaviour, problem, stepMs] of cases)
    it(name, async () => {
      const { assessment, risk } = await judge([behaviour], stepMs)
      assert.match(assessment?.language.problem ?? '', problem)
      assert.deepEqual([assessment?.language.state, assessment?.by], ['failed', 'rules'])
      const sum = assessment?.factors.reduce((points, each) => points + each.points, 0)
      assert.equal(risk?.score, sum)
    })

  it('fails for a moment: it is asked once more at once', async () => {
    const before = llm.count()
    const { assessment } = await judge([
      { kind: 'status', status: 503 },
      { kind: 'answer', said: CALM },
    ])
    assert.deepEqual([assessment?.language.state, llm.count() - before], ['answered', 2])
  })

  it('is down: it is asked later, twice, and then given up', async () => {
    const before = llm.count()
    const { assessment } = await judge([{ kind: 'drop' }], 2_000)
    assert.deepEqual([assessment?.language.state, llm.count() - before], ['failed', 6])
    assert.match(assessment?.language.problem ?? '', /could not be reached/)
  })
})

describe('SEC-C8 a language model over HTTPS', () => {
  it('is asked only under a certificate that this box trusts', async () => {
    const certificate = await makeCertificate()
    const secure = await startFakeLlm(certificate)
    try {
      const ask = async (ca: string): Promise<IncidentDetail> => {
        const settings = createFakeSettings()
        await settings.set(llmUrl, secure.url)
        await settings.set(llmCa, ca)
        const on = (life = await startLife({ settings }))
        on.see({})
        await on.quiet()
        await until(on, 200, async () => (await stateOf(on)) !== 'waiting')
        return detailOf(on)
      }
      const refused = await ask('')
      assert.match(refused.assessment?.language.problem ?? '', /certificate .* not one that this box trusts/)
      assert.equal(secure.count(), 0, 'nothing was said to it')
      await life?.remove()
      assert.equal((await ask(certificate.certPem)).assessment?.language.state, 'answered')
    } finally {
      await secure.stop()
    }
  })
})
