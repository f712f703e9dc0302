import { messageOf } from '../../core/errors.ts'
import { lookBeside } from '../../db/index.ts'
import { DEFAULT_MODEL_FILE, examineModel, MODEL_SETTING } from '../../vision/index.ts'
import { good, problem, type Examine } from './finding.ts'

/** The model that looks: its file, its hash, and whether it sees. */
export const examineDetector: Examine = async ({ input: { config, clock }, databaseFile }) => {
  const chosen = await lookBeside(databaseFile, MODEL_SETTING.key).catch(() => null)
  const wanted = config.model ?? chosen?.model ?? MODEL_SETTING.initial
  const places = { dataDir: config.dataDir, defaultModelFile: DEFAULT_MODEL_FILE }
  try {
    const { file, sha256, isKnown, trial } = await examineModel({ ...places, clock }, wanted)
    const { family, inputWidth, inputHeight, inferenceMs } = trial
    const shape = `${family}, ${inputWidth} × ${inputHeight}`
    const origin = isKnown ? 'the file that its maker published' : 'not in the catalogue'
    return [
      good('Model', `${wanted} (${shape}): finds what must be found on the check picture.`),
      good('Its file', `${file}, ${origin}. SHA-256 ${sha256}`),
      good('On the processor', `${Math.round(inferenceMs)} ms a look`),
    ]
  } catch (error) {
    const fix = 'Choose another one: npm run lares -- models list, then models use NAME.'
    return [problem('Model', `${wanted}: ${messageOf(error)}`, fix)]
  }
}
