import { constants } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LaresError, systemCodeOf } from './errors.ts'

/** The text of a file; null when there is none. Throws kind `unavailable` when it cannot be read. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null
    throw new LaresError('unavailable', `The file ${path} cannot be read.`, { cause })
  }
}

/** Writes a file so that after a power cut either the old or the whole new content is there (fsync of file and folder). */
export async function writeFileDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  const file = await open(temporary, 'w', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  await syncFolder(dirname(path))
}

/**
 * Writes a short file over itself without waiting for the disk: a power cut may lose what was written in the last minute,
 * and half of a content longer than a sector (512 bytes). What is written often and is of no use for long is written like this: a card
 * wears out by being written, and a durable write of a few bytes is a dozen blocks.
 */
export async function overwriteLoosely(path: string, content: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600)
  try {
    await file.write(content, 0)
    const bytes = Buffer.byteLength(content)
    if ((await file.stat()).size > bytes) await file.truncate(bytes)
  } finally {
    await file.close()
  }
}

/** Makes renames and new names inside a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Moves a finished file to its place on the same disk; after a power cut it is whole there or not there at all. */
export async function moveDurably(from: string, to: string): Promise<void> {
  const file = await open(from, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(from, to)
  await syncFolder(dirname(to))
}
