import { stat } from 'node:fs/promises'
import { LaresError } from '../core/errors.ts'
import { databaseFileIn, openHome, type OpenHome } from '../open-home.ts'
import type { CommandInput } from './command.ts'

/** Path of the database. Throws `not-found`: a mistyped folder must not become a new, empty home. */
export async function requireDatabase(dataDir: string): Promise<string> {
  const file = databaseFileIn(dataDir)
  const info = await stat(file).catch(() => null)
  if (info) return file
  throw new LaresError('not-found', `There is no database at ${file}. Choose the data folder with --data.`)
}

/** Opens a home that is there already, for this process alone, and closes it whatever happens. */
export async function withHome<T>(
  { config, clock, log }: CommandInput,
  work: (home: OpenHome) => Promise<T>,
): Promise<T> {
  await requireDatabase(config.dataDir)
  const home = await openHome({ ...config, clock, log })
  try {
    return await work(home)
  } finally {
    await home.close()
  }
}
