import type { DetectorCandidate } from '../../api/system.ts'
import { messageOf } from '../../core/errors.ts'
import { createHardware, createTools } from '../../hardware/index.ts'
import { DEFAULT_MODEL_FILE, examineModel, MODEL_SETTING, probeDetectors } from '../../vision/index.ts'
import { fact, good, problem, warning, type Examine, type Finding, type Patient } from './finding.ts'

/** The model that looks, and everything that may look with it. */
export const examineDetector: Examine = async (patient) => [
  ...(await examineFile(patient)),
  ...(await examineCandidates(patient)),
]

async function examineFile({ input: { config, clock }, settings }: Patient): Promise<Finding[]> {
  const wanted = config.model ?? settings.get(MODEL_SETTING)
  const places = { dataDir: config.dataDir, defaultModelFile: DEFAULT_MODEL_FILE }
  try {
    const { file, sha256, isKnown, trial } = await examineModel({ ...places, clock }, wanted)
    const { family, inputWidth, inputHeight } = trial
    const shape = `${family}, ${inputWidth} × ${inputHeight}`
    const origin = isKnown ? 'as the catalogue knows it' : 'not in the catalogue'
    return [
      good('Model', `${wanted} (${shape}): finds what must be found on the check picture.`),
      good('Its file', `${file}, ${origin}. SHA-256 ${sha256}`),
    ]
  } catch (error) {
    const fix = 'Choose another one: npm run lares -- models list, then models use NAME.'
    return [problem('Model', `${wanted}: ${messageOf(error)}`, fix)]
  }
}

async function examineCandidates({ input: { config, clock, log }, settings }: Patient): Promise<Finding[]> {
  const hardware = createHardware({ tools: createTools({ clock, log }) })
  const status = await probeDetectors({ clock, log, settings, hardware, dataDir: config.dataDir })
  const found = status.candidates.map(findingOf)
  return status.state === 'failed' ? [...found, problem('Detector', status.problem ?? 'Nothing can look.')] : found
}

function findingOf({ title, state, reason, inferenceMs }: DetectorCandidate): Finding {
  const ms = inferenceMs === null ? '' : `${Math.round(inferenceMs)} ms a look. `
  if (state === 'failed') return warning(title, reason)
  if (state === 'absent' || state === 'present') return fact(title, reason)
  return good(title, `${state === 'chosen' ? 'Would look. ' : ''}${ms}${reason}`)
}
