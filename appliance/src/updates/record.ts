import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { updateBundle, updateOutcome, UPDATE_PHASES } from '../api/updates.ts'
import { writeFileDurably } from '../core/disk.ts'
import { systemCodeOf } from '../core/errors.ts'

/** Inside the data folder: bundles, the copy of the database of before, and how far the update is. */
export const UPDATES_FOLDER = 'updates'

const slot = z.enum(['A', 'B']).nullable()
const fitness = z.object({
  liveCameras: z.array(z.object({ id: z.string(), name: z.string() })),
  detectorMs: z.number().nullable(),
})

const trial = z.object({
  /** Version and slot of the system before; the slot is null where nobody knows it. */
  from: z.object({ version: z.string(), slot }),
  to: z.string(),
  /** Of the run in which the restart was asked for (`/proc/sys/kernel/random/boot_id`). */
  bootId: z.string(),
  fitness,
  /** Copy of the database, in the same folder. */
  backup: z.object({ file: z.string(), takenAt: z.number() }),
  /** When the new system first ran; null: it never did. */
  startedAt: z.number().nullable(),
  /** What the new system said of itself at the end; null: it came to no end. */
  verdict: z.object({ proven: z.boolean(), reason: z.string().nullable() }).nullable(),
})
export type Trial = z.infer<typeof trial>

const outcome = z.object(updateOutcome.shape)

/** Not strict, and forgiving where it can be: after a roll-back an older version reads what a newer one wrote. */
const schema = z.object({
  phase: z.enum(UPDATE_PHASES).catch('proving'),
  bundle: z.object(updateBundle.shape).nullable().catch(null),
  problem: z.string().nullable().catch(null),
  restartAt: z.number().nullable().catch(null),
  trial: trial.nullable(),
  /** The outcome that the owner has not put away yet. */
  news: outcome.nullable().catch(null),
  /** Whether that outcome is in the record of who did what. */
  newsRecorded: z.boolean().catch(false),
  history: z.array(outcome).catch([]),
})
export type UpdateRecord = z.infer<typeof schema>

export const EMPTY_RECORD: UpdateRecord = {
  ...{ phase: 'idle', bundle: null, problem: null, restartAt: null, trial: null },
  ...{ news: null, newsRecorded: false, history: [] },
}

export const recordFileIn = (dataDir: string): string => join(dataDir, UPDATES_FOLDER, 'update.json')

/**
 * How far the update is. It lies beside the database and not in it: a roll-back puts the database of before in its place, and must
 * still know that it did. What cannot be read is put aside and counts as nothing.
 */
export async function readRecord(dataDir: string): Promise<UpdateRecord> {
  const file = recordFileIn(dataDir)
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return EMPTY_RECORD
    await rename(file, `${file}.unreadable`).catch(() => undefined)
    return EMPTY_RECORD
  }
}

/** On the disk when it returns. The folder must be there. */
export function writeRecord(dataDir: string, record: UpdateRecord): Promise<void> {
  return writeFileDurably(recordFileIn(dataDir), `${JSON.stringify(record, null, 2)}\n`)
}
