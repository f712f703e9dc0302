// Described scenes, judged by each assessor: how many that deserve attention are found, how many harmless ones alarm.
import { readAddress } from '../../appliance/src/incidents/risk/language/address.ts'
import { askModel, type ModelServer } from '../../appliance/src/incidents/risk/language/client.ts'
import { makePrompt, PROMPT_VERSION } from '../../appliance/src/incidents/risk/language/prompt.ts'
import { combine } from '../../appliance/src/incidents/risk/combine.ts'
import { judgeByRules } from '../../appliance/src/incidents/risk/rules.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { isQuick, quantile, report } from './report.ts'
import { figuresOf, type Judged } from './support/risk-figures.ts'
import { readScenes, type DescribedScene } from './support/risk-scenes.ts'

const QUICK_LANGUAGE_SCENES = 12
const LANGUAGE_TIMEOUT_MS = 120_000

const neverStopped = new AbortController()
const scenes = readScenes()
const byRules: Judged[] = scenes.map((scene) => ({ scene, score: judgeByRules(scene.facts).score }))
const figures: Record<string, number> = {
  ...figuresOf(byRules),
  ...figuresOf(
    byRules.filter(({ scene }) => scene.heldOut),
    'held_out_',
  ),
}
const conditions: Record<string, string | number> = {
  scenes: scenes.length,
  deserve_attention: scenes.filter(({ expected }) => expected !== 'low').length,
  held_out: scenes.filter(({ heldOut }) => heldOut).length,
}

const url = process.env['LLM_URL'] ?? process.env['NEMOTRON_URL']
if (url) Object.assign(figures, await byLanguage(url))
report({ bench: 'risk', figures, conditions })

/** The same scenes, refined by the model that LLM_URL names. It is told the facts and the description, for want of a picture. */
async function byLanguage(address: string): Promise<Record<string, number>> {
  const server = serverAt(address)
  const asked = isQuick ? scenes.filter((_, n) => n % Math.ceil(scenes.length / QUICK_LANGUAGE_SCENES) === 0) : scenes
  const judged: Judged[] = []
  const latencies: number[] = []
  let unheard = 0
  for (const scene of asked) {
    const outcome = await ask(scene, server)
    latencies.push(outcome.latencyMs)
    if (outcome.ok) conditions['model'] = outcome.answered.model ?? 'not named'
    else unheard += 1
    const opinion = outcome.ok ? outcome.answered.opinion : null
    judged.push({ scene, score: combine(judgeByRules(scene.facts), opinion).score })
  }
  conditions['prompt'] = PROMPT_VERSION
  return {
    ...figuresOf(judged, 'language_'),
    ...figuresOf(
      judged.filter(({ scene }) => scene.heldOut),
      'language_held_out_',
    ),
    ...{ language_asked: asked.length, language_unheard: unheard, language_p50_ms: quantile(latencies, 0.5) },
  }
}

function ask(scene: DescribedScene, server: ModelServer) {
  const { facts } = scene
  const rules = judgeByRules(facts)
  const time = `${String(facts.hour).padStart(2, '0')}:30`
  const prompt = makePrompt({ cameraName: 'Front', time, facts, rules, pictureSent: false })
  const described = { ...prompt, text: `${prompt.text}\nWhat the picture would show: ${scene.words}.` }
  return askModel({ prompt: described, picture: null }, server, { clock: systemClock, signal: neverStopped.signal })
}

function serverAt(text: string): ModelServer {
  const address = readAddress(text, { remote: true, plainHttp: true })
  if (!address.ok) throw new Error(address.problem)
  const [model = '', key = ''] = [process.env['LLM_MODEL'], process.env['LLM_API_KEY']]
  return { address, model, key, ca: '', timeoutMs: LANGUAGE_TIMEOUT_MS }
}
