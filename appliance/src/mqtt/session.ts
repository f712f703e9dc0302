import type { Camera } from '../api/cameras.ts'
import type { MqttSettings } from '../api/channels.ts'
import type { Incident } from '../api/incidents.ts'
import type { Plug } from '../api/plugs.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Events } from '../events.ts'
import { Board } from './board.ts'
import { openConnection, type Connection } from './connection.ts'
import { cameraConfigs, modeConfig, nodeOf, plugConfigs, type DiscoveryConfig } from './discovery.ts'
import { createLamps, type Lamps } from './lamps.ts'
import { onOff, panelState, plugStates, readCommand, topicsUnder, type Command } from './topics.ts'
import type { MqttHome } from './types.ts'
import { ZonesTold } from './zones-told.ts'

export interface SessionDeps {
  clock: Clock
  log: Log
  bus: Bus<Events>
  home: MqttHome
  onProblem(words: string | null): void
}

const MOTION_STAYS_MS = 10_000
const PERSON_STAYS_MS = 30_000

/** The home at one broker, from the moment it is set up until it is set up otherwise. */
export class MqttSession {
  readonly connection: Connection
  readonly #deps: SessionDeps
  readonly #settings: MqttSettings
  readonly #topics: ReturnType<typeof topicsUnder>
  readonly #board = new Board()
  readonly #motion: Lamps
  readonly #person: Lamps
  readonly #zones: ZonesTold
  readonly #occupied = new Map<string, Set<string>>()
  #stopListening: (() => void)[] = []

  constructor(deps: SessionDeps, settings: MqttSettings, password: string | null) {
    this.#deps = deps
    this.#settings = settings
    this.#topics = topicsUnder(settings.prefix)
    const lamp = (what: 'motion' | 'person', stayMs: number): Lamps =>
      createLamps(deps.clock, stayMs, (id, on) => this.#board.set(this.#topics.camera(id)[what], onOff(on)))
    this.#motion = lamp('motion', MOTION_STAYS_MS)
    this.#person = lamp('person', PERSON_STAYS_MS)
    this.#zones = new ZonesTold({
      ...{ clock: deps.clock, board: this.#board, place: settings },
      zonesOf: (cameraId) => deps.home.zonesOf(cameraId),
      discoveryHome: () => this.#discoveryHome,
      announce: (configs) => this.#announce(configs),
    })
    this.connection = openConnection({
      ...{ settings, password, clientId: nodeOf(deps.home.id), clock: deps.clock },
      onProblem: (words) => deps.onProblem(words),
      onConnect: () => this.#arrived(),
      onMessage: (topic, payload, retained) => this.#heard(topic, payload, retained),
    })
  }

