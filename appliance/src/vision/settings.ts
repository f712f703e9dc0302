import { z } from 'zod'
import type { SettingDefinition } from '../settings/index.ts'
import { STARTED_SIDECARS, type StartedSidecar } from './backends/sidecar.ts'
import { CATALOGUE_DEFAULT } from './models/catalogue.ts'
import { modelHistory, type ModelHistory } from './models/history.ts'

export const VISION_MODEL: SettingDefinition<string> = {
  key: 'vision.model',
  schema: z.string().min(1).max(64),
  initial: CATALOGUE_DEFAULT.name,
  words: 'Name of the detection model that looks at the pictures.',
}

export const VIEW_WATCH: SettingDefinition<boolean> = {
  key: 'vision.viewWatch',
  schema: z.boolean(),
  initial: true,
  words: 'Tell me when a camera is covered, out of focus or turned away.',
}

export const detectorWish: SettingDefinition<string> = {
  key: 'vision.detector',
  schema: z
    .string()
    .max(32)
    .regex(
      /^(auto|cpu|cuda|tensorrt|webgpu|remote|sidecar:[a-z]+)$/,
      'is not auto, cpu, cuda, remote, sidecar:hailo …',
    ),
  initial: 'auto',
  words: 'What looks at the pictures: auto takes the best one that works; the processor steps in whenever it fails.',
  env: 'DETECTOR_BACKEND',
}

export const detectorUrl: SettingDefinition<string> = {
  key: 'vision.detectorUrl',
  schema: z
    .string()
    .trim()
    .max(2_000)
    .refine(
      (text) => text === '' || /^https?:\/\/[^\s/]+/.test(text),
      'is not an address such as https://gpu.lan:32168',
    ),
  initial: '',
  words:
    'Address of a detector on another machine (DeepStack, CodeProject.AI or the protocol of Lares). Every picture that is looked at is sent there. Empty: none.',
  env: 'DETECTOR_URL',
  envAlias: 'YOLO26_URL',
}

export const detectorKey: SettingDefinition<string> = {
  key: 'vision.detectorKey',
  schema: z.string().trim().max(500),
  initial: '',
  words: 'API key of that detector, if it asks for one.',
  secret: true,
  env: 'DETECTOR_API_KEY',
}

export const detectorRemote: SettingDefinition<boolean> = {
  key: 'vision.detectorRemote',
  schema: z.boolean(),
  initial: false,
  words: 'Whether that detector may be outside the home. On: pictures of your home leave the house.',
  env: 'DETECTOR_ALLOW_REMOTE',
}

export const detectorPlainHttp: SettingDefinition<boolean> = {
  key: 'vision.detectorPlainHttp',
  schema: z.boolean(),
  initial: false,
  words:
    'Whether that detector may be asked without encryption on another machine: everybody on the network between could see the pictures. On this box itself that is always allowed.',
  env: 'DETECTOR_ALLOW_PLAIN_HTTP',
}

export const detectorCa: SettingDefinition<string> = {
  key: 'vision.detectorCa',
  schema: z
    .string()
    .max(100_000)
    .refine((text) => text === '' || text.includes('BEGIN CERTIFICATE'), 'is not a certificate in PEM form'),
  initial: '',
  words: 'Certificate (PEM) that vouches for that detector, when no known authority does.',
}

export const sidecarName: SettingDefinition<'none' | StartedSidecar> = {
  key: 'vision.sidecar',
  schema: z.enum(['none', ...STARTED_SIDECARS]),
  initial: 'none',
  words: 'Which sidecar Lares starts itself, for a chip that needs one. Those that run already are found without this.',
  env: 'DETECTOR_SIDECAR',
}

export const sidecarModel: SettingDefinition<string> = {
  key: 'vision.sidecarModel',
  schema: z.string().trim().max(500),
  initial: '',
  words: 'Path of the model file for that sidecar, in the format of its chip (.hef, .tflite, .rknn, .engine, .onnx).',
  env: 'DETECTOR_SIDECAR_MODEL',
}

export const detectorMemory: SettingDefinition<{ winner: string | null; trying: string | null }> = {
  key: 'vision.detectorMemory',
  schema: z.strictObject({ winner: z.string().nullable(), trying: z.string().nullable() }),
  initial: { winner: null, trying: null },
  words: 'Which detector won last, and which one is being tried; the box keeps it by itself.',
  internal: true,
}

/** Kept so that a box that restarts in the middle still knows what to go back to. */
export const MODEL_HISTORY: SettingDefinition<ModelHistory> = {
  key: 'vision.modelHistory',
  schema: modelHistory,
  initial: { previous: null, onProbation: false, rolledBack: null },
  words: 'Which model looked before the one in use, and whether one had to be given up.',
  internal: true,
}

export const visionSettings = [
  ...[VISION_MODEL, detectorWish, detectorUrl, detectorKey, detectorRemote, detectorPlainHttp, detectorCa],
  ...[sidecarName, sidecarModel, detectorMemory, VIEW_WATCH, MODEL_HISTORY],
] as const
