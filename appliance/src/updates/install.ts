import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Audit, AuditType } from '../audit/types.ts'
import type { Database } from '../db/database.ts'
import { copyDatabase } from '../db/index.ts'
import { freeDiskBytes } from '../core/data-folder.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Host, HostProgress, UpdateStatus } from '../host/index.ts'
import type { RequestContext } from '../http/route.ts'
import type { UpdateKeeper } from './keeper.ts'
import { dropLeftBehind } from './left-behind.ts'
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
  freeBytesOf?: (path: string) => Promise<number>
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
  return {
    verify: (olderToo) => verify(deps, olderToo),
    install: (by) => install(deps, by),
    restart: (by) => restart(deps, by),
  }
}

async function readSlots({ keeper, host }: InstallDeps): Promise<UpdateStatus> {
  const slots = await host.call('updates.status', {})
  keeper.show({ slots })
  return slots
}

function record({ database, audit }: InstallDeps, type: AuditType, by: RequestContext | null, details: object) {
  const event = { ...whoOf(by), type, resource: 'box', details: { ...details } }
  return database.transaction((trx) => audit.record(trx, event))
}

async function inspect(
  deps: InstallDeps,
  file: string,
  olderToo: boolean,
): Promise<{ version: string; notes: string }> {
  const { compatible } = await readSlots(deps)
  const facts = await deps.host.call('updates.inspect', { file })
  if (facts.compatible !== compatible)
    throw new LaresError('invalid', 'This update was made for another kind of box.', { code: 'UPDATE_OTHER_BOX' })
  if (!olderToo) refuseOlder(facts.version, deps.keeper.runningVersion())
  return { version: facts.version, notes: facts.description }
}

async function verify(deps: InstallDeps, olderToo: boolean): Promise<void> {
  const { keeper, receiver, log } = deps
  keeper.requirePhase(['received'], 'No update has come.')
  const { bundle } = keeper.record()
  if (!bundle) return
  try {
    const { version, notes } = await inspect(deps, bundle.fileName, olderToo)
    await keeper.change({ phase: 'verified', bundle: { ...bundle, version, notes: notes || bundle.notes } })
  } catch (error) {
    log.warn({ file: bundle.fileName, err: messageOf(error) }, 'An update was refused')
    // An older one may still be wanted, once somebody has said so.
    if (error instanceof LaresError && error.code === 'UPDATE_OLDER') throw error
    await receiver.drop()
    await keeper.change({ phase: 'idle', bundle: null, problem: messageOf(error) })
    throw error
  }
}

async function install(deps: InstallDeps, by: RequestContext | null): Promise<void> {
  const { keeper, host, log } = deps
  keeper.requirePhase(['verified'], 'No update has been checked yet.')
  const { bundle } = keeper.record()
  if (!bundle) return
  await keeper.change({ phase: 'installing', problem: null })
  try {
    const onProgress = (progress: HostProgress): void => keeper.show({ progress })
    await host.call('updates.install', { file: bundle.fileName }, { onProgress })
  } catch (error) {
    log.warn({ version: bundle.version, err: messageOf(error) }, 'An update could not be installed')
    await keeper.change({ phase: 'verified', problem: messageOf(error) })
    throw error
  }
  await record(deps, 'update_installed', by, { version: bundle.version, sha256: bundle.sha256 })
  await readSlots(deps)
  await keeper.change({ phase: 'installed' })
}

async function restart(deps: InstallDeps, by: RequestContext | null): Promise<void> {
  const { keeper, host, databaseFile } = deps
  keeper.requirePhase(['installed'], 'No new system is installed.')
  const to = keeper.record().bundle?.version ?? 'unknown'
  const from = { version: keeper.runningVersion(), slot: (await readSlots(deps)).booted }
  const removed = await makeRoom(deps)
  await record(deps, 'update_begun', by, { from: from.version, to, ...(removed.length > 0 && { removed }) })
  const fitness = await deps.fitness()
  const takenAt = deps.clock.now()
  await copyDatabase(databaseFile, join(keeper.folder, BACKUP_FILE))
  const backup = { file: BACKUP_FILE, takenAt }
  await keeper.change({
    ...{ phase: 'restarting', restartAt: null, problem: null },
    trial: { from, to, bootId: await readBootId(), fitness, backup, startedAt: null, verdict: null },
  })
  try {
    await host.call('updates.switch', {})
  } catch (error) {
    await keeper.change({ phase: 'installed', trial: null, problem: messageOf(error) })
    throw error
  }
}

function refuseOlder(version: string, running: string): void {
  const order = compareVersions(version, running)
  if (order !== null && order > 0) return
  const words = order === 0 ? `${version} runs already.` : `${version} is not newer than ${running}, which runs.`
  throw new LaresError('invalid', words, { code: 'UPDATE_OLDER', details: { version, running } })
}

/** Room for the copy of the database. Returns what went for it. Throws `unavailable` DISK_FULL. */
async function makeRoom({ keeper, databaseFile, freeBytesOf = freeDiskBytes, log }: InstallDeps): Promise<string[]> {
  const { size: bytes } = await stat(databaseFile)
  const isRoom = async (): Promise<boolean> => (await freeBytesOf(keeper.folder)) >= bytes + COPY_RESERVE_BYTES
  const removed = await dropLeftBehind(keeper.folder, isRoom)
  if (removed.length > 0) log.warn({ removed }, 'Removed databases that systems left which had failed before')
  if (await isRoom()) return removed
  throw new LaresError('unavailable', 'There is no room for a copy of the database. Free some space first.', {
    code: 'DISK_FULL',
  })
}
