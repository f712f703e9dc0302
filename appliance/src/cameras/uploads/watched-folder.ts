import { watch } from 'node:fs'
import { lstat, mkdir, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { NoticeBoard } from '../../core/notices.ts'
import { Walker, type Walk } from './walk.ts'

const NOTICE_ID = 'uploads.folder'

export interface WatchedFolderDeps {
  /** As the settings say now; may change. */
  root(): string
  /** Folders that have to be there. */
  folders(): Iterable<string>
  /** Something changed inside. */
  wake(): void
  log: Log
  notices: NoticeBoard
}

/** The upload folder as it is on disk: made, walked, watched; followed when the owner moves it. */
export class WatchedFolder {
  readonly #deps: WatchedFolderDeps
  #walker = new Walker('')
  #watching: { root: string; stop(): void } | null = null

  constructor(deps: WatchedFolderDeps) {
    this.#deps = deps
  }

  /** What is walked at the moment. */
  get root(): string {
    return this.#watching?.root ?? this.#deps.root()
  }

  /** Reads everything at the next walk. */
  forget(): void {
    this.#walker.forget()
  }

  /** Throws when the folder is gone, after telling the owner. */
  async walk(): Promise<Walk> {
    const { root, notices } = this.#deps
    try {
      if (this.#watching?.root !== root()) await this.#moveTo(root())
      const walk = await this.#walker.walk()
      notices.clear(NOTICE_ID)
      return walk
    } catch (error) {
      const detail = `Cameras that send their pictures are not seen: ${root()} cannot be read. Check that it is there and that Lares may read and write it.`
      const title = 'The upload folder cannot be read'
      notices.raise({ id: NOTICE_ID, level: 'problem', title, detail, link: '/more/settings' })
      throw error
    }
  }

  stop(): void {
    this.#watching?.stop()
    this.#watching = null
  }

  async #moveTo(root: string): Promise<void> {
    this.stop()
    await mkdir(root, { recursive: true, mode: 0o700 })
    for (const folder of this.#deps.folders()) await mkdir(join(root, folder), { recursive: true, mode: 0o700 })
    this.#walker = new Walker(root)
    this.#watching = { root, stop: watchFolder(root, this.#deps.wake, this.#deps.log) }
  }
}

/** Wakes when the system tells of a change. Where it cannot, whoever walks does so by the clock. */
function watchFolder(path: string, wake: () => void, log: Log): () => void {
  try {
    const watcher = watch(path, { recursive: true, persistent: false }, wake)
    watcher.on('error', (error) => log.warn({ err: messageOf(error) }, 'The upload folder is looked at by the clock'))
    return () => watcher.close()
  } catch (error) {
    log.warn({ err: messageOf(error) }, 'The upload folder is looked at by the clock')
    return () => undefined
  }
}

/** A camera's folder, made for its owner only. Throws `unavailable` or `conflict` in words. */
export async function prepareFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    if ((await lstat(path)).isDirectory()) return await removeHalves(path)
  } catch (cause) {
    const words = 'The folder for this camera cannot be made. See whether Lares may write there.'
    throw new LaresError('unavailable', words, { cause })
  }
  const words = 'There is something else of that name in the upload folder.'
  throw new LaresError('conflict', words, { details: { field: 'source' } })
}

/** What a power cut left half received. */
async function removeHalves(path: string): Promise<void> {
  for (const name of await readdir(path)) if (/^\.part-[0-9a-f]{16}$/.test(name)) await unlink(join(path, name))
}
