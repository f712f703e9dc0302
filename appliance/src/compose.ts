import { networkInterfaces } from 'node:os'
import { createSecureContext } from 'node:tls'
import { fileURLToPath } from 'node:url'
import {
  createAccounts,
  createBudgetKeeper,
  createLoginDelays,
  loginFreeFailures,
  type Accounts,
} from './accounts/index.ts'
import { createAdmin, type Admin } from './admin/index.ts'
import { createAlertRules, createAlerts, createOwnHealth, type Alerts } from './alerts/index.ts'
import { createAudit, type Audit, type AuditEvent } from './audit/index.ts'
import type { BootConfig } from './boot-config.ts'
import { createBox, IN_MEMORY_ONLY } from './box/index.ts'
import { createCameras, type FtpPorts } from './cameras/index.ts'
import { createBus, type Bus } from './core/bus.ts'
import type { Clock } from './core/clock.ts'
import { deriveKey, sha256Hex } from './core/crypto.ts'
import type { Log } from './core/log.ts'
import type { Part } from './core/part.ts'
import { VERSION } from './core/version.ts'
import type { Trx } from './db/index.ts'
import type { Events } from './events.ts'
import { createEnergy } from './energy/index.ts'
import { createHardware, createHardwareWatch, createTools } from './hardware/index.ts'
import { createHealth, createNotices, type Notices, type PartHealth } from './health/index.ts'
import {
  createHttpServer,
  createPathSigner,
  limitsFromSettings,
  securityContact,
  type PathSigner,
  type Refusal,
  type RequestContext,
  type Route,
} from './http/index.ts'
import { readReport, sayProblem, type Host, type ProductWords } from './host/index.ts'
import { createIncidents, rememberPlugs, type HouseContext } from './incidents/index.ts'
import { createMedia } from './media/index.ts'
import { createModes, type Modes } from './modes/index.ts'
import { createMqtt, type ModePort, type Mqtt, type SeenInZones } from './mqtt/index.ts'
import { createNetwork } from './network/index.ts'
import { databaseFileIn, type OpenHome } from './open-home.ts'
import { createPlugs, type Plugs } from './plugs/index.ts'
import { createRemoteAccess, type RemoteAccess } from './remote-access/index.ts'
import { createRecording } from './recording/index.ts'
import { homeName, settingsRoutes } from './settings/index.ts'
import { createSetup, type Setup } from './setup/index.ts'
import { createTls, type Tls } from './tls/index.ts'
import { createUpdates, type Fitness } from './updates/index.ts'
import {
  createVision,
  createZones,
  type ModelChange,
  type Observation,
  type Polygon,
  type Vision,
  type Zones,
  type ZoneVisit,
} from './vision/index.ts'

export interface ComposeOptions {
  config: BootConfig
  home: OpenHome
  clock: Clock
  log: Log
  /** The machine under the product. */
  host: Host
  /** Ends this process; whoever started it starts it anew. */
  leave(): void
}

/** The whole product, built and not yet started. */
export interface Product {
  /** In the order in which they start; they stop in reverse. */
  readonly parts: readonly Part[]
  /** What the console shows once everything runs. */
  banner(): string
  /** The same for a screen at the box. */
  screen(): ProductWords
}

/** What every part below needs. */
interface Ground extends ComposeOptions {
  bus: Bus<Events>
  notices: Notices
  audit: Audit
  signer: PathSigner
  /** Known once the server listens. */
  ports(): { httpsPort: number; httpPort: number }
}

const APP_FOLDER = fileURLToPath(new URL('../../pwa/dist', import.meta.url))

interface Access {
  tls: Tls
  accounts: Accounts
  setup: Setup
  parts: Part[]
  routes: Route[]
}

/** Coming in from outside. */
function composeRemote(ground: Ground, tls: () => Tls): RemoteAccess {
  const { home, clock, log, notices, audit, ports, host } = ground
  return createRemoteAccess({
    ...{ ...home, clock, log, notices, audit, host, ports, interfaces: networkInterfaces },
    homeAddresses: () => tls().addresses(),
    onAddresses: () => tls().lookAgain(),
  })
}

/** What of the files on the card could not be taken over; nothing where there is no first boot of ours. */
async function cardProblems(host: Host): Promise<string[]> {
  const inMemoryOnly = (await host.about().catch(() => null))?.inMemoryOnly ?? false
  return [...(inMemoryOnly ? [IN_MEMORY_ONLY] : []), ...((await readReport())?.problems ?? []).map(sayProblem)]
}

