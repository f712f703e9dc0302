import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { allSettings } from './all-settings.ts'
import type { Clock } from './core/clock.ts'
import { createSecretBox, type SecretBox } from './core/crypto.ts'
import { loadMasterKey, prepareDataFolder } from './core/data-folder.ts'
import type { Log } from './core/log.ts'
import type { Variables } from './core/variables.ts'
import { lockInstance, openDatabase, type Database } from './db/index.ts'
import { createSettings, readFixedSettings, type EditableSettings } from './settings/index.ts'

/** What a data folder holds, opened: the ground that every part stands on. */
export interface OpenHome {
  readonly dataDir: string
  readonly masterKey: Buffer
  readonly secretBox: SecretBox
  readonly database: Database
  readonly settings: EditableSettings
  close(): Promise<void>
}

export const databaseFileIn = (dataDir: string): string => join(dataDir, 'lares.db')

/**
 * Opens a data folder for this process alone, making it when it is new. Throws a LaresError with one plain sentence:
 * a setting of the environment that cannot be, folder not writable, disk full, another server on it, key missing, database
 * damaged or newer.
 */
export async function openHome({
  dataDir,
  clock,
  log,
  variables,
  beforeOpening,
}: {
  dataDir: string
  clock: Clock
  log: Log
  /** Settings that name a variable take it from there; when left out, nothing comes from outside. */
  variables?: Variables
  /** Called when the folder is this process's own and nothing in it is open yet. */
  beforeOpening?(): Promise<void>
}): Promise<OpenHome> {
  const fixed = variables && readFixedSettings(allSettings, variables)
  await prepareDataFolder(dataDir)
  const lock = await lockInstance(join(dataDir, 'lock'), dataDir)
  try {
    await beforeOpening?.()
    await mkdir(join(dataDir, 'media'), { recursive: true, mode: 0o700 })
    const masterKey = await loadMasterKey(join(dataDir, 'secret.key'), databaseFileIn(dataDir))
    const secretBox = createSecretBox(masterKey)
    const database = await openDatabase({ file: databaseFileIn(dataDir), log, clock })
    const settings = createSettings({
      ...{ database, secretBox, clock, log, definitions: allSettings },
      ...(fixed && { fixed }),
    })
    await settings.load()
    const close = async (): Promise<void> => {
      await database.close()
      await lock.release()
    }
    return { dataDir, masterKey, secretBox, database, settings, close }
  } catch (error) {
    await lock.release()
    throw error
  }
}
