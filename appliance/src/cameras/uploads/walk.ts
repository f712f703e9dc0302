import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCodeOf } from '../../core/errors.ts'
import { isPlainName, kindOf } from './names.ts'

const DEEPEST = 6
const MOST_ENTRIES = 50_000
/** A folder larger than this whose own time has not changed is not read again: old files cost nothing then. */
const LARGE_FOLDER = 200

export interface WalkedFile {
  /** Below the upload folder, with `/`. */
  name: string
  /** Name of the camera's folder. */
  folder: string
  bytes: number
  changedMs: number
  /** Not a plain file, or a name that nobody should have. */
  odd: 'not-a-file' | 'bad-name' | null
}

export interface Walk {
  /** Names of the folders directly inside. */
  folders: string[]
  files: WalkedFile[]
  /** Names below folders that were skipped as unchanged. */
  skipped: string[]
}

/** Reads the upload folder; links are never followed. Remembers which large folders it need not read again. */
export class Walker {
  readonly #root: string
  #known = new Map<string, { changedMs: number; entries: number }>()

  constructor(root: string) {
    this.#root = root
  }

  /** Reads everything at the next walk. */
  forget(): void {
    this.#known.clear()
  }

  /** Throws system errors of the upload folder itself only. */
  async walk(): Promise<Walk> {
    const walk: Walk = { folders: [], files: [], skipped: [] }
    for (const entry of await readdir(this.#root, { withFileTypes: true })) {
      if (!entry.isDirectory() || !isPlainName(entry.name)) continue
      walk.folders.push(entry.name)
      await this.#folder(entry.name, entry.name, 1, walk)
    }
    return walk
  }

  async #folder(name: string, camera: string, depth: number, walk: Walk): Promise<void> {
    const path = join(this.#root, name)
    const own = await statOrNull(path)
    if (!own?.isDirectory()) return
    const known = this.#known.get(name)
    const entries = await readOrNothing(path)
    this.#known.set(name, { changedMs: own.mtimeMs, entries: entries.length })
    // Its own time tells of new and renamed files; what lies below a sub-folder has to be asked there.
    const isUnchanged = known?.changedMs === own.mtimeMs && known.entries > LARGE_FOLDER
    if (isUnchanged) walk.skipped.push(name)
    for (const entry of entries) {
      const below = `${name}/${entry.name}`
      if (entry.isDirectory()) {
        if (isPlainName(entry.name) && depth < DEEPEST) await this.#folder(below, camera, depth + 1, walk)
      } else if (!isUnchanged && walk.files.length < MOST_ENTRIES) await this.#file(below, camera, entry, walk)
    }
  }

  async #file(name: string, folder: string, entry: Dirent, walk: Walk): Promise<void> {
    if (entry.name.startsWith('.') || kindOf(entry.name) === null) return
    const stats = await statOrNull(join(this.#root, name))
    if (!stats) return
    const odd = !stats.isFile() || stats.nlink > 1 ? 'not-a-file' : isPlainName(entry.name) ? null : 'bad-name'
    walk.files.push({ name, folder, bytes: stats.size, changedMs: Math.round(stats.mtimeMs), odd })
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG'].includes(systemCodeOf(error) ?? '')) return null
    throw error
  }
}

async function readOrNothing(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(systemCodeOf(error) ?? '')) return []
    throw error
  }
}
