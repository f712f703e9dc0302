import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MAX_MODEL_BYTES, type BeginUpload, type FetchModel, type ModelJob } from '../../api/models.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { classNamesFile } from '../families/class-names.ts'
import { fetchable, findByHash, findByName } from './catalogue.ts'
import { checkAddress, fetchFile, type FetchOptions } from '../../core/fetch-file.ts'
import { hashOf, installFile, LICENCE_SENTENCE, type AddedModel, type Installing } from './install.ts'
import { modelsFolder, type ModelPlaces } from './places.ts'
import { createUpload, type Upload } from './uploads.ts'

export interface JobDeps {
  places: ModelPlaces
  clock: Clock
  log: Log
  fetch: FetchOptions
  onChange(): void
}

type OnAdded = (added: AddedModel) => Promise<void>

/** Told at most this often how much is here. */
const PROGRESS_MS = 500

interface Wanted extends Installing {
  url: string
  file: string
}

/** Installations asked for in the app: one at a time, each to be followed while it runs. */
export class ModelJobs {
  readonly upload: Upload
  readonly #deps: JobDeps
  readonly #uploadFile: string
  #job: ModelJob | null = null
  #waiting: Wanted | null = null
  #stop = new AbortController()
  #running: Promise<void> | null = null

  constructor(deps: JobDeps) {
    this.#deps = deps
    this.#uploadFile = join(modelsFolder(deps.places), '.upload.onnx')
    this.upload = createUpload(this.#uploadFile)
  }

  /** The one that runs, or the last one. */
  current(): ModelJob | null {
    return this.#job
  }

  /** Begins to fetch; `onAdded` is told when it is installed. Throws `invalid`, or `conflict` while another one runs. */
  fetch(what: FetchModel, onAdded: OnAdded): void {
    const wanted = wantedOf(what, this.#deps.places, this.#deps.fetch)
    this.#begin(wanted.fileName, 'fetching', (signal) => this.#fetchAndInstall(wanted, signal, onAdded))
  }

  /** The person has compared the hash: goes on with the file that waits. Throws `conflict`. */
  confirm(sha256: string, onAdded: OnAdded): void {
    const wanted = this.#waiting
    if (!wanted || this.#job?.phase !== 'confirm' || this.#job.sha256 !== sha256)
      throw new LaresError('conflict', 'No file with this hash is waiting.', { code: 'MODEL_NOT_WAITING' })
    this.#begin(this.#job.name, 'checking', () =>
      this.#install(wanted.file, { ...wanted, expectedSha256: sha256 }, onAdded),
    )
    this.#waiting = null
  }

  /** Installs what was sent in pieces. */
  finishUpload(onAdded: OnAdded): void {
    const what = this.upload.finish()
    this.#begin(basename(what.fileName, '.onnx'), 'checking', async () => {
      await this.#install(this.#uploadFile, uploaded(what), onAdded)
      await this.upload.drop()
    })
  }

  /** Ends what runs; what is here of a file stays for the next time. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Ends what runs, and throws away what waits. */
  async cancel(): Promise<void> {
    await this.stop()
    if (this.#waiting) await rm(this.#waiting.file, { force: true })
    this.#waiting = null
    await this.upload.drop()
    this.#job = null
    this.#deps.onChange()
  }

  #set(change: Partial<ModelJob>): void {
    this.#job = this.#job && { ...this.#job, ...change }
    this.#deps.onChange()
  }

  #begin(name: string, phase: ModelJob['phase'], work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#running) throw new LaresError('conflict', 'Another model is being installed.', { code: 'MODEL_BUSY' })
    this.#stop = new AbortController()
    this.#job = { name, phase, receivedBytes: 0, totalBytes: null, sha256: null, problem: null }
    this.#deps.onChange()
    this.#running = this.#follow(name, work(this.#stop.signal))
  }

  async #follow(name: string, work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      this.#deps.log.warn({ model: name, err: messageOf(error) }, 'A model could not be installed')
      this.#set({ phase: 'failed', problem: messageOf(error) })
    } finally {
      this.#running = null
    }
  }

  async #install(file: string, how: Installing, onAdded: OnAdded): Promise<void> {
    const { places, clock } = this.#deps
    this.#set({ phase: 'checking' })
    try {
      const added = await installFile({ ...places, clock }, file, how)
      await onAdded(added)
      this.#set({ phase: 'done', name: added.name, sha256: added.sha256 })
    } finally {
      await rm(file, { force: true })
      await rm(classNamesFile(file), { force: true })
    }
  }

  async #fetchAndInstall(wanted: Wanted, signal: AbortSignal, onAdded: OnAdded): Promise<void> {
    await this.#receive(wanted, signal)
    const sha256 = await hashOf(wanted.file)
    this.#set({ sha256 })
    if (wanted.expectedSha256 !== undefined || findByHash(sha256)) return this.#install(wanted.file, wanted, onAdded)
    this.#waiting = wanted
    this.#set({ phase: 'confirm' })
  }

  async #receive({ url, file }: Wanted, signal: AbortSignal): Promise<void> {
    const { places, clock, fetch } = this.#deps
    await mkdir(modelsFolder(places), { recursive: true })
    let toldAt = -Infinity
    const onProgress = (receivedBytes: number, totalBytes: number | null): void => {
      if (clock.monotonic() - toldAt < PROGRESS_MS) return
      toldAt = clock.monotonic()
      this.#set({ receivedBytes, totalBytes })
    }
    await fetchFile({ url, target: file, maxBytes: MAX_MODEL_BYTES, clock, signal, onProgress, ...fetch })
  }
}

function uploaded({ fileName, acknowledged = false, licence, classNames }: BeginUpload): Installing {
  return { fileName, origin: `the file ${basename(fileName)}`, acknowledged, licence, classNames }
}

/** Throws `invalid` for an address or a name that cannot be fetched. */
function wantedOf(what: FetchModel, places: ModelPlaces, options: FetchOptions): Wanted {
  // A file half here is found again by its address.
  const fileOf = (url: string): string =>
    join(modelsFolder(places), `.fetching-${createHash('sha256').update(url).digest('hex').slice(0, 16)}.onnx`)
  if ('name' in what) {
    const known = findByName(what.name)
    const found = known && fetchable(known)
    if (!found) throw new LaresError('invalid', `No address with a hash is known for ${what.name}.`)
    const { url, sha256 } = found
    return { url, file: fileOf(url), fileName: what.name, origin: url, acknowledged: false, expectedSha256: sha256 }
  }
  const { url, sha256, licence, acknowledged = false, classNames } = what
  const address = checkAddress(url, options)
  if (!acknowledged) throw new LaresError('invalid', LICENCE_SENTENCE, { code: 'LICENCE_UNACKNOWLEDGED' })
  const fileName = decodeURIComponent(basename(address.pathname)) || 'model'
  const origin = address.origin + address.pathname
  return { url, file: fileOf(url), fileName, origin, acknowledged, licence, classNames, expectedSha256: sha256 }
}
