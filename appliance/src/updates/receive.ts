import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BUNDLE_CHUNK_BYTES, MAX_BUNDLE_BYTES, type OfferedUpdate, type UpdateBundle } from '../api/updates.ts'
import type { Clock } from '../core/clock.ts'
import { freeDiskBytes } from '../core/data-folder.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import { moveDurably } from '../core/disk.ts'
import { fetchFile, type FetchOptions } from '../core/fetch-file.ts'
import { createFileInPieces } from '../core/file-in-pieces.ts'
import { BUNDLE_NAME } from '../host/index.ts'
import type { UpdateKeeper } from './keeper.ts'

export interface ReceiveDeps {
  keeper: UpdateKeeper
  clock: Clock
  fetch: FetchOptions
  /** For tests: free bytes of the disk under a path. */
  freeBytesOf?: (path: string) => Promise<number>
}

/** What must stay free for the home itself while a bundle lies here. */
const RESERVE_BYTES = 256 * 1024 * 1024
const PROGRESS_MS = 500
const COMING = '.coming.raucb'
const IN_THE_MIDDLE = 'The box is in the middle of an update.'
const FREE_TO_BEGIN = ['idle', 'receiving', 'received', 'verified', 'installed', 'done', 'rolled-back'] as const

export interface Receiver {
  begin(fileName: string, sizeBytes: number): Promise<{ receivedBytes: number; chunkBytes: number }>
  add(offset: number, data: string): Promise<{ receivedBytes: number; chunkBytes: number }>
  /** The file is whole: from here on it is `received`. Throws `conflict` UPLOAD_INCOMPLETE. */
  finish(): Promise<void>
  /** One that somebody put into the folder. Throws `not-found`. */
  take(fileName: string): Promise<void>
  fetch(offered: OfferedUpdate, signal: AbortSignal): Promise<void>
  drop(): Promise<void>
}

/** A name that the host agent takes too; whatever else it is called stays out of paths. */
export function bundleName(fileName: string): string {
  const plain = basename(fileName)
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
  const stem = plain.replace(/\.raucb$/i, '').slice(0, 100) || 'update'
  return `${stem}.raucb`
}

export function createReceiver(deps: ReceiveDeps): Receiver {
  const { keeper } = deps
  const coming = join(keeper.folder, COMING)
  const pieces = createFileInPieces(coming)
  const at = (fileName: string): string => join(keeper.folder, fileName)

  async function start(bundle: UpdateBundle): Promise<void> {
    keeper.requirePhase(FREE_TO_BEGIN, IN_THE_MIDDLE)
    await makeRoom(deps, bundle.sizeBytes)
    await keeper.change({ phase: 'receiving', bundle, problem: null, restartAt: null })
  }

  async function keep(bundle: UpdateBundle): Promise<void> {
    await moveDurably(coming, at(bundle.fileName))
    await keeper.change({ phase: 'received', bundle })
  }

  return {
    async begin(fileName, sizeBytes) {
      await start({ ...UNKNOWN, fileName: bundleName(fileName), sizeBytes, from: 'this page' })
      await pieces.begin(sizeBytes)
      return { receivedBytes: 0, chunkBytes: BUNDLE_CHUNK_BYTES }
    },
    async add(offset, data) {
      const receivedBytes = await pieces.add(offset, data)
      const sizeBytes = keeper.record().bundle?.sizeBytes ?? receivedBytes
      keeper.show({ progress: { part: Math.min(1, receivedBytes / sizeBytes), words: 'Receiving' } })
      return { receivedBytes, chunkBytes: BUNDLE_CHUNK_BYTES }
    },
    async finish() {
      keeper.requirePhase(['receiving'], 'No file is being sent.')
      const sha256 = pieces.finish()
      const { bundle } = keeper.record()
      if (bundle) await keep({ ...bundle, sha256 })
    },
    async take(fileName) {
      keeper.requirePhase(FREE_TO_BEGIN, IN_THE_MIDDLE)
      const sizeBytes = await sizeOfBundle(keeper.folder, fileName)
      const sha256 = await hashOf(at(fileName))
      const bundle = { ...UNKNOWN, fileName, sizeBytes, sha256, from: 'the folder for updates' }
      await keeper.change({ phase: 'received', bundle, problem: null, restartAt: null })
    },
    async fetch(offered, signal) {
      const { url, sha256, notes } = offered
      const { pathname, host } = new URL(url)
      const fileName = bundleName(pathname)
      const bundle = { ...UNKNOWN, fileName, sizeBytes: offered.sizeBytes ?? 0, notes, from: host }
      await start(bundle)
      await fetchWhole(deps, offered, coming, signal)
      await keep({ ...bundle, sizeBytes: (await lstat(coming)).size, sha256 })
    },
    async drop() {
      await pieces.drop()
      const { bundle } = keeper.record()
      if (bundle) await rm(at(bundle.fileName), { force: true })
    },
  }
}

/** The bundle of before goes first. Throws `unavailable` DISK_FULL. */
async function makeRoom({ keeper, freeBytesOf = freeDiskBytes }: ReceiveDeps, sizeBytes: number): Promise<void> {
  await mkdir(keeper.folder, { recursive: true, mode: 0o700 })
  const old = keeper.record().bundle?.fileName
  if (old !== undefined) await rm(join(keeper.folder, old), { force: true })
  const free = await freeBytesOf(keeper.folder)
  if (free >= sizeBytes + RESERVE_BYTES) return
  const missing = Math.ceil((sizeBytes + RESERVE_BYTES - free) / 1_048_576)
  throw new LaresError('unavailable', `There is no room for the update: ${missing} MB are missing.`, {
    code: 'DISK_FULL',
  })
}

/** Throws `not-found` for what is no file of that name, `too-large`. */
async function sizeOfBundle(folder: string, fileName: string): Promise<number> {
  const info = BUNDLE_NAME.test(fileName) ? await lstat(join(folder, fileName)).catch(() => null) : null
  if (!info?.isFile())
    throw new LaresError('not-found', 'There is no such file in the folder for updates.', { code: 'UPDATE_MISSING' })
  if (info.size > MAX_BUNDLE_BYTES) throw new LaresError('too-large', 'The file is larger than a system may be.')
  return info.size
}

async function fetchWhole(
  { keeper, clock, fetch }: ReceiveDeps,
  { url, sha256 }: OfferedUpdate,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  let toldAt = -Infinity
  const onProgress = (received: number, total: number | null): void => {
    if (clock.monotonic() - toldAt < PROGRESS_MS) return
    toldAt = clock.monotonic()
    keeper.show({ progress: { part: total === null ? 0 : Math.min(1, received / total), words: 'Fetching' } })
  }
  await fetchFile({ url, target, maxBytes: MAX_BUNDLE_BYTES, clock, signal, onProgress, ...fetch })
  if ((await hashOf(target)) === sha256) return
  await rm(target, { force: true })
  throw new LaresError('invalid', 'The file that came is not the one that the list names.', { code: 'HASH_DIFFERS' })
}

const UNKNOWN = { sha256: null, version: null, notes: '' } as const

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  } catch (cause) {
    throw new LaresError('unavailable', `The file cannot be read: ${messageOf(cause)}`, { cause })
  }
  return hash.digest('hex')
}
