import { constants, type Stats } from 'node:fs'
import { lstat, mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { LaresError, systemCodeOf } from '../../core/errors.ts'

const MOST_PARTS = 8
const LONGEST_PART_BYTES = 120
/** Hidden names are the server's own (half-received files); a backslash or a colon means something on other systems. */
const SAFE_PART = /^[^.\s\\:*?"<>|][^\\:*?"<>|]*$/u

/**
 * A path as a client says it, as parts below its home; `..` ends at the home. Null for what is no name here: hidden, too
 * long, too deep, with characters that mean something elsewhere.
 */
export function resolveParts(current: readonly string[], said: string): string[] | null {
  const parts = said.startsWith('/') ? [] : [...current]
  for (const part of said.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else if (SAFE_PART.test(part) && Buffer.byteLength(part) <= LONGEST_PART_BYTES) parts.push(part)
    else return null
  }
  return parts.length <= MOST_PARTS ? parts : null
}

export const shownPath = (parts: readonly string[]): string => `/${parts.join('/')}`

const notThere = (cause?: unknown): LaresError => new LaresError('not-found', 'There is no such folder.', { cause })

async function entryAt(path: string): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ENOTDIR') return null
    throw error
  }
}

/**
 * The folder on disk that the parts lead to. Each part has to be a real folder: a link that somebody put there leads
 * nowhere. Throws `not-found`.
 */
export async function folderAt(home: string, parts: readonly string[]): Promise<string> {
  let path = home
  for (const part of ['', ...parts]) {
    path = part === '' ? path : join(path, part)
    const entry = await entryAt(path)
    if (!entry?.isDirectory()) throw notThere()
  }
  return path
}

/** As `folderAt`, making what is missing. */
export async function makeFolderAt(home: string, parts: readonly string[]): Promise<string> {
  const parent = await folderAt(home, parts.slice(0, -1))
  const path = join(parent, parts.at(-1) ?? '')
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
  }
  return folderAt(home, parts)
}

/** The file that the parts name, wherever its folder really is inside; `entry` is null when it is not there. */
export async function fileAt(home: string, parts: readonly string[]): Promise<{ path: string; entry: Stats | null }> {
  const name = parts.at(-1)
  if (name === undefined) throw new LaresError('invalid', 'That is the folder itself.')
  const path = join(await folderAt(home, parts.slice(0, -1)), name)
  const entry = await entryAt(path)
  if (entry && (!entry.isFile() || entry.nlink > 1))
    throw new LaresError('invalid', 'That name belongs to something else.')
  return { path, entry }
}

/** A new file, never through a link and never one that is there. */
export function openNew(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
}

export function openToAppend(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK)
}

export interface Listed {
  name: string
  isFolder: boolean
  bytes: number
  changedMs: number
}

const MOST_LISTED = 2_000

/** What a client may see of a folder: files and folders, nothing hidden, no links. */
export async function listFolder(path: string): Promise<Listed[]> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(
    (entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()),
  )
  const found: Listed[] = []
  for (const entry of entries.slice(0, MOST_LISTED)) {
    const stats = await entryAt(join(path, entry.name))
    if (stats)
      found.push({ name: entry.name, isFolder: stats.isDirectory(), bytes: stats.size, changedMs: stats.mtimeMs })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As `ls -l` prints it, which is what clients read. */
export function listLine({ name, isFolder, bytes, changedMs }: Listed): string {
  const at = new Date(changedMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  const when = `${MONTHS[at.getUTCMonth()] ?? ''} ${two(at.getUTCDate())} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  return `${isFolder ? 'drwx------' : '-rw-------'} 1 camera camera ${String(bytes).padStart(12)} ${when} ${name}\r\n`
}

/** Bytes of all files below, links not followed. */
export async function bytesBelow(path: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const below = join(path, entry.name)
    if (entry.isDirectory()) bytes += await bytesBelow(below)
    else if (entry.isFile()) bytes += (await entryAt(below))?.size ?? 0
  }
  return bytes
}
