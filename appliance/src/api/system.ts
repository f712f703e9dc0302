import { z } from 'zod'
import { epochMs } from './common.ts'
import { accelerator, decodeBlock } from './hardware.ts'
import { lookingReply } from './looking.ts'

export const detectorCandidate = z
  .strictObject({
    id: z.string().describe('cpu, cuda, tensorrt, webgpu, sidecar:NAME or remote.'),
    kind: z.enum(['processor', 'graphics', 'sidecar', 'remote']),
    title: z.string().describe('Its name for people, for example "NVIDIA CUDA".'),
    state: z
      .enum(['absent', 'present', 'ready', 'chosen', 'failed'])
      .describe(
        'absent: not here. present: here, not tried yet. ready: works, another one is faster. chosen: looks now. failed: tried, see reason.',
      ),
    reason: z.string().describe('Why it is in this state, and what would change it.'),
    /** Median time for one picture, measured at its last try. */
    inferenceMs: z.number().nullable(),
    /** Pictures it looks at side by side. */
    atOnce: z.int().nullable(),
    nextTryAt: epochMs.nullable().describe('When a failed one is tried again; null: not by itself.'),
  })
  .meta({ id: 'DetectorCandidate' })
export type DetectorCandidate = z.infer<typeof detectorCandidate>

export const detectorRoom = z
  .strictObject({
    cameras: z.int().describe('Cameras that sent pictures in the last minute.'),
    looksPerSecond: z.number().describe('Pictures looked at per second, mean of the last ten minutes.'),
    mostLooksPerSecond: z.number().describe('What the chosen candidate could do.'),
    camerasLeft: z.int().describe('Estimate: so many more cameras with as much motion as those of today.'),
  })
  .meta({ id: 'DetectorRoom' })
export type DetectorRoom = z.infer<typeof detectorRoom>

export const detectorStatus = z
  .strictObject({
    state: z.enum(['starting', 'ready', 'failed']),
    model: z
      .strictObject({ name: z.string(), family: z.string(), inputWidth: z.int(), inputHeight: z.int() })
      .nullable(),
    provider: z
      .string()
      .nullable()
      .describe('Id of the chosen candidate: cpu, cuda, tensorrt, webgpu, sidecar:NAME, remote.'),
    inferenceMsP50: z.number().nullable(),
    /** Everything that may look at pictures, and what came of it. The processor is always among them. */
    candidates: z.array(detectorCandidate),
    /** How much more could be watched; null until something was measured. */
    room: detectorRoom.nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'DetectorStatus' })
export type DetectorStatus = z.infer<typeof detectorStatus>

export const hardwareReply = z
  .strictObject({
    board: z.string(),
    cpu: z.strictObject({ model: z.string(), cores: z.int(), features: z.array(z.string()) }),
    memoryMb: z.int(),
    accelerators: z.array(accelerator),
    decoders: z.array(decodeBlock),
    detector: detectorStatus,
    looking: lookingReply,
  })
  .meta({ id: 'Hardware' })
export type Hardware = z.infer<typeof hardwareReply>

/** Something the owner should know; shown on Now until it is over. */
export const notice = z
  .strictObject({
    id: z.string(),
    level: z.enum(['info', 'warning', 'problem']),
    title: z.string(),
    detail: z.string(),
    since: epochMs,
    link: z.string().nullable(),
  })
  .meta({ id: 'Notice' })
export type Notice = z.infer<typeof notice>

export const healthReply = z
  .strictObject({
    status: z.enum(['ok', 'attention']),
    version: z.string(),
    startedAt: epochMs,
    boxTime: epochMs,
    notices: z.array(notice),
    parts: z.array(z.strictObject({ name: z.string(), state: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Health' })
export type Health = z.infer<typeof healthReply>

export const trustReply = z
  .strictObject({
    names: z.array(z.string()),
    addresses: z.array(z.string()),
    rootFingerprint: z.string().describe('SHA-256 of the root certificate, colon-separated hex.'),
    leafExpiresAt: epochMs,
    rootExpiresAt: epochMs,
    trustPage: z.string().describe('http:// address of the page with the steps.'),
  })
  .meta({ id: 'Trust' })
export type Trust = z.infer<typeof trustReply>

export const homeSettings = z
  .strictObject({
    homeName: z.string().trim().min(1).max(64),
    timeZone: z.string().min(1).max(64),
    currency: z.string().length(3),
  })
  .meta({ id: 'HomeSettings' })
export type HomeSettings = z.infer<typeof homeSettings>

/** A setting as the settings page shows it. */
export const settingEntry = z
  .strictObject({
    key: z.string(),
    feature: z.string().describe('The part before the first dot of the key.'),
    words: z.string(),
    value: z.unknown().describe('null for a secret.'),
    initial: z.unknown(),
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema of the value.'),
    secret: z.boolean(),
    env: z.string().nullable().describe('Name of its environment variable.'),
    setByEnv: z.boolean().describe('The environment decides; it cannot be changed here.'),
  })
  .meta({ id: 'Setting' })
export type SettingEntry = z.infer<typeof settingEntry>
export const settingsReply = z.strictObject({ settings: z.array(settingEntry) }).meta({ id: 'Settings' })
export const settingParams = z.strictObject({ key: z.string().max(64) })
/** `reset: true` goes back to the first value; otherwise `value` is the new one. */
export const changeSettingBody = z
  .strictObject({ value: z.unknown().optional(), reset: z.literal(true).optional() })
  .meta({ id: 'ChangeSetting' })

export const signingKeysReply = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        id: z.string(),
        createdAt: epochMs,
        source: z.enum(['made here', 'environment']),
        validUntil: epochMs.nullable().describe('null: the one that signs now.'),
      }),
    ),
    nextRotationAt: epochMs.nullable(),
  })
  .meta({ id: 'SigningKeys' })
export type SigningKeys = z.infer<typeof signingKeysReply>

/** What /api/admin/runtime tells; exists only with DEBUG and ADMIN_ENABLED (SEC-A13). */
export const adminRuntime = z
  .strictObject({
    version: z.string(),
    node: z.string(),
    uptimeS: z.number(),
    rssMb: z.number(),
    heapUsedMb: z.number(),
    eventLoopP99Ms: z.number(),
    streams: z.int(),
    logLevel: z.string(),
  })
  .meta({ id: 'AdminRuntime' })
export type AdminRuntime = z.infer<typeof adminRuntime>
export const logLevelBody = z
  .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']) })
  .meta({ id: 'LogLevel' })
