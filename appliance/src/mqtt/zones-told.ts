import type { Camera } from '../api/cameras.ts'
import type { Clock } from '../core/clock.ts'
import type { Board } from './board.ts'
import { nodeOf, zoneConfigs, type DiscoveryConfig, type DiscoveryHome, type Place } from './discovery.ts'
import { ANY_CLASS, onOff, topicsUnder } from './topics.ts'
import type { MqttHome, SeenInZones } from './types.ts'
import { ZoneOccupancy } from './zone-occupancy.ts'

const LOOK_EVERY_MS = 30_000

export interface ZonesToldDeps {
  clock: Clock
  board: Board
  place: Place
  zonesOf: MqttHome['zonesOf']
  discoveryHome(): DiscoveryHome
  announce(configs: readonly DiscoveryConfig[]): void
}

/** For each zone, and each class that matters to its camera: whether such a one is in it. */
export class ZonesTold {
  readonly #deps: ZonesToldDeps
  readonly #occupancy = new ZoneOccupancy()
  readonly #cameras = new Map<string, Camera>()
  /** Zones that stand at the broker, by camera. */
  readonly #told = new Map<string, ReadonlySet<string>>()
  #cancelLook: () => void

  constructor(deps: ZonesToldDeps) {
    this.#deps = deps
    this.#cancelLook = deps.clock.after(LOOK_EVERY_MS, () => this.#look())
  }

  stop(): void {
    this.#cancelLook()
  }

  /** The camera is new, or something about it changed. One that is not live shows nobody. */
  camera(camera: Camera): void {
    this.#cameras.set(camera.id, camera)
    if (camera.state !== 'live') this.#occupancy.forget(camera.id)
    this.refresh(camera.id)
  }

  forget(cameraId: string): void {
    this.#cameras.delete(cameraId)
    this.#told.delete(cameraId)
    this.#occupancy.forget(cameraId)
  }

  see(seen: SeenInZones): void {
    this.#occupancy.see(seen)
    this.#tell(seen.cameraId)
  }

  /** Zones were drawn, renamed or taken away, or the camera was. */
  refresh(cameraId: string): void {
    const { place, zonesOf, discoveryHome, announce } = this.#deps
    const camera = this.#cameras.get(cameraId)
    if (!camera) return
    const zones = zonesOf(cameraId)
    const wanted = new Set(zones.flatMap(({ id }) => this.#shown(camera).map((what) => `${id} ${what}`)))
    for (const gone of this.#told.get(cameraId) ?? []) if (!wanted.has(gone)) this.#remove(cameraId, gone)
    this.#told.set(cameraId, wanted)
    for (const zone of zones)
      announce(zoneConfigs(camera, { ...zone, classes: this.#shown(camera) }, discoveryHome(), place))
    this.#tell(cameraId)
  }

  #shown({ classes }: Camera): string[] {
    return [ANY_CLASS, ...classes]
  }

  #tell(cameraId: string): void {
    const { board, clock, place, zonesOf } = this.#deps
    const camera = this.#cameras.get(cameraId)
    if (!camera) return
    const topics = topicsUnder(place.prefix).camera(cameraId)
    for (const { id } of zonesOf(cameraId)) {
      const there = this.#occupancy.classesIn(cameraId, id, clock.now())
      const isAny = camera.classes.some((what) => there.has(what))
      for (const what of this.#shown(camera))
        board.set(topics.zone(id, what), onOff(what === ANY_CLASS ? isAny : there.has(what)))
    }
  }

  #remove(cameraId: string, told: string): void {
    const { board, place, discoveryHome } = this.#deps
    const [zoneId = '', what = ''] = told.split(' ')
    const node = nodeOf(discoveryHome().id)
    const object = `${cameraId}_${zoneId}_${what}`.replaceAll('-', '')
    board.remove(`${place.discoveryPrefix}/binary_sensor/${node}/${object}/config`)
    board.remove(topicsUnder(place.prefix).camera(cameraId).zone(zoneId, what))
  }

  /** Who was lost sight of is in no zone any more. */
  #look(): void {
    for (const cameraId of this.#occupancy.cameras()) this.#tell(cameraId)
    this.#cancelLook = this.#deps.clock.after(LOOK_EVERY_MS, () => this.#look())
  }
}
