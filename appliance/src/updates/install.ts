import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Audit } from '../audit/types.ts'
import type { Database } from '../db/database.ts'
import { copyDatabase } from '../db/index.ts'
import { freeDiskBytes } from '../core/data-folder.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Host, UpdateStatus } from '../host/index.ts'
import type { RequestContext } from '../http/route.ts'
import type { UpdateKeeper } from './keeper.ts'
import type { Fitness } from './proof.ts'
import type { Receiver } from './receive.ts'
import { readBootId } from './settle.ts'
import { compareVersions } from './version-order.ts'

export interface InstallDeps {
  keeper: UpdateKeeper
  receiver: Receiver
  host: Host
  database: Database
  databaseFile: string
  audit: Pick<Audit, 'record'>
  clock: Clock
  log: Log
  fitness(): Promise<Fitness>
}

export interface Installer {
  /** Signature, kind of box, version. What is refused is removed. */
  verify(olderToo: boolean): Promise<void>
  install(by: RequestContext | null): Promise<void>
  /** Keeps a copy of the database, then restarts into the new system. */
  restart(by: RequestContext | null): Promise<void>
}

const COPY_RESERVE_BYTES = 64 * 1024 * 1024
const BACKUP_FILE = 'before-update.db'

const whoOf = (by: RequestContext | null) =>
  by ? { who: by.principal, address: by.address, userAgent: by.userAgent } : {}

export function createInstaller(deps: InstallDeps): Installer {
  const { keeper, receiver, host, database, audit, log } = deps

  async function readSlots(): Promise<UpdateStatus> {
    const slots = await host.call('updates.status', {})
    keeper.show({ slots })
    return slots
  }

  async function check(fileName: string, olderToo: boolean): Promise<{ version: string; notes: string }> {
    const { compatible } = await readSlots()
    const facts = await host.call('updates.inspect', { file: fileName })
    if (facts.compatible !== compatible)
      throw new LaresError('invalid', 'This update was made for another kind of box.', { code: 'UPDATE_OTHER_BOX' })
    if (!olderToo) refuseOlder(facts.version, keeper.runningVersion())
    return { version: facts.version, notes: facts.description }
  }

  return {
    async verify(olderToo) {
      keeper.requirePhase(['received'], 'No update has come.')
      const { bundle } = keeper.record()
      if (!bundle) return
      try {
        const { version, notes } = await check(bundle.fileName, olderToo)
        await keeper.change({ phase: 'verified', bundle: { ...bundle, version, notes: notes || bundle.notes } })
      } catch (error) {
        log.warn({ file: bundle.fileName, err: messageOf(error) }, 'An update was refused')
        // An older one may still be wanted, once somebody has said so.
        if (error instanceof LaresError && error.code === 'UPDATE_OLDER') throw error
        await receiver.drop()
        await keeper.change({ phase: 'idle', bundle: null, problem: messageOf(error) })
        throw error
      }
    },

    async install(by) {
      keeper.requirePhase(['verified'], 'No update has been checked yet.')
      const { bundle } = keeper.record()
      if (!bundle) return
      await keeper.change({ phase: 'installing', problem: null })
      try {
        const onProgress = (progress: { part: number; words: string }): void => keeper.show({ progress })
        await host.call('updates.install', { file: bundle.fileName }, { onProgress })
      } catch (error) {
        log.warn({ version: bundle.version, err: messageOf(error) }, 'An update could not be installed')
        await keeper.change({ phase: 'verified', problem: messageOf(error) })
        throw error
      }
      const details = { version: bundle.version, sha256: bundle.sha256 }
      await database.transaction((trx) =>
        audit.record(trx, { ...whoOf(by), type: 'update_installed', resource: 'box', details }),
      )
      await readSlots()
      await keeper.change({ phase: 'installed' })
    },

    async restart(by) {
      keeper.requirePhase(['installed'], 'No new system is installed.')
      const { bundle } = keeper.record()
      const { booted } = await readSlots()
      await requireRoom(keeper.folder, deps.databaseFile)
      const details = { from: keeper.runningVersion(), to: bundle?.version ?? null }
      await database.transaction((trx) =>
        audit.record(trx, { ...whoOf(by), type: 'update_begun', resource: 'box', details }),
      )
      // What an earlier one left would be taken for what this one leaves.
      await keeper.sweep((name) => name.startsWith('left-by-'))
      const fitness = await deps.fitness()
      const takenAt = deps.clock.now()
      await copyDatabase(database, join(keeper.folder, BACKUP_FILE))
      await keeper.change({
        ...{ phase: 'restarting', restartAt: null, problem: null },
        trial: {
          from: { version: keeper.runningVersion(), slot: booted },
          ...{ to: bundle?.version ?? 'unknown', bootId: await readBootId(), fitness },
          ...{ backup: { file: BACKUP_FILE, takenAt }, startedAt: null, verdict: null },
        },
      })
      try {
        await host.call('updates.switch', {})
      } catch (error) {
        await keeper.change({ phase: 'installed', trial: null, problem: messageOf(error) })
        throw error
      }
    },
  }
}

function refuseOlder(version: string, running: string): void {
  const order = compareVersions(version, running)
  if (order !== null && order > 0) return
  const words = order === 0 ? `${version} runs already.` : `${version} is not newer than ${running}, which runs.`
  throw new LaresError('invalid', words, { code: 'UPDATE_OLDER', details: { version, running } })
}

async function requireRoom(folder: string, databaseFile: string): Promise<void> {
  const { size: bytes } = await stat(databaseFile)
  if ((await freeDiskBytes(folder)) >= bytes + COPY_RESERVE_BYTES) return
  throw new LaresError('unavailable', 'There is no room for a copy of the database. Free some space first.', {
    code: 'DISK_FULL',
  })
}
