import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { systemCodeOf } from '../../core/errors.ts'
import { isWhatItSays, kindOf } from './names.ts'
import { UploadRefused } from './refusal.ts'

/** Smaller pictures are thumbnails or halves; a clip of a quiet scene may well be small. */
const SMALLEST_STILL_BYTES = 10 * 1024
const PIECE_BYTES = 256 * 1024

export interface OpenUpload {
  file: FileHandle
  bytes: number
  /** Of the whole content. */
  sha256: string
}

/**
 * Opens what lies under a name inside the folder, and only there: a file, not a link, reached over no link, with one
 * name. Its size and its first bytes are looked at before anything decodes it. The caller closes. Throws UploadRefused.
 */
export async function openUpload(root: string, name: string, mostBytes: number): Promise<OpenUpload> {
  const path = join(root, name)
  const file = await openPlain(path)
  try {
    await mustBeInside(root, path)
    const stats = await file.stat()
    if (!stats.isFile() || stats.nlink > 1) throw new UploadRefused('not-a-file')
    if (stats.size === 0) throw new UploadRefused('empty')
    if (stats.size > mostBytes) throw new UploadRefused('too-large')
    const first = Buffer.alloc(16)
    await file.read(first, 0, first.length, 0)
    if (!isWhatItSays(name, first)) throw new UploadRefused('wrong-type')
    if (kindOf(name) === 'still' && stats.size < SMALLEST_STILL_BYTES) throw new UploadRefused('too-small')
    return { file, bytes: stats.size, sha256: await hashOf(file, stats.size) }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openPlain(path: string): Promise<FileHandle> {
  try {
    // Without waiting: a pipe would never open.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'ENODEV') throw new UploadRefused('not-a-file', error)
    throw new UploadRefused('unreadable', error)
  }
}

/** The folder that it was opened in may be a link that leads elsewhere. */
async function mustBeInside(root: string, path: string): Promise<void> {
  const [top, folder] = [await realpath(root), await realpath(dirname(path))]
  if (!`${folder}${sep}`.startsWith(`${top}${sep}`)) throw new UploadRefused('not-a-file')
}

async function hashOf(file: FileHandle, bytes: number): Promise<string> {
  const hash = createHash('sha256')
  const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes))
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await file.read(piece, 0, piece.length, at)
    if (bytesRead === 0) break
    hash.update(piece.subarray(0, bytesRead))
    at += bytesRead
  }
  return hash.digest('hex')
}
