import { LaresError, messageOf } from '../core/errors.ts'
import { readClassNames } from './families/class-names.ts'
import { describeSignature, FAMILY_NAMES, recogniseModel, type ModelRecipe } from './families/index.ts'
import type { InferenceRuntime, InferenceSession } from './runtime.ts'

/** A model file on one provider, with its family recognised. */
export interface OpenModel {
  readonly recipe: ModelRecipe
  /** Outputs in the order of `recipe.outputNames`. */
  run(input: Float32Array): Promise<Float32Array[]>
  release(): Promise<void>
}

/** Throws `invalid` with code MODEL_BROKEN or MODEL_UNKNOWN and a sentence for the owner. */
export async function openModel(
  runtime: InferenceRuntime,
  modelFile: string,
  provider: string,
  threads: number,
): Promise<OpenModel> {
  const session = await openSession(runtime, modelFile, provider, threads)
  const recipe = recogniseModel({ ...session.signature, classNames: await readClassNames(modelFile) })
  if (!recipe) {
    await session.release()
    const looks = describeSignature(session.signature)
    const text = `Lares cannot use this model: it is of no family that Lares knows (${FAMILY_NAMES}); ${looks}.`
    throw new LaresError('invalid', text, { code: 'MODEL_UNKNOWN' })
  }
  const { inputName, inputDims, extraInputs, outputNames } = recipe
  return {
    recipe,
    run: (input) => session.run({ inputName, inputDims, input, extraInputs, outputNames }),
    release: () => session.release(),
  }
}

async function openSession(
  runtime: InferenceRuntime,
  modelFile: string,
  provider: string,
  threads: number,
): Promise<InferenceSession> {
  try {
    return await runtime.open(modelFile, provider, threads)
  } catch (cause) {
    // On the processor only the file can be at fault; on another provider its own words matter more.
    if (provider !== 'cpu') throw cause
    throw new LaresError('invalid', whyUnusable(messageOf(cause)), { code: 'MODEL_BROKEN', cause })
  }
}

/** The runtime’s words about a file, in an owner’s. */
export function whyUnusable(words: string): string {
  if (/no such file|doesn't exist|File doesn/i.test(words)) return 'The model file is missing.'
  if (/error number 13\b|permission denied/i.test(words)) return 'The model file may not be read by the user of Lares.'
  return 'The model file is damaged or no ONNX model.'
}
