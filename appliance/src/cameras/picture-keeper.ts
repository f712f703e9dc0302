import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../core/errors.ts'
import { encodeJpeg, paintBlack, type Frame } from '../media/index.ts'
import type { RunDeps } from './sources/types.ts'

/** A larger one is kept as small as it is looked at: five minutes of a camera are at most 225 MB. */
const LARGEST_BYTES = 150_000

export type KeeperDeps = Pick<RunDeps, 'mayRecord' | 'prepareSegmentFolder' | 'hidden' | 'cameraName' | 'log'>

/**
 * Keeps the pictures of a camera that sends JPEG, one file each, beside the segments of the others: as they came, or drawn over
 * and named `.masked.jpg`. Nothing is encoded until somebody wants a clip. One write at a time; what comes meanwhile is not kept.
 */
export class PictureKeeper {
  readonly #deps: KeeperDeps
  #folder: string | null = null
  #writing: Promise<void> | null = null
  #hasFailed = false

  constructor(deps: KeeperDeps) {
    this.#deps = deps
  }

  /** Call before the frame is handed on: its pixels may go with it. */
  keep(jpeg: Buffer, frame: Frame): void {
    if (this.#writing || !this.#deps.mayRecord()) return
    const covers = this.#deps.hidden()
    const isMasked = covers.length > 0
    if (isMasked) paintBlack(frame, covers)
    const bytes = isMasked || jpeg.length > LARGEST_BYTES ? encodeJpeg(frame) : jpeg
    const name = `${frame.capturedAt}${isMasked ? '.masked' : ''}.jpg`
    this.#writing = this.#write(name, bytes).finally(() => (this.#writing = null))
  }

  /** Resolves when nothing more is written. */
  async settled(): Promise<void> {
    await this.#writing
  }

  async #write(name: string, bytes: Buffer | Promise<Buffer>): Promise<void> {
    try {
      this.#folder ??= await this.#deps.prepareSegmentFolder()
      await writeFile(join(this.#folder, name), await bytes, { mode: 0o600 })
      this.#hasFailed = false
    } catch (error) {
      const { cameraName: camera, log } = this.#deps
      if (!this.#hasFailed) log.warn({ camera, err: messageOf(error) }, 'Pictures cannot be kept for clips')
      this.#hasFailed = true
      this.#folder = null
    }
  }
}
