import type { GroupBody, PlugHome, SceneBody } from '../../api/plug-home.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { Events } from '../../events.ts'
import type { RequestContext } from '../../http/route.ts'
import type { Recorder } from '../recorder.ts'
import * as store from './arrangement-store.ts'

export interface ArrangementDeps {
  database: Database
  clock: Clock
  bus: Bus<Events>
  recorder: Recorder
  /** Throws `not-found`. */
  requirePlug(id: string): unknown
  /** A room is gone: whoever was in it is told. */
  onRoomRemoved(roomId: string): void
}

const MOST = 100

/** Rooms, groups and scenes. In memory as in the database; every change is told as the whole, which is small. */
export class Arrangement {
  readonly #deps: ArrangementDeps
  #home: PlugHome = { rooms: [], groups: [], scenes: [] }

  constructor(deps: ArrangementDeps) {
    this.#deps = deps
  }

  async load(): Promise<void> {
    this.#home = await store.readArrangement(this.#deps.database.reader)
  }

  get(): PlugHome {
    return this.#home
  }

  /** Throws `not-found`. */
  room(id: string): PlugHome['rooms'][number] {
    return required(this.#home.rooms, id, 'room')
  }

  group(id: string): PlugHome['groups'][number] {
    return required(this.#home.groups, id, 'group')
  }

  scene(id: string): PlugHome['scenes'][number] {
    return required(this.#home.scenes, id, 'scene')
  }

  addRoom(name: string, by: RequestContext): Promise<PlugHome> {
    refuseTooMany(this.#home.rooms)
    refuseTaken(this.#home.rooms, name, null)
    const room = { id: newId(this.#now()), name }
    return this.#change(by, `room:${room.id}`, 'made', (trx) => store.insertRoom(trx, room, this.#now()))
  }

  renameRoom(id: string, name: string, by: RequestContext): Promise<PlugHome> {
    this.room(id)
    refuseTaken(this.#home.rooms, name, id)
    return this.#change(by, `room:${id}`, 'renamed', (trx) => store.saveRoomName(trx, { id, name }, this.#now()))
  }

  /** Rooms that are not named keep their order behind those that are. */
  orderRooms(ids: readonly string[], by: RequestContext): Promise<PlugHome> {
    for (const id of ids) this.room(id)
    const rest = this.#home.rooms.map(({ id }) => id).filter((id) => !ids.includes(id))
    return this.#change(by, 'rooms', 'ordered', (trx) => store.saveRoomOrder(trx, [...ids, ...rest]))
  }

  async removeRoom(id: string, by: RequestContext): Promise<PlugHome> {
    this.room(id)
    const home = await this.#change(by, `room:${id}`, 'removed', (trx) => store.deleteRoom(trx, id))
    this.#deps.onRoomRemoved(id)
    return home
  }

  /** Makes one, or changes the one with that id. */
  saveGroup(id: string | null, body: GroupBody, by: RequestContext): Promise<PlugHome> {
    const { groups } = this.#home
    if (id === null) refuseTooMany(groups)
    else this.group(id)
    refuseTaken(groups, body.name, id)
    for (const plugId of body.plugIds) this.#deps.requirePlug(plugId)
    const group = { id: id ?? newId(this.#now()), ...body }
    const what = id === null ? 'made' : 'changed'
    return this.#change(by, `group:${group.id}`, what, (trx) => store.saveGroup(trx, group, this.#now()))
  }

  removeGroup(id: string, by: RequestContext): Promise<PlugHome> {
    this.group(id)
    return this.#change(by, `group:${id}`, 'removed', (trx) => store.deleteGroup(trx, id))
  }

  saveScene(id: string | null, body: SceneBody, by: RequestContext): Promise<PlugHome> {
    const { scenes } = this.#home
    if (id === null) refuseTooMany(scenes)
    else this.scene(id)
    refuseTaken(scenes, body.name, id)
    for (const { plugId } of body.steps) this.#deps.requirePlug(plugId)
    const scene = { id: id ?? newId(this.#now()), ...body }
    const what = id === null ? 'made' : 'changed'
    return this.#change(by, `scene:${scene.id}`, what, (trx) => store.saveScene(trx, scene, this.#now()))
  }

  removeScene(id: string, by: RequestContext): Promise<PlugHome> {
    this.scene(id)
    return this.#change(by, `scene:${id}`, 'removed', (trx) => store.deleteScene(trx, id))
  }

  /** After a plug was removed: the database has taken it out of groups and scenes. */
  async plugRemoved(): Promise<void> {
    await store.deleteEmpty(this.#deps.database.writer)
    await this.#reload()
  }

  async #change(
    by: RequestContext,
    resource: string,
    what: string,
    work: (trx: Trx) => Promise<void>,
  ): Promise<PlugHome> {
    const { database, recorder } = this.#deps
    await database.transaction(async (trx) => {
      await work(trx)
      await recorder.record(trx, by, { type: 'device_updated', resource, details: { what } })
    })
    return this.#reload()
  }

  async #reload(): Promise<PlugHome> {
    // The writer, not a reader: what was just written must be seen.
    this.#home = await store.readArrangement(this.#deps.database.writer)
    this.#deps.bus.emit('plug-home.changed', this.#home)
    return this.#home
  }

  #now(): number {
    return this.#deps.clock.now()
  }
}

function required<T extends { id: string }>(list: readonly T[], id: string, what: string): T {
  const found = list.find((each) => each.id === id)
  if (!found) throw new LaresError('not-found', `There is no such ${what}.`)
  return found
}

function refuseTooMany(list: readonly unknown[]): void {
  if (list.length >= MOST) throw new LaresError('conflict', `There are ${MOST} already, which is the most.`)
}

function refuseTaken(list: readonly { id: string; name: string }[], name: string, own: string | null): void {
  const same = (other: string): boolean => other.toLocaleLowerCase() === name.toLocaleLowerCase()
  if (list.some((each) => each.id !== own && same(each.name)))
    throw new LaresError('conflict', `There is one called ${name} already.`, {
      code: 'NAME_TAKEN',
      details: { name: 'Choose another name.' },
    })
}
