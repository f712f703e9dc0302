import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MAX_MODEL_BYTES, type BeginUpload, type FetchModel, type ModelJob } from '../../api/models.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { classNamesFile } from '../families/class-names.ts'
import { fetchable, findByHash, findByName } from './catalogue.ts'
import { checkAddress, fetchFile, type FetchOptions } from './fetch.ts'
import { hashOf, installFile, LICENCE_SENTENCE, type AddedModel, type Installing } from './install.ts'
import { modelsFolder, type ModelPlaces } from './installed.ts'
import { createUpload, type Upload } from './uploads.ts'

export interface JobDeps {
  places: ModelPlaces
  clock: Clock
  log: Log
  fetch: FetchOptions
  onChange(): void
}

type OnAdded = (added: AddedModel) => Promise<void>

/** Installations asked for in the app: one at a time, each to be followed while it runs. */
export interface ModelJobs {
  current(): ModelJob | null
  upload: Upload
  /** Begins to fetch; `onAdded` is told when it is installed. Throws `invalid`, or `conflict` while another one runs. */
  fetch(what: FetchModel, onAdded: OnAdded): void
  /** The person has compared the hash: goes on with the file that waits. Throws `conflict`. */
  confirm(sha256: string, onAdded: OnAdded): void
  /** Installs what was sent in pieces. */
  finishUpload(onAdded: OnAdded): void
  /** Ends what runs, and throws away what waits. */
  cancel(): Promise<void>
  /** Ends what runs; what is here of a file stays for the next time. */
  stop(): Promise<void>
}

/** Told at most this often how much is here. */
const PROGRESS_MS = 500

interface Wanted extends Installing {
  url: string
  file: string
}

export function createModelJobs(deps: JobDeps): ModelJobs {
  const { places, clock, log } = deps
  const uploadFile = join(modelsFolder(places), '.upload.onnx')
  const upload = createUpload(places, uploadFile)
  let job: ModelJob | null = null
  let waiting: Wanted | null = null
  let stop = new AbortController()
  let running: Promise<void> | null = null

  function set(change: Partial<ModelJob>): void {
    job = job && { ...job, ...change }
    deps.onChange()
  }

  function begin(name: string, phase: ModelJob['phase'], work: (signal: AbortSignal) => Promise<void>): void {
    if (running) throw new LaresError('conflict', 'Another model is being installed.', { code: 'MODEL_BUSY' })
    stop = new AbortController()
    job = { name, phase, receivedBytes: 0, totalBytes: null, sha256: null, problem: null }
    deps.onChange()
    running = work(stop.signal)
      .catch((error: unknown) => {
        log.warn({ model: name, err: messageOf(error) }, 'A model could not be installed')
        set({ phase: 'failed', problem: messageOf(error) })
      })
      .finally(() => void (running = null))
  }

  async function install(file: string, how: Installing, onAdded: OnAdded): Promise<void> {
    set({ phase: 'checking' })
    try {
      const added = await installFile({ ...places, clock }, file, how)
      await onAdded(added)
      set({ phase: 'done', name: added.name, sha256: added.sha256 })
    } finally {
      await rm(file, { force: true })
      await rm(classNamesFile(file), { force: true })
    }
  }

  async function receive(wanted: Wanted, signal: AbortSignal): Promise<void> {
    await mkdir(modelsFolder(places), { recursive: true })
    let toldAt = -Infinity
    const onProgress = (receivedBytes: number, totalBytes: number | null): void => {
      if (clock.monotonic() - toldAt < PROGRESS_MS) return
      toldAt = clock.monotonic()
      set({ receivedBytes, totalBytes })
    }
    const { url, file } = wanted
    await fetchFile({ url, target: file, maxBytes: MAX_MODEL_BYTES, clock, signal, onProgress, ...deps.fetch })
  }

  async function fetchAndInstall(wanted: Wanted, signal: AbortSignal, onAdded: OnAdded): Promise<void> {
    await receive(wanted, signal)
    const sha256 = await hashOf(wanted.file)
    set({ sha256 })
    if (wanted.expectedSha256 === undefined && !findByHash(sha256)) {
      waiting = wanted
      return set({ phase: 'confirm' })
    }
    await install(wanted.file, wanted, onAdded)
  }

  return {
    upload,
    current: () => job,
    fetch(what, onAdded) {
      const wanted = wantedOf(what, places, deps.fetch)
      begin(wanted.fileName, 'fetching', (signal) => fetchAndInstall(wanted, signal, onAdded))
    },
    confirm(sha256, onAdded) {
      const wanted = waiting
      if (!wanted || job?.phase !== 'confirm' || job.sha256 !== sha256)
        throw new LaresError('conflict', 'No file with this hash is waiting.', { code: 'MODEL_NOT_WAITING' })
      waiting = null
      begin(job.name, 'checking', () => install(wanted.file, { ...wanted, expectedSha256: sha256 }, onAdded))
    },
    finishUpload(onAdded) {
      const what = upload.finish()
      begin(basename(what.fileName, '.onnx'), 'checking', async () => {
        await install(uploadFile, uploaded(what), onAdded)
        await upload.drop()
      })
    },
    async stop() {
      stop.abort()
      await running
    },
    async cancel() {
      stop.abort()
      await running
      if (waiting) await rm(waiting.file, { force: true })
      waiting = null
      await upload.drop()
      job = null
      deps.onChange()
    },
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