  /** Reads how everything is, and follows it from now on. */
  async start(): Promise<void> {
    const { bus, home } = this.#deps
    this.#stopListening = [
      bus.on('camera.changed', 'mqtt', (camera) => this.#camera(camera)),
      bus.on('camera.removed', 'mqtt', ({ id }) => this.#cameraRemoved(id)),
      bus.on('plug.changed', 'mqtt', (plug) => this.#plug(plug)),
      bus.on('plug.removed', 'mqtt', ({ id }) => this.#removed('plug', id)),
      bus.on('incident.changed', 'mqtt', ({ change, incident }) => this.#incident(change, incident)),
      home.onMotion(({ cameraId }) => this.#motion.see(cameraId)),
      home.onPerson(({ cameraId }) => this.#person.see(cameraId)),
      bus.on('camera.zones-changed', 'mqtt', ({ id }) => this.#zones.refresh(id)),
      home.onSeenInZones((seen) => this.#zones.see(seen)),
      home.mode.onChange(() => this.#mode()),
    ]
    const [cameras, plugs, occupied] = await Promise.all([home.cameras(), home.plugs(), home.camerasWithIncident()])
    for (const id of occupied) this.#occupied.set(id, new Set(['from before']))
    this.#board.set(this.#topics.status, 'online')
    this.#mode()
    for (const camera of cameras) this.#camera(camera)
    for (const plug of plugs) this.#plug(plug)
  }

  async stop(): Promise<void> {
    for (const stop of this.#stopListening) stop()
    this.#motion.stop()
    this.#person.stop()
    this.#zones.stop()
    this.#board.detach()
    await this.connection.close()
  }

  #arrived(): void {
    const { discoveryPrefix, allowControl } = this.#settings
    void this.#board.attach(this.connection)
    // What stands there of entities that are gone is taken away when the broker repeats it.
    const found = `${discoveryPrefix}/+/${nodeOf(this.#deps.home.id)}/+/config`
    this.connection.subscribe([found, ...(allowControl ? this.#topics.commands : [])])
  }

  #heard(topic: string, payload: string, retained: boolean): void {
    if (topic.startsWith(`${this.#settings.discoveryPrefix}/`)) {
      if (payload !== '' && !this.#board.has(topic)) this.#board.remove(topic)
      return
    }
    // Said once and kept by the broker, it would be done again at every connection.
    if (retained || !this.#settings.allowControl) return
    const command = readCommand(this.#settings.prefix, topic, payload)
    if (command) void this.#obey(command)
    else this.#deps.log.warn({ topic }, 'MQTT: a command that Lares does not know')
  }

  async #obey(command: Command): Promise<void> {
    const { home, log } = this.#deps
    log.info({ command }, 'MQTT: a command')
    try {
      if (command.what === 'mode') await home.mode.set(command.mode)
      else await home.switchPlug(command.id, command.on)
    } catch (error) {
      log.warn({ command, err: messageOf(error) }, 'MQTT: a command could not be done')
    }
    // Whoever asked shows what they asked for: this is how it is.
    this.#board.repeat(command.what === 'mode' ? this.#topics.mode : this.#topics.plug(command.id).state)
  }

  #announce(configs: readonly DiscoveryConfig[]): void {
    if (!this.#settings.discovery) return
    for (const { topic, payload } of configs) this.#board.set(topic, JSON.stringify(payload))
  }

  get #discoveryHome() {
    const { id, version, name, origin } = this.#deps.home
    return { id, version, name: name(), origin: origin() }
  }

  #mode(): void {
    const { mode, arming } = this.#deps.home.mode.get()
    this.#announce([modeConfig(this.#discoveryHome, this.#settings)])
    this.#board.set(this.#topics.mode, panelState(mode, arming))
  }

  #camera(camera: Camera): void {
    const topics = this.#topics.camera(camera.id)
    this.#announce(cameraConfigs(camera, this.#discoveryHome, this.#settings))
    this.#board.set(topics.connected, onOff(camera.state === 'live'))
    for (const topic of [topics.motion, topics.person])
      if (!this.#board.has(topic)) this.#board.set(topic, onOff(false))
    this.#board.set(topics.occupancy, onOff(this.#isOccupied(camera.id)))
    this.#zones.camera(camera)
  }

  #cameraRemoved(id: string): void {
    this.#motion.forget(id)
    this.#person.forget(id)
    this.#zones.forget(id)
    this.#occupied.delete(id)
    this.#removed('camera', id)
  }

  #plug(plug: Plug): void {
    this.#announce(plugConfigs(plug, this.#discoveryHome, this.#settings))
    for (const [topic, payload] of plugStates(plug, this.#topics.plug(plug.id))) this.#board.set(topic, payload)
  }

  #removed(kind: 'camera' | 'plug', id: string): void {
    const { prefix, discoveryPrefix } = this.#settings
    const node = nodeOf(this.#deps.home.id)
    for (const component of ['binary_sensor', 'sensor', 'switch'])
      this.#board.removeUnder(`${discoveryPrefix}/${component}/${node}/${id.replaceAll('-', '')}_`)
    this.#board.removeUnder(`${prefix}/${kind}/${id}/`)
  }

  #isOccupied(cameraId: string): boolean {
    return (this.#occupied.get(cameraId)?.size ?? 0) > 0
  }

  #incident(change: Events['incident.changed']['change'], incident: Incident): void {
    const { id, camera, state, openedAt, lastSeenAt, classes } = incident
    const open = this.#occupied.get(camera.id) ?? new Set()
    if (state === 'open') open.add(id)
    else if (!open.delete(id)) open.delete('from before')
    this.#occupied.set(camera.id, open)
    const { occupancy } = this.#topics.camera(camera.id)
    if (this.#board.has(occupancy)) this.#board.set(occupancy, onOff(open.size > 0))
    if (!this.connection.isOpen()) return
    const link = `${this.#deps.home.origin()}/incidents/${id}`
    const told = { id, change, state, camera: camera.name, cameraId: camera.id, openedAt, lastSeenAt, link }
    const payload = JSON.stringify({ ...told, classes: classes.map((each) => each.class) })
    // News, not a state: who is not there to hear it reads the incidents of the API.
    void this.connection.publish(this.#topics.incident, payload, { retain: false }).catch(() => undefined)
  }
}
