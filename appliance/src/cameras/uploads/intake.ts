import { messageOf } from '../../core/errors.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import { inWorkingOrder } from './backlog.ts'
import { kindOf, shownName } from './names.ts'
import { processFile, type ProcessDeps } from './process-file.ts'
import { REFUSALS, UploadRefused, type RefusalReason } from './refusal.ts'
import type { SeenUploads } from './seen-uploads.ts'
import { Settling } from './settling.ts'
import { CameraClock, stampOf } from './taken-at.ts'
import type { UploadReceiver } from './types.ts'
import type { Walk, WalkedFile } from './walk.ts'

/** After so many files the folder is looked at again: what has just come goes first. */
const FILES_A_ROUND = 4
/** What lay there for longer when it was first found is no news. */
const OLD_MS = 24 * 60 * 60_000

export interface IntakeDeps extends ProcessDeps {
  clock: Clock
  log: Log
  seen: SeenUploads
  settleMs(): number
  timeZone(): string
  mostBytes(): number
  receiverOf(folder: string): UploadReceiver | null
}

interface Ready extends WalkedFile {
  takenAt: number
  stampMs: number | null
  arrivedMs: number
}

/** Decides on every file in the folder: once, in its turn. */
export class Intake {
  readonly #deps: IntakeDeps
  readonly #settling = new Settling()
  readonly #whole = new Set<string>()
  readonly #clocks = new Map<string, CameraClock>()
  #ready: Ready[] = []
  #growing = 0

  constructor(deps: IntakeDeps) {
    this.#deps = deps
  }

  /** A file that is known to be complete: it need not settle. */
  isWhole(name: string): void {
    this.#whole.add(name)
  }

  waiting(folder: string): number {
    return this.#ready.filter((file) => file.folder === folder).length
  }

  /** What is to be done soon: files to read, files that may still grow. */
  get left(): { ready: number; growing: number } {
    return { ready: this.#ready.length, growing: this.#growing }
  }

  /** One round: looks through what was walked, then reads a few files. */
  async round(root: string, { files }: Walk, signal: AbortSignal): Promise<void> {
    const { clock, seen } = this.#deps
    const fresh = files.filter((file) => !seen.knows(file))
    this.#settling.keepOnly(new Set(fresh.map(({ name }) => name)))
    this.#growing = 0
    const ready: Ready[] = []
    for (const file of fresh) {
      if (file.odd) await this.#refuse(file, file.odd)
      else if (await this.#isReady(file, clock.monotonic())) ready.push(this.#arrival(file))
    }
    for (const { folder, ...arrival } of ready) this.#clockOf(folder).note({ ...arrival, lengthMs: 0 })
    const timed = ready.map((file) => ({
      ...file,
      takenAt: this.#clockOf(file.folder).takenAt({ ...file, lengthMs: 0 }),
    }))
    this.#ready = inWorkingOrder(timed)
    for (let count = 0; count < FILES_A_ROUND && !signal.aborted; count++) {
      const next = this.#ready.shift()
      if (!next) break
      await this.#take(root, next, signal)
    }
  }

  async #isReady(file: WalkedFile, nowMs: number): Promise<boolean> {
    const { clock, seen, settleMs, receiverOf } = this.#deps
    if (clock.now() - file.changedMs > OLD_MS) {
      await seen.put(file, 'old', clock.now())
      return false
    }
    const state =
      this.#whole.has(file.name) && file.bytes > 0 ? 'settled' : this.#settling.look(file, nowMs, settleMs())
    if (state === 'growing') this.#growing++
    if (state === 'empty') await this.#refuse(file, 'empty')
    if (state === 'endless') await this.#refuse(file, 'still-growing')
    if (state !== 'settled') return false
    if (receiverOf(file.folder)) return true
    await seen.put(file, 'nobody', clock.now())
    return false
  }

  #arrival(file: WalkedFile): Ready {
    const { clock, timeZone } = this.#deps
    // A time of change in the future is another machine's clock.
    const arrivedMs = Math.min(file.changedMs, clock.now())
    const stampMs = kindOf(file.name) === 'still' ? stampOf(baseName(file.name), timeZone()) : null
    return { ...file, arrivedMs, stampMs, takenAt: arrivedMs }
  }

  #clockOf(folder: string): CameraClock {
    const known = this.#clocks.get(folder) ?? new CameraClock()
    this.#clocks.set(folder, known)
    return known
  }

  async #take(root: string, file: Ready, signal: AbortSignal): Promise<void> {
    const { clock, log, seen, receiverOf, timeZone, mostBytes } = this.#deps
    const receiver = receiverOf(file.folder)
    if (!receiver) return
    const { name, folder, arrivedMs } = file
    const stampMs = stampOf(baseName(name), timeZone())
    try {
      const toProcess = { root, name, folder, arrivedMs, stampMs, mostBytes: mostBytes() }
      const done = await processFile(this.#deps, receiver, toProcess, this.#clockOf(folder), signal)
      if (!signal.aborted) await seen.put(file, done.outcome, clock.now(), done.takenAt)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof UploadRefused) return await this.#refuse(file, error.reason)
      log.warn({ camera: receiver.cameraName, err: messageOf(error) }, 'An upload could not be read')
      await this.#refuse(file, 'unreadable')
    } finally {
      this.#settling.forget(name)
      this.#whole.delete(name)
    }
  }

  async #refuse(file: WalkedFile, reason: RefusalReason): Promise<void> {
    const { clock, log, seen, receiverOf } = this.#deps
    const at = clock.now()
    await seen.put(file, reason, at)
    const receiver = receiverOf(file.folder)
    const shown = shownName(file.name.slice(file.folder.length + 1))
    log.info({ camera: receiver?.cameraName, file: shown, reason }, 'An upload was not taken')
    receiver?.onRefused({ file: shown, reason, words: REFUSALS[reason], at })
  }
}

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
