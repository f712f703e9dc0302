import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { DetectorStatus } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Hardware } from '../hardware/index.ts'
import type { Settings } from '../settings/index.ts'
import type { ModelChoice } from './backends/backend.ts'
import { poolSize } from './backends/pool-size.ts'
import { forgetfulMemory, type Memory } from './backends/remembered.ts'
import { remoteCandidate } from './backends/remote.ts'
import { sidecarCandidates } from './backends/sidecar.ts'
import { createSidecarProcess } from './backends/sidecar-process.ts'
import { SYSTEM_SIDECARS } from './backends/sidecar-socket.ts'
import { roomFor } from './cameras-left.ts'
import { createDetector, type Detector } from './detector.ts'
import { createRoomMeter, type RoomMeter } from './room-meter.ts'
import { providersRuledOut } from './providers-by-hardware.ts'
import * as own from './settings.ts'

export interface HomeDetectorDeps {
  clock: Clock
  log: Log
  settings: Settings
  hardware: Hardware
  dataDir: string
  models(): Promise<readonly ModelChoice[]>
  onStatus(status: DetectorStatus): void
  workerFile?: URL | undefined
  /** Another Lares may run beside this one: starts no sidecar and writes nothing down. */
  isGuest?: boolean
}

export interface HomeDetector extends Detector {
  noteFrame(cameraId: string): void
}

/** The detector as the owner's settings and this machine want it, with what it can still take. */
export function createHomeDetector(deps: HomeDetectorDeps): HomeDetector {
  const { clock, log, settings, hardware, workerFile } = deps
  const load = createRoomMeter(clock)
  const folder = join(deps.dataDir, 'sidecars')
  const wanted = (): ReturnType<typeof wantedSidecar> => (deps.isGuest ? null : wantedSidecar(settings))
  const sidecar = createSidecarProcess({ clock, log, folder, wanted })
  const detector = createDetector({
    ...{ clock, log, models: deps.models, workerFile },
    onStatus: (status) => deps.onStatus(withRoom(status, load)),
    ruledOut: async () => providersRuledOut(await hardware.probe()),
    poolSize: async () => sizeFor(await hardware.probe()),
    wish: () => settings.get(own.detectorWish),
    others: [
      ...sidecarCandidates({ clock, folders: [folder, SYSTEM_SIDECARS] }),
      remoteCandidate({ clock, settings: () => remoteSettings(settings) }),
    ],
    memory: deps.isGuest ? forgetfulMemory() : memoryIn(settings),
  })
  const stops: (() => void)[] = []

  function listen(): void {
    const choice = [own.detectorWish, own.detectorUrl, own.detectorKey, own.detectorCa] as const
    const rules = [own.detectorRemote, own.detectorPlainHttp] as const
    for (const each of choice) stops.push(settings.onChange(each, () => detector.chooseAnew()))
    for (const each of rules) stops.push(settings.onChange(each, () => detector.chooseAnew()))
    stops.push(settings.onChange(own.VISION_MODEL, () => detector.reload()))
    stops.push(settings.onChange(own.sidecarName, () => sidecar.restart()))
    stops.push(settings.onChange(own.sidecarModel, () => sidecar.restart()))
  }

  return {
    ...detector,
    async start() {
      listen()
      await sidecar.start()
      await detector.start()
    },
    async stop() {
      for (const stop of stops.splice(0)) stop()
      await detector.stop()
      await sidecar.stop()
    },
    status: () => withRoom(detector.status(), load),
    look(picture, minScore) {
      load.noteLook()
      return detector.look(picture, minScore)
    },
    noteFrame: (cameraId) => load.noteFrame(cameraId),
  }
}

function withRoom(status: DetectorStatus, load: RoomMeter): DetectorStatus {
  const chosen = status.candidates.find(({ state }) => state === 'chosen')
  if (!chosen || status.inferenceMsP50 === null) return status
  const facts = { cores: availableParallelism(), inferenceMs: status.inferenceMsP50, atOnce: chosen.atOnce ?? 1 }
  const onProcessor = chosen.kind === 'processor'
  const room = roomFor({ ...facts, onProcessor, cameras: load.cameras(), looksPerSecond: load.looksPerSecond() })
  return { ...status, room }
}

/** A container may use fewer cores than the machine has. */
function sizeFor({ cpu, memoryMb }: { cpu: { cores: number }; memoryMb: number }): number {
  return poolSize({ cores: Math.min(cpu.cores, availableParallelism()), memoryMb })
}

function memoryIn(settings: Settings): Memory {
  return {
    get: () => settings.get(own.detectorMemory),
    set: (value) => settings.set(own.detectorMemory, value),
  }
}

function wantedSidecar(settings: Settings): ReturnType<Parameters<typeof createSidecarProcess>[0]['wanted']> {
  const name = settings.get(own.sidecarName)
  return name === 'none' ? null : { name, model: settings.get(own.sidecarModel) }
}

function remoteSettings(settings: Settings): ReturnType<Parameters<typeof remoteCandidate>[0]['settings']> {
  return {
    url: settings.get(own.detectorUrl),
    key: settings.get(own.detectorKey),
    ca: settings.get(own.detectorCa),
    remote: settings.get(own.detectorRemote),
    plainHttp: settings.get(own.detectorPlainHttp),
  }
}
