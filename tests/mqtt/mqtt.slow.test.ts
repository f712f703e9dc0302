import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { MqttSettings } from '../../appliance/src/api/channels.ts'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { createBus, type Bus } from '../../appliance/src/core/bus.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createMqtt, type ArmMode, type Mqtt, type SeenInZones } from '../../appliance/src/mqtt/index.ts'
import { personAtFrontDoor, until } from '../alerts/harness.ts'
import { LOGIN, noMosquitto, startBroker, type Broker } from '../fakes/mosquitto.ts'
import { shownPlug } from '../fakes/shown-plug.ts'

const camera: Camera = {
  ...{ id: newId(1), name: 'Yard', enabled: true, classes: ['person'], state: 'live', problem: null, picture: null },
  ...{
    source: { kind: 'rtsp', address: 'rtsp://x', hasPassword: false },
    streams: null,
    lastFrameAt: 1,
    createdAt: 1,
    place: '',
  },
}
const lamp: Plug = shownPlug({
  ...{ id: newId(2), on: false },
  reading: { at: 1, powerMw: 0, voltageMv: null, currentMa: null, totalWh: 100 },
})
const NODE = 'lares_home1'
const configOf = (component: string, object: string): string => `homeassistant/${component}/${NODE}/${object}/config`
const flat = (id: string): string => id.replaceAll('-', '')

/** A home of plain objects behind the real part and a real broker. */
function makeHome(broker: Broker, change: Partial<MqttSettings> = {}) {
  const bus: Bus<Events> = createBus<Events>(silentLog())
  const notices = new Map<string, string>()
  const done: string[] = []
  const listeners = {
    motion: new Set<(seen: { cameraId: string; at: number }) => void>(),
    setup: new Set<() => void>(),
    zones: new Set<(seen: SeenInZones) => void>(),
  }
  let mode: ArmMode = 'home'
  const modeListeners = new Set<() => void>()
  const known = { cameras: [camera], plugs: [lamp], zones: [{ id: newId(7), name: 'Drive' }] }
  const setup: { settings: MqttSettings; password: string | null } = {
    settings: {
      ...{ url: broker.url, username: LOGIN.username, prefix: 'lares', discovery: true },
      ...{ discoveryPrefix: 'homeassistant', allowControl: true, ca: broker.rootPem },
      ...change,
    },
    password: LOGIN.password,
  }
  const listen = <T>(set: Set<T>, listener: T): (() => void) => {
    set.add(listener)
    return () => void set.delete(listener)
  }
  const mqtt: Mqtt = createMqtt({
    ...{ clock: systemClock, log: silentLog(), bus },
    notices: { raise: ({ id, detail }) => void notices.set(id, detail), clear: (id) => void notices.delete(id) },
    setup: { get: () => setup, onChange: (listener) => listen(listeners.setup, listener) },
    home: {
      ...{ id: 'home1', version: '1.0.0', name: () => 'Home', origin: () => 'https://lares.local:8443' },
      cameras: async () => known.cameras,
      plugs: async () => known.plugs,
      camerasWithIncident: async () => [],
      async switchPlug(id, on) {
        done.push(`${id} ${String(on)}`)
        bus.emit('plug.changed', { ...lamp, on })
      },
      onMotion: (listener) => listen(listeners.motion, listener),
      onPerson: () => () => undefined,
      onSeenInZones: (listener) => listen(listeners.zones, listener),
      zonesOf: (id) => (id === camera.id ? known.zones : []),
      mode: {
        get: () => ({ mode, arming: false }),
        async set(next) {
          done.push(next)
          mode = next
          for (const listener of modeListeners) listener()
        },
        onChange: (listener) => listen(modeListeners, listener),
      },
    },
  })
  const move = (cameraId: string): void => {
    for (const listener of listeners.motion) listener({ cameraId, at: 1 })
  }
  const seeInZones = (seen: Omit<SeenInZones, 'cameraId' | 'at'>): void => {
    for (const listener of listeners.zones) listener({ cameraId: camera.id, at: Date.now(), ...seen })
  }
  const changeSetup = (next: Partial<MqttSettings>, password = setup.password): void => {
    Object.assign(setup, { settings: { ...setup.settings, ...next }, password })
    for (const listener of listeners.setup) listener()
  }
  return { mqtt, bus, notices, done, known, move, seeInZones, changeSetup }
}

