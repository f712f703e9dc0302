import { z } from 'zod'
import { epochMs } from './common.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')

/** Largest bundle that is taken: a whole system. */
export const MAX_BUNDLE_BYTES = 1024 * 1024 * 1024
export const BUNDLE_CHUNK_BYTES = 3 * 1024 * 1024
export const MAX_BUNDLE_BODY_BYTES = Math.ceil((BUNDLE_CHUNK_BYTES * 4) / 3) + 4_096

export const UPDATE_PHASES = [
  ...(['idle', 'receiving', 'received', 'verified', 'installing', 'installed'] as const),
  ...(['restarting', 'proving', 'proven', 'restoring', 'done', 'rolled-back'] as const),
] as const
export type UpdatePhase = (typeof UPDATE_PHASES)[number]

export const updateBundle = z
  .strictObject({
    fileName: z.string(),
    sizeBytes: z.int(),
    sha256: sha256.nullable().describe('null while the file is still coming.'),
    version: z.string().nullable().describe('null until its signature was checked.'),
    notes: z.string().describe('What is new, in the words of whoever made it.'),
    from: z.string().describe('Where it came from, in words.'),
  })
  .meta({ id: 'UpdateBundle' })
export type UpdateBundle = z.infer<typeof updateBundle>

export const updateProgress = z.strictObject({ part: z.number().min(0).max(1), words: z.string() })
export type UpdateProgress = z.infer<typeof updateProgress>

/** What came of an update, newest first in the history. */
export const updateOutcome = z
  .strictObject({
    at: epochMs,
    from: z.string().describe('The version that ran before.'),
    to: z.string(),
    outcome: z.enum(['done', 'rolled-back', 'failed']),
    reason: z.string().nullable().describe('Why it was taken back, or not installed.'),
    lost: z.string().nullable().describe('What was recorded meanwhile and did not come back with the old system.'),
  })
  .meta({ id: 'UpdateOutcome' })
export type UpdateOutcome = z.infer<typeof updateOutcome>

export const offeredUpdate = z
  .strictObject({ version: z.string(), notes: z.string(), url: z.string(), sha256, sizeBytes: z.int().nullable() })
  .meta({ id: 'OfferedUpdate' })
export type OfferedUpdate = z.infer<typeof offeredUpdate>

export const updatesReply = z
  .strictObject({
    way: z
      .enum(['bundle', 'package', 'container', 'source'])
      .describe('How updates come to this box: bundle: from here; the others by whoever runs it.'),
    version: z.string().describe('Of Lares, as it runs.'),
    slot: z.enum(['A', 'B']).nullable(),
    other: z
      .strictObject({ slot: z.enum(['A', 'B']), version: z.string().nullable(), good: z.boolean() })
      .nullable()
      .describe('The system that does not run.'),
    phase: z.enum(UPDATE_PHASES),
    bundle: updateBundle.nullable(),
    progress: updateProgress.nullable(),
    problem: z.string().nullable().describe('Why the last step did not work.'),
    restartAt: epochMs.nullable().describe('When it restarts by itself into the new system.'),
    proof: z.array(z.string()).describe('While the new system proves itself: what it still waits for.'),
    waiting: z.array(z.string()).describe('Bundles that somebody put into the folder for updates.'),
    feed: z.strictObject({
      address: z.string().describe('Empty: nobody is asked.'),
      checkedAt: epochMs.nullable(),
      problem: z.string().nullable(),
      offered: offeredUpdate.nullable().describe('The newest one that is newer than what runs.'),
      atNight: z.boolean().describe('New versions of the feed are installed by themselves.'),
    }),
    history: z.array(updateOutcome),
  })
  .meta({ id: 'Updates' })
export type Updates = z.infer<typeof updatesReply>

export const beginBundleBody = z
  .strictObject({ fileName: z.string().min(1).max(255), sizeBytes: z.int().min(1).max(MAX_BUNDLE_BYTES) })
  .meta({ id: 'BeginBundle' })
export const bundlePieceBody = z
  .strictObject({ offset: z.int().min(0), data: z.base64().max(Math.ceil((BUNDLE_CHUNK_BYTES * 4) / 3) + 4) })
  .meta({ id: 'BundlePiece' })
export const bundlePieceReply = z
  .strictObject({ receivedBytes: z.int().describe('Where the next piece begins.'), chunkBytes: z.int() })
  .meta({ id: 'BundleReceived' })
export const verifyBundleBody = z
  .strictObject({
    olderToo: z.boolean().optional().describe('Takes a version that is not newer than the one that runs.'),
  })
  .meta({ id: 'VerifyBundle' })
export const takeBundleBody = z
  .strictObject({ fileName: z.string().min(1).max(130), olderToo: z.boolean().optional() })
  .meta({ id: 'TakeBundle' })
export const restartUpdateBody = z.strictObject({ when: z.enum(['now', 'tonight']) }).meta({ id: 'RestartIntoUpdate' })

export const boxReply = z
  .strictObject({
    canRestart: z.boolean(),
    canPowerOff: z.boolean(),
    reset: z
      .enum(['box', 'data'])
      .describe('What a factory reset makes anew: the whole box, or what Lares keeps on this machine.'),
    homeName: z.string().describe('To be typed before a reset.'),
    stays: z.array(z.string()).describe('What a factory reset leaves, in words.'),
  })
  .meta({ id: 'ThisBox' })
export type BoxFacts = z.infer<typeof boxReply>
export const factoryResetBody = z.strictObject({ homeName: z.string().min(1).max(64) }).meta({ id: 'FactoryReset' })
