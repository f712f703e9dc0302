import { createSecureContext } from 'node:tls'
import { createLoginDelays, loginFreeFailures } from '../accounts/index.ts'
import type { AuditEvent } from '../audit/index.ts'
import { createCameras, type FtpPorts } from '../cameras/index.ts'
import type { Part } from '../core/part.ts'
import { createHardware, createHardwareWatch, createTools } from '../hardware/index.ts'
import type { Route } from '../http/index.ts'
import { createIncidents, type HouseContext } from '../incidents/index.ts'
import { createMedia } from '../media/index.ts'
import { createRecording } from '../recording/index.ts'
import type { Tls } from '../tls/index.ts'
import { createVision, createZones, type ModelChange, type Polygon, type Vision, type Zones } from '../vision/index.ts'
import type { Ground } from './ground.ts'
import { recordChange } from './record-change.ts'

/** Cameras → pictures → what was seen → incidents. */
export interface Sight {
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

export function composeSight(ground: Ground, tls: Tls, house: Partial<HouseContext>): Sight {
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

/** What was done to the models, as the record keeps it. */
function modelEvent({ what, name, details, request }: ModelChange): AuditEvent {
  const type = `model_${what.replace('-', '_')}` as `model_${'added' | 'chosen' | 'rolled_back' | 'removed'}`
  const who = request && { who: request.principal, address: request.address, userAgent: request.userAgent }
  return { ...who, type, resource: `model:${name}`, details }
}
