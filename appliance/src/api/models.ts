import { z } from 'zod'
import { epochMs } from './common.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
export const modelName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'letters, digits and dashes only')

export const modelEntry = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    family: z.string().nullable(),
    licence: z.string(),
    needsConsent: z
      .boolean()
      .describe('Its licence asks something of whoever uses it, or is not known: bring your own.'),
    sizeBytes: z.int(),
    sha256: sha256.nullable(),
    inputWidth: z.int().nullable(),
    inputHeight: z.int().nullable(),
    classes: z.int().nullable().describe('How many kinds of things it tells apart.'),
    map50: z.number().nullable().describe('Measured accuracy: mAP at IoU 0.5, percent, on 128 pictures of COCO.'),
    inferenceMs: z.number().nullable().describe('One look on this box, as it was tried last.'),
    builtIn: z.boolean(),
    installed: z.boolean(),
    active: z.boolean(),
    canFetch: z.boolean().describe('Its address and its hash are known: the box can fetch it when asked to.'),
    source: z.string(),
  })
  .meta({ id: 'Model' })
export type ModelEntry = z.infer<typeof modelEntry>

/** The installation that runs, or the last one. */
export const modelJob = z
  .strictObject({
    name: z.string(),
    phase: z
      .enum(['fetching', 'confirm', 'checking', 'done', 'failed'])
      .describe('confirm: the file is here and nobody has named its hash; it waits for a yes.'),
    receivedBytes: z.int(),
    totalBytes: z.int().nullable(),
    sha256: sha256.nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'ModelJob' })
export type ModelJob = z.infer<typeof modelJob>

export const modelsReply = z
  .strictObject({
    models: z.array(modelEntry),
    job: modelJob.nullable(),
    previous: z.string().nullable().describe('What looked before the model in use was chosen.'),
    rolledBack: z
      .strictObject({ from: z.string(), to: z.string(), reason: z.string(), at: epochMs })
      .nullable()
      .describe('The last time that a chosen model was given up.'),
  })
  .meta({ id: 'Models' })
export type Models = z.infer<typeof modelsReply>

const consent = {
  licence: z.string().trim().min(1).max(64).optional(),
  acknowledged: z.boolean().optional().describe('The licence of a model that is not from the catalogue is accepted.'),
  classNames: z
    .array(z.string().trim().min(1).max(64))
    .min(1)
    .max(1_000)
    .optional()
    .describe('What its classes are called, in order, when the file does not say.'),
}

/** `name` of the catalogue, or `url` of an own file. */
export const fetchModelBody = z
  .union([
    z.strictObject({ name: modelName }),
    z.strictObject({ url: z.url().max(2_048), sha256: sha256.optional(), ...consent }),
  ])
  .meta({ id: 'FetchModel' })
export type FetchModel = z.infer<typeof fetchModelBody>

export const confirmModelBody = z.strictObject({ sha256 }).meta({ id: 'ConfirmModel' })

export const UPLOAD_CHUNK_BYTES = 3 * 1024 * 1024
export const MAX_UPLOAD_BODY_BYTES = Math.ceil((UPLOAD_CHUNK_BYTES * 4) / 3) + 4_096
export const MAX_MODEL_BYTES = 500 * 1024 * 1024

/** A file comes in pieces, in order, so that none of them is large and a lost connection costs one. */
export const beginUploadBody = z
  .strictObject({ fileName: z.string().min(1).max(255), sizeBytes: z.int().min(1).max(MAX_MODEL_BYTES), ...consent })
  .meta({ id: 'BeginModelUpload' })
export type BeginUpload = z.infer<typeof beginUploadBody>
export const uploadChunkBody = z
  .strictObject({ offset: z.int().min(0), data: z.base64().max(Math.ceil((UPLOAD_CHUNK_BYTES * 4) / 3) + 4) })
  .meta({ id: 'ModelUploadPiece' })
export const uploadReply = z
  .strictObject({ receivedBytes: z.int().describe('Where the next piece begins.'), chunkBytes: z.int() })
  .meta({ id: 'ModelUpload' })
export type UploadReply = z.infer<typeof uploadReply>

export const useModelBody = z.strictObject({ name: modelName }).meta({ id: 'UseModel' })
export const modelParams = z.strictObject({ name: modelName })
