import type { Camera } from '../api/cameras.ts'
import type { MqttSettings } from '../api/channels.ts'
import type { Plug } from '../api/plugs.ts'
import { ANY_CLASS, topicsUnder } from './topics.ts'

/** What Home Assistant is told of one entity, and where: `<discoveryPrefix>/<component>/<node>/<object>/config`. */
export interface DiscoveryConfig {
  topic: string
  payload: Record<string, unknown>
}

export interface DiscoveryHome {
  id: string
  name: string
  origin: string
  version: string
}

export type Place = Pick<MqttSettings, 'prefix' | 'discoveryPrefix' | 'allowControl'>

export const nodeOf = (homeId: string): string => `lares_${homeId}`
const flat = (id: string): string => id.replaceAll('-', '')

interface Entity {
  component: string
  object: string
  of: Record<string, unknown>
}

function configOf(home: DiscoveryHome, place: Place, device: Record<string, unknown>, entity: Entity): DiscoveryConfig {
  const node = nodeOf(home.id)
  const topics = topicsUnder(place.prefix)
  return {
    topic: `${place.discoveryPrefix}/${entity.component}/${node}/${entity.object}/config`,
    payload: {
      ...{ unique_id: `${node}_${entity.object}`, availability_topic: topics.status },
      ...{ origin: { name: 'Lares', sw_version: home.version, support_url: home.origin }, device },
      ...entity.of,
    },
  }
}

const boxDevice = (home: DiscoveryHome) => ({
  ...{ identifiers: [nodeOf(home.id)], name: `Lares · ${home.name}`, manufacturer: 'Lares', model: 'Guardian' },
  ...{ sw_version: home.version, configuration_url: home.origin },
})

/** The alarm panel: commands only where they are allowed. */
export function modeConfig(home: DiscoveryHome, place: Place): DiscoveryConfig {
  const topics = topicsUnder(place.prefix)
  return configOf(home, place, boxDevice(home), {
    ...{ component: 'alarm_control_panel', object: 'mode' },
    of: {
      ...{ name: 'Mode', icon: 'mdi:shield-home', state_topic: topics.mode, command_topic: topics.modeSet },
      ...{ payload_arm_home: 'ARM_HOME', payload_arm_away: 'ARM_AWAY', payload_arm_night: 'ARM_NIGHT' },
      payload_disarm: 'DISARM',
      ...{ code_arm_required: false, code_disarm_required: false, code_trigger_required: false },
      supported_features: place.allowControl ? ['arm_home', 'arm_away', 'arm_night'] : [],
    },
  })
}

const cameraDevice = (camera: Pick<Camera, 'id' | 'name'>, home: DiscoveryHome) => ({
  ...{ identifiers: [`${nodeOf(home.id)}_${flat(camera.id)}`], name: camera.name, manufacturer: 'Lares' },
  ...{ model: 'Camera', via_device: nodeOf(home.id), configuration_url: `${home.origin}/cameras/${camera.id}` },
})

/** Whether a class, or any, is in a zone of the camera. */
export function zoneConfigs(
  camera: Pick<Camera, 'id' | 'name'>,
  zone: { id: string; name: string; classes: readonly string[] },
  home: DiscoveryHome,
  place: Place,
): DiscoveryConfig[] {
  const topics = topicsUnder(place.prefix).camera(camera.id)
  return zone.classes.map((what) =>
    configOf(home, place, cameraDevice(camera, home), {
      ...{ component: 'binary_sensor', object: `${flat(camera.id)}_${flat(zone.id)}_${what}` },
      of: {
        name: what === ANY_CLASS ? zone.name : `${zone.name}: ${what}`,
        ...{ device_class: 'occupancy', state_topic: topics.zone(zone.id, what) },
      },
    }),
  )
}

export function cameraConfigs(
  camera: Pick<Camera, 'id' | 'name'>,
  home: DiscoveryHome,
  place: Place,
): DiscoveryConfig[] {
  const topics = topicsUnder(place.prefix).camera(camera.id)
  const device = cameraDevice(camera, home)
  const sensor = (what: 'motion' | 'person' | 'occupancy', name: string, deviceClass: string): DiscoveryConfig =>
    configOf(home, place, device, {
      ...{ component: 'binary_sensor', object: `${flat(camera.id)}_${what}` },
      of: { name, device_class: deviceClass, state_topic: topics[what] },
    })
  return [
    sensor('motion', 'Motion', 'motion'),
    sensor('person', 'Person', 'occupancy'),
    sensor('occupancy', 'Incident', 'occupancy'),
    configOf(home, place, device, {
      ...{ component: 'binary_sensor', object: `${flat(camera.id)}_connected` },
      of: {
        name: 'Connected',
        device_class: 'connectivity',
        state_topic: topics.connected,
        entity_category: 'diagnostic',
      },
    }),
  ]
}

export function plugConfigs(plug: Plug, home: DiscoveryHome, place: Place): DiscoveryConfig[] {
  const topics = topicsUnder(place.prefix).plug(plug.id)
  const device = {
    ...{ identifiers: [`${nodeOf(home.id)}_${flat(plug.id)}`], name: plug.name, manufacturer: 'TP-Link' },
    ...{ model: plug.model, via_device: nodeOf(home.id), configuration_url: `${home.origin}/plugs` },
  }
  const reached = {
    availability: [{ topic: topicsUnder(place.prefix).status }, { topic: topics.available }],
    ...{ availability_mode: 'all', availability_topic: undefined },
  }
  const entity = (component: string, object: string, of: Record<string, unknown>): DiscoveryConfig =>
    configOf(home, place, device, { component, object: `${flat(plug.id)}_${object}`, of: { ...reached, ...of } })
  // Without leave to switch there is no switch, only what it shows.
  const outlet = place.allowControl
    ? entity('switch', 'outlet', {
        ...{ name: null, device_class: 'outlet' },
        ...{ state_topic: topics.state, command_topic: topics.set },
      })
    : entity('binary_sensor', 'outlet', { name: null, device_class: 'power', state_topic: topics.state })
  if (!plug.can.includes('meter')) return [outlet]
  const sensor = (object: 'power' | 'energy', name: string, unit: string, stateClass: string): DiscoveryConfig =>
    entity('sensor', object, {
      ...{
        name,
        device_class: object,
        unit_of_measurement: unit,
        state_class: stateClass,
        state_topic: topics[object],
      },
    })
  return [outlet, sensor('power', 'Power', 'W', 'measurement'), sensor('energy', 'Energy', 'kWh', 'total_increasing')]
}
