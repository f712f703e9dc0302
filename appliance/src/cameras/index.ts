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
import { LaresError, messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Database } from '../db/index.ts'
import type { Events } from '../events.ts'
import type { Frame, Media } from '../media/index.ts'
import { checkFile } from './file-source.ts'
import { createLiveCamera, type LiveCamera } from './live-camera.ts'
import { cameraRoutes } from './routes.ts'
import { parseSource, toStreamSource, type Credentials, type ParsedSource } from './source.ts'
import { createStills } from './stills.ts'
import { deleteCamera, insertCamera, listCameras, updateCamera, type CameraRecord } from './store.ts'
import { trySource } from './try-source.ts'
import type { Cameras } from './types.ts'

export type { Cameras } from './types.ts'

/** What opens an incident unless the owner says otherwise: people, vehicles and dogs, but not every bird and cat. */
export const DEFAULT_CLASSES: readonly ObjectClass[] = ['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'dog']
const MOST_CAMERAS = 64
const MOST_TESTS_AT_ONCE = 2
const FRESH_FRAME_MS = 10_000

export interface CamerasDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  bus: Bus<Events>
  notices: NoticeBoard
  media: Media
}

export function createCameras(deps: CamerasDeps): Cameras {
  const { database, secretBox, clock, log, bus, media } = deps
  const live = new Map<string, LiveCamera>()
  const listeners = new Set<(frame: Frame) => void>()
  const stills = createStills(clock, media.encodeJpeg)
  let testsRunning = 0
  /** Changes run one after another, so that two of them never fight over one stream. */
  let changes: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = changes.then(work)
    changes = turn.catch(() => undefined)
    return turn
  }

  function onFrame(frame: Frame): void {
    for (const listener of listeners) {
      try {
        listener(frame)
      } catch (error) {
        log.error({ err: messageOf(error) }, 'A frame listener failed')
      }
    }
  }

  const build = (record: CameraRecord, parsed: ParsedSource): LiveCamera =>
    createLiveCamera({ ...deps, onFrame, onChanged: (camera) => bus.emit('camera.changed', camera) }, record, parsed)

  const context = (id: string): string => `camera:${id}`
  const seal = (id: string, credentials: Credentials | null): string | null =>
    credentials && secretBox.seal(JSON.stringify(credentials), context(id))

  function open(record: CameraRecord): ParsedSource {
    const sealed = record.sealedCredentials
    try {
      const credentials = sealed && (JSON.parse(secretBox.open(sealed, context(record.id))) as Credentials)
      return { source: record.source, credentials: credentials || null }
    } catch (error) {
      // The camera then says `wrong password`, and typing it again repairs it; the other cameras go on.
      log.error({ camera: record.name, err: messageOf(error) }, 'The password of a camera cannot be read')
      return { source: record.source, credentials: null }
    }
  }

  function mustGet(id: string): LiveCamera {
    const camera = live.get(id)
    if (!camera) throw new LaresError('not-found', 'There is no such camera.')
    return camera
  }

  function refuseSameName(name: string, exceptId: string | null): void {
    const twin = [...live.values()].find((camera) => camera.record().id !== exceptId && camera.record().name === name)
    if (twin)
      throw new LaresError('conflict', `There is already a camera called ${name}.`, { details: { field: 'name' } })
  }

  async function checked(input: CameraSourceInput, stored: ParsedSource | null): Promise<ParsedSource> {
    const parsed = parseSource(input, stored)
    if (parsed.source.kind === 'file') await checkFile(parsed.source.path)
    return parsed
  }

  async function create(input: CreateCamera): Promise<Camera> {
    const { name, source, classes = [...DEFAULT_CLASSES] } = createCameraBody.parse(input)
    refuseSameName(name, null)
    if (live.size >= MOST_CAMERAS) throw new LaresError('conflict', `This box watches at most ${MOST_CAMERAS} cameras.`)
    const parsed = await checked(source, null)
    const [id, nowMs] = [newId(clock.now()), clock.now()]
    const record = {
      ...{ id, name, source: parsed.source, sealedCredentials: seal(id, parsed.credentials), enabled: true },
      ...{ classes: [...new Set(classes)], createdAt: nowMs, updatedAt: nowMs },
    }
    await insertCamera(database.writer, record)
    const camera = build(record, parsed)
    live.set(id, camera)
    bus.emit('camera.changed', camera.describe())
    await camera.start()
    return camera.describe()
  }

  async function change(id: string, input: ChangeCamera): Promise<Camera> {
    const { name, source, enabled, classes } = changeCameraBody.parse(input)
    const old = mustGet(id)
    const before = old.record()
    if (name !== undefined) refuseSameName(name, id)
    const parsed = source === undefined ? old.parsed : await checked(source, old.parsed)
    const record: CameraRecord = {
      ...{ id, name: name ?? before.name, source: parsed.source, sealedCredentials: seal(id, parsed.credentials) },
      ...{ enabled: enabled ?? before.enabled, classes: classes ? [...new Set(classes)] : before.classes },
      ...{ createdAt: before.createdAt, updatedAt: clock.now() },
    }
    await updateCamera(database.writer, record)
    const sameStream = source === undefined && record.enabled === before.enabled
    if (sameStream) old.relabel(record)
    else await replace(old, build(record, parsed))
    bus.emit('camera.changed', mustGet(id).describe())
    return mustGet(id).describe()
  }

  async function replace(old: LiveCamera, camera: LiveCamera): Promise<void> {
    await old.stop()
    live.set(camera.record().id, camera)
    await camera.start()
  }

  async function remove(id: string): Promise<void> {
    const camera = mustGet(id)
    await deleteCamera(database.writer, id)
    live.delete(id)
    await camera.stop()
    stills.forget(id)
    bus.emit('camera.removed', { id })
  }

  async function test(input: CameraSourceInput, signal: AbortSignal) {
    const source = toStreamSource(parseSource(input))
    if (testsRunning >= MOST_TESTS_AT_ONCE) {
      throw new LaresError('too-many', 'Two cameras are being tried already. Wait a moment.', { retryAfterS: 5 })
    }
    testsRunning++
    try {
      return await trySource(source, { ffmpeg: media.ffmpeg, clock, log }, signal)
    } finally {
      testsRunning--
    }
  }

  function latestFrame(id: string): Frame | null {
    const latest = live.get(id)?.latest() ?? null
    return latest && latest.ageMs <= FRESH_FRAME_MS ? latest.frame : null
  }

  async function still(id: string): Promise<Buffer> {
    const { name } = mustGet(id).record()
    const frame = latestFrame(id)
    if (!frame)
      throw new LaresError('unavailable', `${name} sends no pictures right now.`, {
        code: 'NO_PICTURE',
        retryAfterS: 5,
      })
    return stills.encode(frame)
  }

  const cameras: Omit<Cameras, 'routes'> = {
    name: 'cameras',
    list: async () => [...live.values()].map((camera) => camera.describe()),
    get: async (id) => mustGet(id).describe(),
    peek: (id) => live.get(id)?.describe() ?? null,
    create: (input) => inTurn(() => create(input)),
    change: (id, input) => inTurn(() => change(id, input)),
    remove: (id) => inTurn(() => remove(id)),
    test,
    onFrame(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    latestFrame,
    async start() {
      for (const record of await listCameras(database.reader)) live.set(record.id, build(record, open(record)))
      await Promise.all([...live.values()].map((camera) => camera.start()))
    },
    async stop() {
      await inTurn(() => Promise.all([...live.values()].map((camera) => camera.stop())))
      live.clear()
    },
  }
  return { ...cameras, routes: cameraRoutes(cameras, still) }
}
