import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { sampleInput, largestDifference } from './provider-check.ts'
import { openModel, type OpenModel } from './open-model.ts'
import type { InferenceRuntime } from './runtime.ts'
import type { Tried } from './worker-protocol.ts'

/** In order of hope; the processor always works and comes last. */
export const PROVIDERS = ['tensorrt', 'cuda', 'webgpu', 'cpu'] as const

const WARM_UPS = 3
const TIMED_RUNS = 3
/** Accelerators compute with fewer digits; more than this share of the largest value is a wrong answer. */
const LARGEST_DIFFERENCE = 0.05

export interface ChooseOptions {
  runtime: InferenceRuntime
  clock: Clock
  modelFile: string
  threads: number
  /** Providers not to be tried, with the reason in words. */
  ruledOut: Readonly<Record<string, string>>
}

export interface Choice {
  provider: string
  model: OpenModel
  inferenceMs: number
  tried: Tried[]
}

/**
 * Opens the model on every provider that may work, checks each against the processor's answer, times them and keeps the
 * fastest. Throws what opening on the processor throws: without that nothing can be judged.
 */
export async function chooseProvider(options: ChooseOptions): Promise<Choice> {
  const { runtime, modelFile, threads } = options
  const cpu = await openModel(runtime, modelFile, 'cpu', threads)
  const input = sampleInput(cpu.recipe.picture)
  const expected = await runTimes(cpu, input, 1)
  const tried: Tried[] = []
  let best: Choice | null = null
  for (const provider of PROVIDERS) {
    const attempt = await tryProvider(provider, options, cpu, input, expected)
    tried.push(attempt.tried)
    const { model } = attempt
    if (!model) continue
    const inferenceMs = attempt.tried.inferenceMs ?? Infinity
    if (best && best.inferenceMs <= inferenceMs) await model.release()
    else {
      await best?.model.release()
      best = { provider, model, inferenceMs, tried }
    }
  }
  // The processor is always in the list and never ruled out, so something was chosen.
  const chosen = best ?? { provider: 'cpu', model: cpu, inferenceMs: 0, tried }
  for (const each of tried) if (each.provider === chosen.provider) each.outcome = 'chosen'
  return { ...chosen, tried }
}

interface Attempt {
  tried: Tried
  model: OpenModel | null
}

async function tryProvider(
  provider: string,
  { runtime, clock, modelFile, threads, ruledOut }: ChooseOptions,
  cpu: OpenModel,
  input: Float32Array,
  expected: readonly Float32Array[],
): Promise<Attempt> {
  const outcome = (name: Tried['outcome'], reason: string): Attempt => ({
    tried: { provider, outcome: name, reason, inferenceMs: null },
    model: null,
  })
  const reason = ruledOut[provider]
  if (provider !== 'cpu' && reason !== undefined) return outcome('not-available', reason)
  if (!runtime.backends().includes(provider)) return outcome('not-available', NOT_BUILT_IN)
  let model: OpenModel | null = null
  try {
    model = provider === 'cpu' ? cpu : await openModel(runtime, modelFile, provider, threads)
    const answers = model === cpu ? expected : await runTimes(model, input, WARM_UPS)
    const difference = largestDifference(expected, answers)
    if (difference > LARGEST_DIFFERENCE) {
      if (model !== cpu) await model.release()
      return outcome('failed', `It sees something else than the processor (${Math.round(difference * 100)} % off).`)
    }
    const inferenceMs = await timeRuns(model, input, clock)
    return { tried: { provider, outcome: 'works', reason: 'It works.', inferenceMs }, model }
  } catch (error) {
    if (model && model !== cpu) await model.release()
    return outcome('failed', inWords(error))
  }
}

const NOT_BUILT_IN = 'This build of ONNX Runtime does not know it.'

/** The causes that owners meet, in words they can act on; anything else as ONNX Runtime says it. */
function inWords(error: unknown): string {
  const text = messageOf(error)
  if (/failed to load shared library|cannot open shared object/i.test(text)) {
    return "NVIDIA's libraries for ONNX Runtime are not installed on this box."
  }
  if (/WebGPU adapter|No supported adapters/i.test(text)) return 'No usable Vulkan driver was found.'
  return text.split('\n', 1)[0]?.slice(0, 300) ?? 'It failed.'
}

async function runTimes(model: OpenModel, input: Float32Array, times: number): Promise<Float32Array[]> {
  let outputs: Float32Array[] = []
  for (let i = 0; i < times; i++) outputs = await model.run(input)
  return outputs
}

/** Median of a few runs, milliseconds. */
async function timeRuns(model: OpenModel, input: Float32Array, clock: Clock): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < TIMED_RUNS; i++) {
    const startedAt = clock.monotonic()
    await model.run(input)
    times.push(clock.monotonic() - startedAt)
  }
  return times.sort((a, b) => a - b)[TIMED_RUNS >> 1] ?? 0
}
