import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UpdateOutcome } from '../api/updates.ts'
import { sleep, type Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { restoreDatabase, writtenSince, type WrittenSince } from '../db/index.ts'
import type { Host } from '../host/types.ts'
import { leftByFile } from './left-behind.ts'
import { readRecord, UPDATES_FOLDER, writeRecord, type Trial, type UpdateRecord } from './record.ts'

export interface SettleDeps {
  dataDir: string
  databaseFile: string
  version: string
  host: Pick<Host, 'about'>
  clock: Clock
  log: Log
  /** Of this run of the machine; for tests. */
  bootId?: string
}

const KEPT_OUTCOMES = 20
const ASK_AGAIN_MS = 1_000
const ASKED_TIMES = 20

export const readBootId = (): Promise<string> =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  )

/**
 * Before the database is opened: the system on trial writes down that it begins, so that from here on its predecessor knows that
 * the database was changed. The predecessor, when it is back, takes its own database again.
 */
export async function settleUpdate(deps: SettleDeps): Promise<void> {
  const record = await readRecord(deps.dataDir)
  const { trial } = record
  if (!trial) return
  const where = await whichSystem(deps, trial)
  if (where === 'new') return beginTrial(deps, record, trial)
  const bootId = deps.bootId ?? (await readBootId())
  // Started anew before the box restarted: nothing has been tried yet.
  if (trial.startedAt === null && bootId === trial.bootId) return
  await comeBack(deps, record, trial)
}

async function whichSystem({ host, clock, log, version }: SettleDeps, { from, to }: Trial): Promise<'new' | 'before'> {
  for (let attempt = 0; from.slot !== null && attempt < ASKED_TIMES; attempt++) {
    const facts = await host.about().catch((error: unknown) => {
      log.warn({ err: messageOf(error) }, 'Cannot ask which system runs')
      return null
    })
    if (facts?.slot) return facts.slot === from.slot ? 'before' : 'new'
    await sleep(clock, ASK_AGAIN_MS)
  }
  return version === to ? 'new' : 'before'
}

async function beginTrial({ dataDir, clock, log }: SettleDeps, record: UpdateRecord, trial: Trial): Promise<void> {
  if (trial.startedAt !== null) return
  log.info({ version: trial.to }, 'A new system runs, on trial')
  await writeRecord(dataDir, { ...record, phase: 'proving', trial: { ...trial, startedAt: clock.now() } })
}

async function comeBack(deps: SettleDeps, record: UpdateRecord, trial: Trial): Promise<void> {
  const { dataDir, databaseFile, clock, log } = deps
  const folder = join(dataDir, UPDATES_FOLDER)
  const reason = reasonOf(trial)
  log.warn({ version: trial.to, reason }, 'The system before is back')
  let lost: string | null = null
  if (trial.startedAt !== null) {
    const leftBy = leftByFile(trial)
    await writeRecord(dataDir, { ...record, phase: 'restoring' })
    lost = await restoreDatabase(databaseFile, join(folder, trial.backup.file), join(folder, leftBy)).then(
      async () => lostWords(await writtenSince(join(folder, leftBy), trial.backup.takenAt), leftBy),
      (error: unknown) => {
        if (!(error instanceof LaresError) || error.code !== 'BACKUP_MISSING') throw error
        // Without it the database stays as it is: whether this version can read it shows when it is opened.
        return `${error.message} Everything is as the new system left it.`
      },
    )
  }
  const outcome: UpdateOutcome = {
    ...{ at: clock.now(), from: trial.from.version, to: trial.to, outcome: 'rolled-back', reason, lost },
  }
  await writeRecord(dataDir, {
    ...{ ...record, phase: 'rolled-back', trial: null, restartAt: null, problem: null },
    ...{ news: outcome, newsRecorded: false, history: [outcome, ...record.history].slice(0, KEPT_OUTCOMES) },
  })
}

export function reasonOf({ startedAt, verdict }: Trial): string {
  if (startedAt === null) return 'The new system did not start.'
  if (verdict === null) return 'The new system ended before it had proven itself.'
  if (verdict.proven) return 'The new system worked, but the box restarted before it was made the first one.'
  return `The new system was worse: ${verdict.reason ?? 'nobody knows why'}.`
}

/** What the owner should know is missing now. */
export function lostWords(written: WrittenSince | null, file: string): string {
  const kept = `The database that it left is kept as ${file}.`
  if (!written) return `What was changed while it ran is not here. ${kept}`
  const { incidents, entries } = written
  if (incidents + entries === 0) return `Nothing was recorded while it ran. ${kept}`
  const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`
  const what = [
    ...(incidents > 0 ? [count(incidents, 'incident', 'incidents')] : []),
    ...(entries > 0 ? [count(entries, 'entry of the record', 'entries of the record')] : []),
  ].join(' and ')
  return `Not here any more is what was recorded between the copy and the way back: ${what}, and settings changed meanwhile. ${kept}`
}
