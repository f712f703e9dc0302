import type { PartWithLateWork } from '../core/part.ts'
import { createNightly, type NightlyDeps } from './nightly-loop.ts'

export { ageWords, isFresh, listBackups, type Backup } from './files.ts'
export { makeBackup } from './make.ts'
export { keptOf } from './nightly-loop.ts'
export { restoreBackup } from './restore.ts'
export type { Kept } from './which-stay.ts'
export { backupSettings } from './settings.ts'

export type BackupDeps = NightlyDeps

/** A copy of the database each night, of days and of weeks. */
export function createBackup(deps: BackupDeps): PartWithLateWork {
  const loop = createNightly({ ...deps, log: deps.log.child({ part: 'backup' }) })
  return { name: 'backup', start: async () => undefined, startLate: () => loop.start(), stop: () => loop.stop() }
}
