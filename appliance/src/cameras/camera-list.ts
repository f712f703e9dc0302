import {
  changeCameraBody,
  createCameraBody,
  type Camera,
  type CameraSourceInput,
  type ChangeCamera,
  type CreateCamera,
} from '../api/cameras.ts'
import type { ObjectClass } from '../api/common.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/index.ts'
import type { Events } from '../events.ts'
import { openSource, sealCredentials } from './credentials.ts'
import type { LiveCamera } from './live-camera.ts'
import { checkSource, parseSource, type ParsedSource } from './sources/index.ts'
import { cameraNameOf } from './uploads/index.ts'
import { deleteCamera, insertCamera, listCameras, updateCamera, type CameraRecord } from './store.ts'

/** What opens an incident unless the owner says otherwise: people, vehicles and dogs, but not every bird and cat. */
const DEFAULT_CLASSES: readonly ObjectClass[] = ['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'dog']
const MOST_CAMERAS = 64

export interface CameraListDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  bus: Bus<Events>
  /** Where /dev is found. */
  root: string
  build(record: CameraRecord, parsed: ParsedSource): LiveCamera
}

/**
 * The cameras of the box, in memory and in the database: first the row, then the stream, then the event. Changes run
 * one after another, so that two of them never fight over one stream.
 */
export class CameraList {
  readonly #deps: CameraListDeps
  readonly #live = new Map<string, LiveCamera>()
  #tail: Promise<unknown> = Promise.resolve()

  constructor(deps: CameraListDeps) {
    this.#deps = deps
  }

  all(): LiveCamera[] {
    return [...this.#live.values()]
  }

  find(id: string): LiveCamera | null {
    return this.#live.get(id) ?? null
  }

  /** Throws `not-found`. */
  get(id: string): LiveCamera {
    const camera = this.#live.get(id)
    if (!camera) throw new LaresError('not-found', 'There is no such camera.')
    return camera
  }

  create(input: CreateCamera): Promise<Camera> {
    return this.#inTurn(() => this.#create(input))
  }

  change(id: string, input: ChangeCamera): Promise<Camera> {
    return this.#inTurn(() => this.#change(id, input))
  }

  restart(id: string, meanwhile: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      const old = this.get(id)
      await old.stop()
      try {
        await meanwhile()
      } finally {
        await this.#begin(this.#deps.build(old.record(), old.parsed))
      }
    })
  }

  remove(id: string): Promise<void> {
    return this.#inTurn(() => this.#remove(id))
  }

  async start(): Promise<void> {
    const { database, secretBox, log, build } = this.#deps
    for (const record of await listCameras(database.reader)) {
      this.#live.set(record.id, build(record, openSource(secretBox, log, record)))
    }
    await Promise.all(this.all().map((camera) => camera.start()))
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      await Promise.all(this.all().map((camera) => camera.stop()))
      this.#live.clear()
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work)
    this.#tail = turn.catch(() => undefined)
    return turn
  }

  async #create(input: CreateCamera): Promise<Camera> {
    const { database, secretBox, clock, build } = this.#deps
    const { name, source, place = '', classes = [...DEFAULT_CLASSES] } = createCameraBody.parse(input)
    this.#refuseSameName(name, null)
    if (this.#live.size >= MOST_CAMERAS)
      throw new LaresError('conflict', `This box watches at most ${MOST_CAMERAS} cameras.`)
    const parsed = await parseAndCheck(source, null, this.#deps)
    this.#refuseSameFolder(parsed, null)
    const nowMs = clock.now()
    const id = newId(nowMs)
    const sealedCredentials = sealCredentials(secretBox, id, parsed.credentials)
    const record = {
      ...{ id, name, source: parsed.source, sealedCredentials, enabled: true, place },
      ...{ classes: [...new Set(classes)], createdAt: nowMs, updatedAt: nowMs },
    }
    // Built before it is stored: what cannot be built must not be there at the next start either.
    const camera = build(record, parsed)
    await insertCamera(database.writer, record)
    return this.#begin(camera)
  }

  async #change(id: string, input: ChangeCamera): Promise<Camera> {
    const { database, secretBox, clock, bus, build } = this.#deps
    const { name, source, enabled, place, classes } = changeCameraBody.parse(input)
    const old = this.get(id)
    const before = old.record()
    if (name !== undefined) this.#refuseSameName(name, id)
    const parsed = source === undefined ? old.parsed : await parseAndCheck(source, old.parsed, this.#deps)
    this.#refuseSameFolder(parsed, id)
    const record: CameraRecord = {
      ...{ id, createdAt: before.createdAt, updatedAt: clock.now(), name: name ?? before.name },
      ...{ source: parsed.source, sealedCredentials: sealCredentials(secretBox, id, parsed.credentials) },
      ...{ enabled: enabled ?? before.enabled, place: place ?? before.place },
      ...{ classes: classes ? [...new Set(classes)] : before.classes },
    }
    await updateCamera(database.writer, record)
    if (source !== undefined || record.enabled !== before.enabled) {
      await old.stop()
      return this.#begin(build(record, parsed))
    }
    old.relabel(record)
    bus.emit('camera.changed', old.describe())
    return old.describe()
  }

  async #begin(camera: LiveCamera): Promise<Camera> {
    this.#live.set(camera.record().id, camera)
    this.#deps.bus.emit('camera.changed', camera.describe())
    await camera.start()
    return camera.describe()
  }

  async #remove(id: string): Promise<void> {
    const camera = this.get(id)
    await deleteCamera(this.#deps.database.writer, id)
    this.#live.delete(id)
    await camera.stop()
    this.#deps.bus.emit('camera.removed', { id })
  }

  #refuseSameFolder({ source }: ParsedSource, exceptId: string | null): void {
    if (source.kind !== 'upload') return
    const others = this.all().filter((camera) => camera.record().id !== exceptId)
    if (!others.some(({ parsed }) => isFolderOf(parsed, source.folder))) return
    const words = `Another camera sends into the folder ${source.folder} already.`
    throw new LaresError('conflict', words, { details: { field: 'source' } })
  }

  #refuseSameName(name: string, exceptId: string | null): void {
    const others = this.all().filter((camera) => camera.record().id !== exceptId)
    if (!others.some((camera) => camera.record().name === name)) return
    throw new LaresError('conflict', `There is already a camera called ${name}.`, { details: { field: 'name' } })
  }
}

/** Names that differ only in spelling mean the same camera to whoever sends. */
export function isFolderOf({ source }: ParsedSource, folder: string): boolean {
  return source.kind === 'upload' && cameraNameOf(source.folder) === cameraNameOf(folder)
}

async function parseAndCheck(
  input: CameraSourceInput,
  stored: ParsedSource | null,
  deps: Pick<CameraListDeps, 'root'>,
): Promise<ParsedSource> {
  const parsed = parseSource(input, stored)
  await checkSource(parsed, deps)
  return parsed
}
