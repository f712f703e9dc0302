import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { messageOf } from '../../appliance/src/core/errors.ts'
import { llmTimeoutS, llmUrl } from '../../appliance/src/incidents/risk/settings.ts'
import { bringLanguageModel } from '../../scripts/bootstrap/dependencies.mjs'
import { createFakeSettings } from '../fakes/settings.ts'
import { dataFile, NO_DATA } from '../vision/data.ts'
import { startLife, type Life } from './life.ts'

const MOST_QUESTIONS = 12
const DEADLINE_MS = 180_000
const SERVER = fileURLToPath(new URL('../language-model/serve.mjs', import.meta.url))
const model = dataFile('llm/tiny.gguf')
let server: ChildProcess | null = null
let life: Life | null = null

/** Why this machine cannot run it; null when it can. */
async function whyNot(): Promise<string | null> {
  if (model === null) return NO_DATA
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'skipped: this test has an engine for linux-x64 alone'
  try {
    await bringLanguageModel()
    return null
  } catch (error) {
    return `skipped: the engine could not be fetched (${messageOf(error)})`
  }
}

const reason = await whyNot()

async function startModel(file: string): Promise<string> {
  server = spawn(process.execPath, [SERVER, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  assert.ok(server.stdout)
  const [port] = (await once(createInterface(server.stdout), 'line')) as [string]
  return `http://127.0.0.1:${port}`
}

after(async () => {
  await life?.remove()
  if (!server) return
  const ended = once(server, 'exit')
  server.stdin?.end()
  await ended
})

test('a real language model behind a real server answers under the schema', { skip: reason ?? false }, async () => {
  const url = await startModel(model ?? '')
  const settings = createFakeSettings()
  await settings.set(llmUrl, url)
  await settings.set(llmTimeoutS, 300)
  const on = (life = await startLife({ settings }))
  const deadline = performance.now() + DEADLINE_MS
  const problems = new Set<string>()
  for (let question = 0; question < MOST_QUESTIONS; question++) {
    on.see({ id: `track-${question}` })
    await on.quiet()
    const [incident] = await on.all()
    const read = async () => (await on.incidents.get(incident?.id ?? '')).assessment
    let waited = 0
    while ((await read())?.language.state === 'waiting') {
      assert.ok(performance.now() < deadline, `no answer; so far: ${[...problems].join(' ')}`)
      // Only until it is asked: the clock that the test owns must not run out while the model thinks.
      if (waited++ < 30) await on.clock.advance(200)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const assessment = await read()
    assert.deepEqual(assessment?.language.promptVersion, 'risk-1')
    if (assessment.language.state === 'answered') {
      assert.deepEqual([assessment.by, assessment.language.model], ['language', 'tiny.gguf'])
      assert.ok((assessment.language.tokensIn ?? 0) > 100 && (assessment.language.tokensOut ?? 0) > 10)
      assert.equal(assessment.factors.at(-1)?.code, 'language')
      return
    }
    // Random weights may count beyond 100 or never end: the rules' answer stands, and the next visit asks again.
    problems.add(assessment.language.problem ?? '')
    assert.match(assessment.language.problem ?? '', /not answer as it was asked|cut off/)
    await on.pass(40)
  }
  assert.fail(`it never answered: ${[...problems].join(' ')}`)
})