// eslint-disable-next-line max-lines-per-function -- one broker and one home, told as one story
describe('MQTT at a real broker', { skip: noMosquitto(), timeout: 120_000 }, () => {
  let broker: Broker
  let home: ReturnType<typeof makeHome>
  const last = (topic: string): string | undefined => broker.heard.get(topic)?.at(-1)
  const hears = (topic: string, payload: string): Promise<void> =>
    until(`${topic} is ${payload}, not ${String(last(topic))}`, () => last(topic) === payload, 15_000)

  /** The new session has said its states and heard of its commands: the broker has taken what was said after that. */
  const setUpAgain = async (change: Partial<MqttSettings>): Promise<void> => {
    home.changeSetup(change)
    const { signal } = new AbortController()
    const isBack = () =>
      home.mqtt.publish('alert', 'back', signal).then(
        () => true,
        () => false,
      )
    await until('it is back', isBack, 30_000)
  }

  before(async () => {
    broker = await startBroker()
    home = makeHome(broker)
    await home.mqtt.start()
  })
  after(async () => {
    await home?.mqtt.stop()
    await broker?.stop()
  })

  test('the home is found by itself: mode, cameras, plugs, each with its state', async () => {
    await hears('lares/status', 'online')
    await hears('lares/mode', 'armed_home')
    await hears(`lares/camera/${camera.id}/connected`, 'ON')
    await hears(`lares/camera/${camera.id}/motion`, 'OFF')
    await hears(`lares/plug/${lamp.id}/state`, 'OFF')
    await hears(`lares/plug/${lamp.id}/available`, 'online')
    for (const [component, object] of [
      ['alarm_control_panel', 'mode'],
      ['binary_sensor', `${flat(camera.id)}_motion`],
      ['switch', `${flat(lamp.id)}_outlet`],
      ['sensor', `${flat(lamp.id)}_energy`],
    ] as const)
      await until(`${component} is announced`, () => last(configOf(component, object)) !== undefined)
    assert.equal(home.mqtt.state(), 'Connected')
  })

  test('motion, a person and an incident are told, the incident with its words', async () => {
    home.move(camera.id)
    await hears(`lares/camera/${camera.id}/motion`, 'ON')
    const incident = { ...personAtFrontDoor(1), camera: { id: camera.id, name: 'Yard' } }
    home.bus.emit('incident.changed', { change: 'opened', incident })
    await hears(`lares/camera/${camera.id}/occupancy`, 'ON')
    await until('it is told', () => last('lares/incident') !== undefined)
    const told = JSON.parse(last('lares/incident') ?? '') as { classes: string[]; link: string }
    assert.deepEqual(told.classes, ['person'])
    assert.equal(told.link, `https://lares.local:8443/incidents/${incident.id}`)
    home.bus.emit('incident.changed', { change: 'closed', incident: { ...incident, state: 'closed' } })
    await hears(`lares/camera/${camera.id}/occupancy`, 'OFF')
  })

  test('each zone says which class is in it, follows who comes and goes, and is taken away with the zone', async () => {
    const [drive] = home.known.zones
    assert.ok(drive)
    const topic = (what: string, zone = drive): string => `lares/camera/${camera.id}/zone/${zone.id}/${what}`
    const config = (what: string, zone = drive): string =>
      configOf('binary_sensor', `${flat(camera.id)}_${flat(zone.id)}_${what}`)
    await hears(topic('person'), 'OFF')
    await until('it is announced', () => last(config('person')) !== undefined)
    const said = JSON.parse(last(config('person')) ?? '') as Record<string, unknown>
    assert.deepEqual(
      [said['name'], said['device_class'], said['state_topic']],
      ['Drive: person', 'occupancy', topic('person')],
    )
    home.seeInZones({
      tracks: [
        { id: 'a', class: 'person', zones: [drive.id] },
        { id: 'b', class: 'cat', zones: [drive.id] },
      ],
      ended: [],
    })
    await hears(topic('person'), 'ON')
    await hears(topic('any'), 'ON')
    assert.equal(last(topic('cat')), undefined, 'a class that does not matter to the camera has no entity')
    // Out of the zone, but still in the picture; then the cat alone is no matter either.
    home.seeInZones({ tracks: [{ id: 'a', class: 'person', zones: [] }], ended: [] })
    await hears(topic('person'), 'OFF')
    await hears(topic('any'), 'OFF')
    home.seeInZones({ tracks: [{ id: 'a', class: 'person', zones: [drive.id] }], ended: ['b'] })
    await hears(topic('person'), 'ON')
    home.seeInZones({ tracks: [], ended: ['a'] })
    await hears(topic('person'), 'OFF')
    home.seeInZones({ tracks: [{ id: 'c', class: 'person', zones: [drive.id] }], ended: [] })
    await hears(topic('person'), 'ON')
    home.bus.emit('camera.changed', { ...camera, state: 'stalled' })
    await hears(topic('person'), 'OFF')
    const garden = { id: newId(8), name: 'Garden' }
    home.known.zones = [garden]
    home.bus.emit('camera.changed', camera)
    home.bus.emit('camera.zones-changed', { id: camera.id, masksChanged: false })
    await hears(topic('person', garden), 'OFF')
    await hears(config('person'), '')
    await hears(topic('any'), '')
  })

  test('commands switch plugs and the mode; what is no command does nothing', async () => {
    await broker.publish(`lares/plug/${lamp.id}/set`, 'maybe')
    await broker.publish(`lares/plug/${lamp.id}/set`, 'ON')
    await hears(`lares/plug/${lamp.id}/state`, 'ON')
    await broker.publish('lares/mode/set', 'ARM_NIGHT')
    await hears('lares/mode', 'armed_night')
    assert.deepEqual(home.done, [`${lamp.id} true`, 'night'])
  })

  test('a command that the broker keeps is not done again at each connection', async () => {
    const before = home.done.length
    await broker.publish(`lares/plug/${lamp.id}/set`, 'OFF', true)
    // To those who are connected it is new.
    await until('it is done once', () => home.done.length === before + 1)
    await setUpAgain({})
    await broker.publish('lares/mode/set', 'ARM_HOME')
    await until('the next command is done', () => home.done.includes('home'), 15_000)
    assert.equal(home.done.length, before + 2)
    await broker.publish(`lares/plug/${lamp.id}/set`, '', true)
  })

  test('what is gone is taken away, also what an earlier life announced', async () => {
    const stale = configOf('switch', `${'0'.repeat(32)}_outlet`)
    await broker.publish(stale, '{"name":"Old plug"}', true)
    await setUpAgain({})
    await hears(stale, '')
    home.known.plugs = []
    home.bus.emit('plug.removed', { id: lamp.id })
    await hears(configOf('switch', `${flat(lamp.id)}_outlet`), '')
    await hears(`lares/plug/${lamp.id}/state`, '')
    home.known.plugs = [lamp]
    home.bus.emit('plug.changed', lamp)
  })

  test('without leave to control, commands do nothing and no switch is announced', async () => {
    await setUpAgain({ allowControl: false })
    await hears(configOf('switch', `${flat(lamp.id)}_outlet`), '')
    await until('a sensor takes its place', () => Boolean(last(configOf('binary_sensor', `${flat(lamp.id)}_outlet`))))
    const before = home.done.length
    for (const [what, payload] of [
      ['plug/x', 'ON'],
      [`plug/${lamp.id}`, 'ON'],
      ['mode', 'DISARM'],
    ] as const)
      await broker.publish(`lares/${what}/set`, payload)
    await home.mqtt.publish('alert', '{}', new AbortController().signal)
    await hears('lares/alert', '{}')
    assert.equal(home.done.length, before)
    await setUpAgain({ allowControl: true })
  })

  test('a broker that lost power is found again, and knows what is so now', async () => {
    await until('it is connected', () => home.mqtt.state() === 'Connected', 15_000)
    await broker.kill()
    await until('it is noticed', () => home.mqtt.state() !== 'Connected', 15_000)
    await assert.rejects(home.mqtt.publish('alert', '{}', new AbortController().signal), /broker/)
    home.bus.emit('plug.changed', { ...lamp, on: true })
    broker.heard.clear()
    await broker.start()
    await hears('lares/status', 'online')
    await hears(`lares/plug/${lamp.id}/state`, 'ON')
  })

  test('a wrong password is said in words', async () => {
    home.changeSetup({}, 'wrong')
    await until('it is said', () => /name and password/.test(home.mqtt.state() ?? ''), 15_000)
    home.changeSetup({}, LOGIN.password)
    await until('it is connected', () => home.mqtt.state() === 'Connected', 15_000)
  })

  test('whoever leaves says so', async () => {
    await home.mqtt.stop()
    await hears('lares/status', 'offline')
  })
})
