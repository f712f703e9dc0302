import type { Accounts } from '../accounts/index.ts'
import { createAlertRules, createAlerts, createOwnHealth, type Alerts } from '../alerts/index.ts'
import type { Bus } from '../core/bus.ts'
import { deriveKey, sha256Hex } from '../core/crypto.ts'
import { VERSION } from '../core/version.ts'
import type { Events } from '../events.ts'
import type { Modes } from '../modes/index.ts'
import { createMqtt, type ModePort, type Mqtt, type SeenInZones } from '../mqtt/index.ts'
import type { Plugs } from '../plugs/index.ts'
import { homeName } from '../settings/index.ts'
import type { Tls } from '../tls/index.ts'
import type { Observation, ZoneVisit } from '../vision/index.ts'
import type { Ground } from './ground.ts'
import type { Sight } from './sight.ts'
import { recordChange } from './record-change.ts'

/** Visits that go on; a way across a line is none. */
function seenInZones({ cameraId, at, tracks, ended }: Observation): SeenInZones {
  const isGoingOn = (visit: ZoneVisit): boolean => visit.what === 'stay' && visit.leftAt === null
  const zonesOf = (visits: readonly ZoneVisit[]): string[] => visits.filter(isGoingOn).map(({ zone }) => zone.id)
  return {
    cameraId,
    at,
    ended,
    tracks: tracks.map(({ id, class: what, visits }) => ({ id, class: what, zones: zonesOf(visits) })),
  }
}

/** The mode as an alarm panel of Home Assistant. */
function modePort(modes: Modes, bus: Bus<Events>): ModePort {
  return {
    get: () => ({ mode: modes.state().mode, arming: modes.state().next?.mode === 'away' }),
    set: (mode) => modes.set(mode, 'MQTT'),
    onChange: (listener) => bus.on('mode.changed', 'mqtt', listener),
  }
}

/** Everything that telling people stands on. */
interface Telling extends Sight {
  plugs: Plugs
  accounts: Accounts
  modes: Modes
}

/** What is told, by all ways out of the box; MQTT is one of them and stands by itself. */
export function composeAlerts(
  ground: Ground,
  { plugs, accounts, modes, ...sight }: Telling,
): { alerts: Alerts; mqtt: Mqtt } {
  const { config, home, clock, log, bus, notices, audit, signer, ports } = ground
  const origin = (): string => `https://${config.name}.local:${ports().httpsPort}`
  const alerts = createAlerts({
    ...{ ...home, clock, log, bus, notices, accounts, pushCa: config.pushCa, origin },
    signPath: (path, ttlMs) => signer.sign(path, ttlMs),
    picture: (id) => sight.incidents.picture(id),
    async unreviewed(userId) {
      const { reader } = home.database
      const seen = await accounts.sightOf(reader, userId, 'incidents.view')
      return seen && sight.incidents.countUnreviewed(reader, seen.cameras)
    },
    acts: {
      markExpected: (id, userId) => sight.incidents.markExpected(id, userId),
      switchOn: async (id) => (await plugs.switch(id, true)).name,
    },
    mqtt: {
      publish: (topic, payload, signal) => mqtt.publish(topic, payload, signal),
      state: () => mqtt.state(),
    },
    recordChange: (trx, what, request) => recordChange(audit, trx, what, request),
  })
  const mqtt = createMqtt({
    ...{ clock, log, bus, notices, setup: alerts.mqttSetup },
    home: {
      ...{ origin, version: VERSION, mode: modePort(modes, bus), name: () => home.settings.get(homeName) },
      id: sha256Hex(deriveKey(home.masterKey, 'mqtt id')).slice(0, 12),
      cameras: () => sight.cameras.list(),
      plugs: () => plugs.list(),
      camerasWithIncident: () => sight.incidents.camerasWithIncident(),
      switchPlug: async (id, on) => void (await plugs.switch(id, on)),
      onMotion: (listener) => sight.vision.onMotion(listener),
      onPerson: (listener) =>
        sight.vision.onObservation((seen) => {
          if (seen.tracks.some((track) => track.class === 'person')) listener(seen)
        }),
      onSeenInZones: (listener) => sight.vision.onObservation((seen) => listener(seenInZones(seen))),
      zonesOf: (cameraId) => sight.zones.of(cameraId).zones,
    },
  })
  return { alerts, mqtt }
}

/** Who is told what, when and why: of incidents, and of the box itself. */
export function composeRules(ground: Ground, { plugs, accounts, modes, ...sight }: Telling, alerts: Alerts, tls: Tls) {
  const { home, clock, log, bus, notices, audit } = ground
  const { queueNotice } = alerts
  const rules = createAlertRules({
    ...{ ...home, clock, log, bus, audit, accounts, modes, queueNotice, incidents: sight.incidents },
    cameraName: (id) => sight.cameras.peek(id)?.name ?? null,
    zone: (id) => sight.zones.find(id),
  })
  sight.incidents.addHook(rules.incidentHook)
  const ownHealth = createOwnHealth({
    ...{ ...home, clock, log, bus, notices, audit, modes, queueNotice },
    isCameraLive: (id) => sight.cameras.peek(id)?.state === 'live',
    findPlug: (id) => plugs.get(id),
    clockTrusted: () => tls.clockTrusted(),
  })
  return { parts: [rules, ownHealth], routes: [...modes.routes, ...rules.routes, ...ownHealth.routes] }
}
