import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ageWords, isFresh, keptOf, listBackups, type Backup, type Kept } from '../../backup/index.ts'
import { freeDiskBytes } from '../../core/data-folder.ts'
import { checkDatabase } from '../../db/index.ts'
import { ENOUGH_BYTES, LOW_BYTES } from '../../media/index.ts'
import { good, problem, warning, type Examine, type Finding } from './finding.ts'

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB free`

/** The disk, the folder, and everything that is stored on it. */
export const examineStorage: Examine = async ({ input: { config, clock }, settings, databaseFile }) => {
  const { dataDir } = config
  const findings: Finding[] = [
    await examineFolder(dataDir),
    examineSpace(await freeDiskBytes(dataDir)),
    examineBackups(await listBackups(dataDir), keptOf(settings), clock.now()),
  ]
  const damages = await checkDatabase({ file: databaseFile, mediaDir: join(dataDir, 'media') })
  if (damages.length === 0) return [...findings, good('Database', 'Everything is whole.')]
  // A file too many costs space and nothing else.
  const listed = damages.map(({ kind, words }) =>
    kind === 'orphan-file' ? warning(kind, words) : problem(kind, words),
  )
  const serious = listed.filter(({ state }) => state === 'problem').length
  const words = `${damages.length} found, ${serious} of them serious.`
  const fix = 'Keep a copy of the data folder, stop Lares, then: lares restore newest'
  return [...findings, ...listed, serious > 0 ? problem('Database', words, fix) : warning('Database', words)]
}

const MAKE_ONE = 'Make one now: lares backup'

export function examineBackups(backups: readonly Backup[], { daily, weekly }: Kept, now: number): Finding {
  const [newest] = backups
  if (!newest) return warning('Backups', 'There is none. Lares makes one each night after three.', MAKE_ONE)
  const words = `${backups.length}, the newest ${ageWords(newest.at, now)}.`
  if (daily + weekly === 0) return warning('Backups', `${words} None is made by itself: it is switched off.`, MAKE_ONE)
  return isFresh(newest, now) ? good('Backups', words) : warning('Backups', words, MAKE_ONE)
}

function examineSpace(freeBytes: number): Finding {
  if (freeBytes < LOW_BYTES) return problem('Disk', gigabytes(freeBytes), 'Free some space: no new clips are written.')
  return freeBytes < ENOUGH_BYTES
    ? warning('Disk', gigabytes(freeBytes), 'Free some space soon.')
    : good('Disk', gigabytes(freeBytes))
}

const OTHERS = 0o077

async function examineFolder(dataDir: string): Promise<Finding> {
  const isWritable = await access(dataDir, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!isWritable)
    return problem(
      'Data folder',
      `${dataDir} cannot be written by this user.`,
      'Give the user that runs Lares the right to.',
    )
  const { mode } = await stat(dataDir)
  if ((mode & OTHERS) !== 0)
    return warning('Data folder', `${dataDir} can be read by other users of this box.`, `chmod 700 ${dataDir}`)
  return good('Data folder', dataDir)
}