function composeAccess(ground: Ground): Access {
  const { config, home, clock, log, bus, notices, audit, ports } = ground
  const { settings } = home
  const remote = composeRemote(ground, () => tls)
  const tls: Tls = createTls({
    ...{ dataDir: home.dataDir, name: config.name, host: config.host, boot: config.tls, database: home.database },
    ...{ clock, log, notices, settings, audit, ports },
    isFixed: (key) => settings.describe(key).setByEnv,
    furtherAddresses: () => remote.addresses(),
  })
  const clockTrusted = (): boolean => tls.clockTrusted()
  const secrets = { jwtSecret: config.jwtSecretKey, importedKeys: config.apiKeys }
  const accounts = createAccounts({ ...home, ...secrets, clock, log, bus, audit, clockTrusted })
  const setup = createSetup({
    ...home,
    accounts,
    tls,
    clock,
    log,
    name: config.name,
    version: VERSION,
    cardProblems: () => cardProblems(ground.host),
  })
  const routes = [...tls.routes, ...accounts.routes, ...setup.routes, ...remote.routes]
  return { tls, accounts, setup, parts: [tls, accounts, setup, remote], routes }
}

/** Who changed what, in the transaction in which it is changed. */
function recordChange(
  audit: Audit,
  trx: Trx,
  what: string,
  { principal, address, userAgent }: RequestContext,
): Promise<void> {
  const resource = `setting:${what}`
  return audit.record(trx, { type: 'setting_changed', who: principal, address, userAgent, resource })
}

/** Cameras → pictures → what was seen → incidents. */
interface Sight {
  parts: Part[]
  routes: Route[]
  vision: Vision
  cameras: ReturnType<typeof createCameras>
  incidents: ReturnType<typeof createIncidents>
  media: ReturnType<typeof createMedia>
  zones: Zones
}

/** What taking pictures in by FTP needs of other parts: the box's certificate, the delays of sign-ins, the record. */
function ftpPorts({ config, home, clock, audit }: Ground, tls: Tls): FtpPorts {
  const { door } = tls
  const delays = createLoginDelays({
    ...{ database: home.database, clock, freeFailures: () => home.settings.get(loginFreeFailures) },
  })
  return {
    ...{ host: config.host, addresses: () => tls.addresses(), beginLogin: (keys) => delays.begin(keys) },
    secureContext:
      door &&
      (() => {
        const { certPem: cert, keyPem: key } = door.fallback()
        return createSecureContext({ cert, key, minVersion: door.minVersion() })
      }),
    onFailure(address, cameraId) {
      const resource = cameraId === null ? 'ftp' : `camera:${cameraId}`
      audit.note({ type: 'login_failure', severity: 'WARNING', address, resource, details: { way: 'ftp' } })
    },
  }
}

function composeSight(ground: Ground, tls: Tls, house: Partial<HouseContext>): Sight {
  const { config, home, clock, log, bus, notices, audit } = ground
  const media = createMedia({ dataDir: home.dataDir, ffmpeg: config.ffmpeg, clock, log, notices })
  const tools = createTools({ clock, log })
  const hardware = createHardware({ tools })
  const readyAccelerators = async (): Promise<string[]> =>
    (await hardware.probe()).accelerators.filter(({ ready }) => ready).map(({ kind }) => kind)
  const zones: Zones = createZones({
    ...{ ...home, clock, bus, getCamera: (id) => cameras.get(id), footprints: (id) => incidents.footprints(id) },
    restartCamera: (id, meanwhile) => cameras.restart(id, meanwhile),
    forgetRecorded: (id) => recording.forget(id),
    recordChange: (trx, { principal: who, address, userAgent }, id, details) =>
      audit.record(trx, { type: 'camera_zones_changed', who, address, userAgent, resource: `camera:${id}`, details }),
  })
  const privacyMasks = (id: string): readonly Polygon[] => zones.privacyMasksOf(id)
  const cameras = createCameras({
    ...{ ...home, clock, log, bus, notices, media, readyAccelerators, privacyMasks, ftp: ftpPorts(ground, tls) },
    isLooking: (id) => vision.isLooking(id),
    recordFtpPassword: (trx, id, { principal, address, userAgent }) =>
      audit.record(trx, { type: 'ftp_password_created', who: principal, address, userAgent, resource: `camera:${id}` }),
  })
  const recording = createRecording({ media, cameras, bus, clock, log })
  const hardwareWatch = createHardwareWatch({ clock, log, notices, tools })
  const vision = createVision({
    ...{ ...home, clock, log, bus, notices, model: config.model, hardware, zones: (id) => zones.of(id) },
    cameraName: (id) => cameras.peek(id)?.name ?? null,
    recordChange: (trx, what, request) => recordChange(audit, trx, what, request),
    recordModel: (change) => home.database.transaction((trx) => audit.record(trx, modelEvent(change))),
  })
  const incidents = createIncidents({ ...home, recording, cameras, media, audit, clock, log, bus, house })
  cameras.onFrame((frame) => vision.see(frame))
  cameras.onMotionHint((id) => vision.hint(id))
  vision.onObservation((observation) => incidents.observe(observation))
  bus.on('camera.removed', 'vision', ({ id }) => vision.forget(id))
  // Pictures of before must not be told of afterwards.
  bus.on('camera.zones-changed', 'vision', ({ id, masksChanged }) => (masksChanged ? vision.forget(id) : undefined))
  return {
    // What receives starts before what sends.
    parts: [media, recording, zones, incidents, vision, cameras, hardwareWatch],
    routes: [...cameras.routes, ...zones.routes, ...vision.routes, ...hardwareWatch.routes, ...incidents.routes],
    ...{ vision, cameras, incidents, media, zones },
  }
}

