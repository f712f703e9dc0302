import { join, relative } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { NoticeBoard } from '../../core/notices.ts'
import type { Part } from '../../core/part.ts'
import { supervise, type Loop } from '../../core/supervise.ts'
import type { Database } from '../../db/index.ts'
import type { Media } from '../../media/index.ts'
import { homeTimeZone, type Settings } from '../../settings/index.ts'
import { outlived, removeUpload } from './clean-up.ts'
import { createDuplicates } from './duplicates.ts'
import { Intake } from './intake.ts'
import { cameraNameOf, isFolderName } from './names.ts'
import { SeenUploads } from './seen-uploads.ts'
import * as settingsOf from './settings.ts'
import type { UnknownFolder, UploadBox, UploadReceiver } from './types.ts'
import { createUnknownFolders } from './unknown-folders.ts'
import { prepareFolder, WatchedFolder } from './watched-folder.ts'

export { cameraNameOf } from './names.ts'
export type { Refusal } from './refusal.ts'
export { cameraSettings } from './settings.ts'
export type { UnknownFolder, UploadBox, UploadReceiver } from './types.ts'

const MB = 1_000_000
const DAY_MS = 24 * 60 * 60_000
const CLEAN_UP_EVERY_MS = 15 * 60_000
/** Even when the system tells of changes: some network drives never do. */
const LOOK_AT_LEAST_MS = 30_000

export interface UploadsDeps {
  dataDir: string
  database: Database
  settings: Settings
  media: Pick<Media, 'folder' | 'ffmpeg' | 'isDiskLow'>
  clock: Clock
  log: Log
  notices: NoticeBoard
  isLooking(cameraId: string): boolean
  /** Whether a camera, switched on or not, has this folder. */
  isOwned(folder: string): boolean
}

export interface Uploads extends UploadBox, Part {
  /** Reads what was decided on before; before any camera joins. */
  load(): Promise<void>
  /** A file came whole (by FTP): it is read at once. */
  arrived(path: string): void
}

/** What the parts of one upload folder share. */
interface Ground {
  deps: UploadsDeps
  receivers: Map<string, UploadReceiver>
  seen: SeenUploads
  intake: Intake
  folder: WatchedFolder
  ownRoot: string
  loop: Loop
}

const keyOf = cameraNameOf

/** The folder into which cameras send pictures: watched, read, and cleared. */
export function createUploads(deps: UploadsDeps): Uploads {
  const ground = createGround(deps)
  const { receivers, seen, intake, folder, loop } = ground
  const unknown = ground.unknown
  return {
    name: 'uploads',
    root: () => folder.root,
    load: () => seen.load(),
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      folder.stop()
    },
    arrived(path) {
      intake.isWhole(relative(folder.root, path))
      loop.wake()
    },
    async prepare(name) {
      const words = 'A folder’s name has letters, digits, spaces, - and _ only.'
      if (!isFolderName(name)) throw new LaresError('invalid', words, { details: { field: 'source' } })
      await prepareFolder(join(folder.root, name))
    },
    join(name, receiver) {
      receivers.set(keyOf(name), receiver)
      void seen.giveBackNewest(name).then(() => {
        folder.forget()
        loop.wake()
      })
      return () => {
        if (receivers.get(keyOf(name)) === receiver) receivers.delete(keyOf(name))
      }
    },
    lastTakenAt: (name) => seen.lastTakenAt(name),
    refusals: (name) => seen.refusals(name),
    waiting: (name) => intake.waiting(name),
    unknown: (): UnknownFolder[] => unknown.list(),
  }
}

function createGround(deps: UploadsDeps): Ground & { unknown: ReturnType<typeof createUnknownFolders> } {
  const { clock, log, settings, notices, database, dataDir } = deps
  const receivers = new Map<string, UploadReceiver>()
  const seen = new SeenUploads(database)
  const unknown = createUnknownFolders(notices)
  const ownRoot = join(dataDir, 'uploads')
  const intake = new Intake({
    ...{ ...deps, seen, receiverOf: (name) => receivers.get(keyOf(name)) ?? null },
    settleMs: () => settings.get(settingsOf.settleS) * 1_000,
    timeZone: () => settings.get(settingsOf.cameraTimeZone) || settings.get(homeTimeZone),
    mostBytes: () => settings.get(settingsOf.largestMb) * MB,
    isDuplicate: createDuplicates(clock, () => settings.get(settingsOf.duplicateWindowS) * 1_000),
  })
  const folder = new WatchedFolder({
    ...{
      log,
      notices,
      folders: () => [...receivers.values()].map((receiver) => receiver.folder),
      wake: () => loop.wake(),
    },
    root: () => settings.get(settingsOf.uploadFolder) || ownRoot,
  })
  let cleanedAtMs = -Infinity
  const loop = supervise({
    ...{ name: 'uploads', clock, log, pauseMs: () => pauseMs(settings, intake) },
    async runOnce(signal) {
      const walk = await folder.walk()
      await intake.round(folder.root, walk, signal)
      unknown.update(
        walk.folders.filter((name) => !deps.isOwned(name)),
        [...seen.all()],
      )
      if (clock.monotonic() - cleanedAtMs < CLEAN_UP_EVERY_MS || intake.left.ready > 0) return
      cleanedAtMs = clock.monotonic()
      await clean(ground)
    },
  })
  const ground = { deps, receivers, seen, intake, folder, ownRoot, loop, unknown }
  return ground
}

/** How long until the next look: at once while files wait, soon while some may grow. */
function pauseMs(settings: Settings, { left }: Intake): number {
  if (left.ready > 0) return 0
  if (left.growing > 0) return Math.min(500, settings.get(settingsOf.settleS) * 500)
  return settings.get(settingsOf.polling) ? settings.get(settingsOf.pollIntervalS) * 1_000 : LOOK_AT_LEAST_MS
}

/** Forgets what is no longer there, and deletes what is too old or too much, where that is wanted. */
async function clean({ deps, seen, folder, ownRoot }: Ground): Promise<void> {
  const { settings, clock, log } = deps
  folder.forget()
  const { files } = await folder.walk()
  const there = new Set(files.map(({ name }) => name))
  await seen.forget([...seen.all()].filter(({ name }) => !there.has(name)).map(({ name }) => name))
  const rule = settings.get(settingsOf.cleanUp)
  if (rule === 'never' || (rule === 'own' && folder.root !== ownRoot)) return
  const keepMs = settings.get(settingsOf.keepDays) * DAY_MS
  const rules = { keepMs, mostBytes: settings.get(settingsOf.mostGb) * 1_000 * MB }
  // Only what was decided on: nothing goes unseen.
  const gone = outlived(files, clock.now(), rules).filter((file) => seen.knows(file))
  for (const { name } of gone) await removeUpload(folder.root, name)
  await seen.forget(gone.map(({ name }) => name))
  if (gone.length > 0) log.info({ files: gone.length }, 'Old uploads are deleted')
}
