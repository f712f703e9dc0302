import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { writeFileDurably } from '../core/disk.ts'
import { LaresError, systemCodeOf } from '../core/errors.ts'

/** Each part of a name: letters, digits, dash, dot and underscore; never hidden, never `..`. */
const SAFE_PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/

/** The folder of pictures and clips. Names are relative, with `/`; every method throws `invalid` for an unsafe one. */
export interface MediaFolder {
  readonly root: string
  /** Absolute path of a name inside. */
  path(name: string): string
  /** Writes so that after a power cut the file is whole or not there; makes folders as needed. */
  write(name: string, content: Uint8Array): Promise<void>
  /** Makes the folder that a file of this name goes into. */
  makeParent(name: string): Promise<void>
  /** Ends quietly when it is not there; removes folders with what is in them. */
  remove(name: string): Promise<void>
  /** Within the folder; the target's own folder must be there. */
  move(from: string, to: string): Promise<void>
  sizeBytes(name: string): Promise<number | null>
  /** Names of what lies directly in a folder; empty when there is no such folder. */
  list(name: string): Promise<string[]>
}

export function createMediaFolder(root: string): MediaFolder {
  if (!isAbsolute(root)) throw new LaresError('internal', 'The media folder needs an absolute path.')
  const path = (name: string): string => {
    if (!name.split('/').every((part) => SAFE_PART.test(part))) {
      throw new LaresError('invalid', 'That is not the name of a picture or clip.')
    }
    return join(root, name)
  }
  const makeParent = async (name: string): Promise<void> => {
    await mkdir(dirname(path(name)), { recursive: true, mode: 0o700 })
  }
  return {
    root,
    path,
    makeParent,
    async write(name, content) {
      await makeParent(name)
      await writeFileDurably(path(name), content)
    },
    async remove(name) {
      await rm(path(name), { recursive: true, force: true })
    },
    move: (from, to) => rename(path(from), path(to)),
    async sizeBytes(name) {
      return orNull(async () => (await stat(path(name))).size)
    },
    async list(name) {
      return (await orNull(() => readdir(path(name)))) ?? []
    },
  }
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  }
}
