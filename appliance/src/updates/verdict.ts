import { readRecord } from './record.ts'

/** What whoever watches over a start needs to know: does it wait, may it stay, must it go. */
export type Verdict = { is: 'none' } | { is: 'waiting' } | { is: 'proven' } | { is: 'failed'; reason: string }

/** Reads it from the data folder, for a program beside the product. `none`: no system is on trial. */
export async function readVerdict(dataDir: string): Promise<Verdict> {
  const { trial } = await readRecord(dataDir)
  // A restart that is only asked for puts nothing on trial yet.
  if (!trial || trial.startedAt === null) return { is: 'none' }
  if (!trial.verdict) return { is: 'waiting' }
  return trial.verdict.proven ? { is: 'proven' } : { is: 'failed', reason: trial.verdict.reason ?? 'It was worse.' }
}