/** The mode as an alarm panel of Home Assistant. */
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
function composeAlerts(ground: Ground, { plugs, accounts, modes, ...sight }: Telling): { alerts: Alerts; mqtt: Mqtt } {
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
function composeRules(ground: Ground, { plugs, accounts, modes, ...sight }: Telling, alerts: Alerts, tls: Tls) {
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

function partsHealth(parts: readonly Part[], vision: Vision): PartHealth[] {
  const { state, provider, model, problem } = vision.detector()
  const detail = problem ?? [model?.name, provider].filter((word) => word != null).join(' on ')
  return [...parts.map(({ name }) => ({ name, state: 'running', detail: '' })), { name: 'detector', state, detail }]
}

/** What an owner looks for in the log afterwards: that somebody was to be told. */
function keepRecord(bus: Bus<Events>, log: Log): void {
  bus.on('alert.queued', 'log', ({ count }) => log.info({ phones: count }, 'An alert is on its way'))
}

/** The developer's look inside, where it is switched on; `setStreams` tells it how many pages are open. */
function composeAdmin({ config, clock, log, audit }: Ground): { admin: Admin; setStreams(count: number): void } {
  let streams = 0
  const admin = createAdmin({
    ...{ enabled: config.debug && config.adminEnabled, key: config.adminApiKey, clock, log, version: VERSION },
    note: (event) => audit.note(event),
    streams: () => streams,
  })
  return { admin, setStreams: (count) => void (streams = count) }
}

/** What the gate refused, as the record keeps it. */
function refusalEvent({ type, principal, address, userAgent, route, needs }: Refusal): AuditEvent {
  const details =
    type === 'permission_denied' ? { needs } : type === 'origin_refused' ? { origin: needs } : { tier: needs }
  return { type, severity: 'WARNING', who: principal, address, userAgent, resource: route, details }
}

/** What was done to the models, as the record keeps it. */
function modelEvent({ what, name, details, request }: ModelChange): AuditEvent {
  const type = `model_${what.replace('-', '_')}` as `model_${'added' | 'chosen' | 'rolled_back' | 'removed'}`
  const who = request && { who: request.principal, address: request.address, userAgent: request.userAgent }
  return { ...who, type, resource: `model:${name}`, details }
}

/** The plugs, and what keeps what they measure. */
function composePlugs(ground: Ground, media: ReturnType<typeof createMedia>) {
  const { home, clock, log, bus, audit, notices } = ground
  const plugs: Plugs = createPlugs({ ...home, clock, log, bus, audit, notices, folder: media.folder })
  const energy = createEnergy({ ...home, clock, log, plugs })
  plugs.onMeasured((measurement) => energy.note(measurement))
  return { plugs, energy }
}

/** How the box is in the home network, and changing that. */
function networkRoutes({ audit, log, host }: Ground, tls: Tls): readonly Route[] {
  return createNetwork({ host, audit, log, addresses: () => tls.addresses() }).routes
}

/** How well the home is seen and looked at, to be compared before and after an update. */
async function fitnessOf({ cameras, vision }: Sight): Promise<Fitness> {
  const live = (await cameras.list()).filter(({ state }) => state === 'live')
  const { state, inferenceMsP50 } = vision.detector()
  return {
    liveCameras: live.map(({ id, name }) => ({ id, name })),
    detectorMs: state === 'ready' ? inferenceMsP50 : null,
  }
}

/** What is done to the box itself: new systems, restart, the way back to a new one. */
function composeBox(ground: Ground, sight: Sight) {
  const { config, home, leave } = ground
  const deps = { ...ground, ...home, version: VERSION }
  const updates = createUpdates({
    ...{ ...deps, databaseFile: databaseFileIn(home.dataDir), fitness: () => fitnessOf(sight) },
    cameraIds: async () => new Set((await sight.cameras.list()).map(({ id }) => id)),
  })
  const outside = [config.tls.certDir, config.tls.certPath].filter((place) => place !== undefined)
  const box = createBox({ ...deps, outside, leave })
  return { parts: [updates, box], routes: [...updates.routes, ...box.routes] }
}

/** Builds every part and ties them together. Nothing starts here. */
export function compose(options: ComposeOptions): Product {
  const { config, home, clock, log } = options
  const bus = createBus<Events>(log)
  const notices = createNotices({ bus, clock })
  const audit = createAudit({ database: home.database, clock, log })
  keepRecord(bus, log)
  const signer = createPathSigner({ key: deriveKey(home.masterKey, 'signed-path'), clock })
  const ports: Ground['ports'] = () => ({ httpsPort: http.httpsPort(), httpPort: http.httpPort() })
  const ground: Ground = { ...options, bus, notices, audit, signer, ports }

  const { admin, setStreams } = composeAdmin(ground)
  const access = composeAccess(ground)
  const modes = createModes({ ...home, clock, log, bus, audit, accounts: access.accounts })
  const sight = composeSight(ground, access.tls, {
    ...{ plugs: rememberPlugs(bus), mode: () => modes.state().mode, atHome: () => modes.atHome() },
  })
  const { plugs, energy } = composePlugs(ground, sight.media)
  const telling = { ...sight, plugs, modes, accounts: access.accounts }
  const { alerts, mqtt } = composeAlerts(ground, telling)
  const rules = composeRules(ground, telling, alerts, access.tls)
  const box = composeBox(ground, sight)

  // The record stops last: the others still write into it.
  const record: Part = { name: 'audit', start: async () => undefined, stop: () => audit.stop() }
  const watching: Part[] = [modes, alerts, ...sight.parts, energy, plugs, mqtt]
  const parts: Part[] = [record, admin, ...access.parts, ...watching, ...rules.parts, ...box.parts]
  const health = createHealth({ notices, clock, version: VERSION, parts: () => partsHealth(parts, sight.vision) })
  const http = createHttpServer({
    ...{ log, clock, bus, signer, tls: access.tls, version: VERSION, staticDir: APP_FOLDER, dataDir: home.dataDir },
    ...{ host: config.host, httpsPort: config.httpsPort, httpPort: config.httpPort },
    routes: [
      ...health.routes,
      ...settingsRoutes({ ...home, audit }),
      ...audit.routes,
      ...admin.routes,
      ...access.routes,
      ...sight.routes,
      ...plugs.routes,
      ...energy.routes,
      ...alerts.routes,
      ...rules.routes,
      ...networkRoutes(ground, access.tls),
      ...box.routes,
    ],
    authenticate: (asking) => access.accounts.authenticate(asking),
    isInForce: (principal) => access.accounts.isInForce(principal),
    onRefused: (refusal) => audit.note(refusalEvent(refusal)),
    isSetupDone: () => access.setup.isDone(),
    ...(admin.checkKey && { checkAdminKey: admin.checkKey }),
    onViewers: (count) => {
      setStreams(count)
      plugs.setWatched(count > 0)
    },
    limitBudgets: limitsFromSettings(home.settings),
    securityContact: () => home.settings.get(securityContact),
    corsOrigins: config.corsOrigins,
    budgetKeeper: createBudgetKeeper({ database: home.database, clock, log }),
  })
  return {
    parts: [...parts, http],
    banner: () => access.setup.banner(ports()),
    screen: () => access.setup.screen(ports()),
  }
}
