import { basename } from 'node:path'
import { createAudit } from '../audit/index.ts'
import { ageWords, listBackups, makeBackup, restoreBackup } from '../backup/index.ts'
import { databaseFileIn } from '../open-home.ts'
import { argument, type Command } from './command.ts'
import { requireDatabase, withHome } from './existing-home.ts'

const BYTES_PER_MB = 1_000_000

/** Beside a running server too. */
const backup: Command = {
  name: 'backup',
  takes: [],
  words: 'Copies the database now, into the folder of backups, and lists what is there. Lares may go on running.',
  async run({ config: { dataDir }, clock, print }) {
    const databaseFile = await requireDatabase(dataDir)
    await makeBackup({ dataDir, databaseFile, now: clock.now() })
    for (const { file, at, sizeBytes } of await listBackups(dataDir))
      print(`${(sizeBytes / BYTES_PER_MB).toFixed(1).padStart(8)} MB  ${file}, ${ageWords(at, clock.now())}`)
    return 0
  },
}

const restore: Command = {
  name: 'restore',
  takes: ['FILE|newest'],
  words: 'Takes the database of a backup; the one that was there is kept beside it. Lares must not be running.',
  async run(input) {
    const { config, clock, log, args, print } = input
    const { dataDir } = config
    const databaseFile = databaseFileIn(dataDir)
    const { from, replaced } = await restoreBackup({ dataDir, databaseFile, clock, which: argument(args, 0) })
    // Opened as the server will: what it cannot read shows now, and the record knows that there is a gap.
    await withHome(input, async ({ database }) => {
      const audit = createAudit({ database, clock, log })
      await database.transaction((trx) =>
        audit.record(trx, { type: 'backup_restored', severity: 'WARNING', details: { from: basename(from) } }),
      )
      await audit.stop()
    })
    print(`The database is that of ${from} now. What was there is kept as ${replaced}.`)
    return 0
  },
}

export const backupCommands = [backup, restore] as const
