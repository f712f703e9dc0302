import type { ObjectClass } from '../api/common.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Observation } from '../vision/types.ts'
import { CLIP_COMPLETE_AFTER_MS, type ClipMaker } from './clip-maker.ts'
import { grow, openIncident, type OpenIncident } from './open-incident.ts'
import { createPresence, type Presence } from './presence.ts'
import type { IncidentWriter } from './writer.ts'

/** At most so often an incident that goes on is written. */
const WRITE_EVERY_MS = 1_000
/** One incident lasts at most this long; what still goes on then begins a new one. */
const LONGEST_MS = 10 * 60_000
/** After a failed beginning (the database refused it), so that frames do not hammer. */
const RETRY_OPEN_MS = 1_000

export interface KeeperDeps {
  clock: Clock
  log: Log
  writer: IncidentWriter
  clips: ClipMaker
  /** From memory; null when there is no such camera. */
  camera(id: string): { id: string; name: string; classes: readonly ObjectClass[] } | null
  idleCloseMs(): number
}

/** What a camera is going through. */
interface Scene {
  presence: Presence
  incident: OpenIncident | null
  /** `monotonic` of the last active sighting, so that a corrected clock neither ends nor prolongs anything. */
  seenAtMs: number
  openedAtMs: number
  clipOrdered: boolean
  dirty: boolean
  /** A slow disk must not gather a queue of writes. */
  writing: boolean
  writeAfterMs: number
  openAfterMs: number
  /** Writes of one camera happen one after another. */
  tail: Promise<void>
}

/** Holds the open incident of every camera and decides when it begins, is written, and ends. */
export interface Keeper {
  observe(observation: Observation): void
  /** Goes on with an incident that was open when the box stopped. */
  adopt(incident: OpenIncident): void
  /** Called often: writes what grew, closes what has gone quiet. */
  tick(): void
  closeCamera(cameraId: string): void
  /** Writes what is not written and waits for it. Open incidents stay open: the next start adopts them. */
  settle(): Promise<void>
}

export function createKeeper(deps: KeeperDeps): Keeper {
  const { clock, log, writer, clips } = deps
  const scenes = new Map<string, Scene>()

  function sceneOf(cameraId: string): Scene {
    const scene = scenes.get(cameraId) ?? {
      ...{ presence: createPresence(), incident: null, seenAtMs: 0, openedAtMs: 0, clipOrdered: false },
      ...{ dirty: false, writing: false, writeAfterMs: 0, openAfterMs: -Infinity, tail: Promise.resolve() },
    }
    scenes.set(cameraId, scene)
    return scene
  }

  function inTurn(scene: Scene, what: string, work: () => Promise<void>): void {
    scene.tail = scene.tail.then(work).catch((error: unknown) => log.error({ err: messageOf(error) }, what))
  }

  function begin(scene: Scene, incident: OpenIncident, ageMs: number): void {
    const nowMs = clock.monotonic()
    scene.incident = incident
    scene.openedAtMs = nowMs - ageMs
    scene.clipOrdered = incident.clip.state !== 'recording'
    scene.writeAfterMs = nowMs + WRITE_EVERY_MS
    scene.dirty = false
  }

  function open(scene: Scene, incident: OpenIncident): void {
    begin(scene, incident, 0)
    inTurn(scene, 'An incident could not be begun', async () => {
      try {
        await writer.open(incident)
      } catch (error) {
        // Nothing was stored and nobody was told: what is still in sight begins it again.
        if (scene.incident === incident) scene.incident = null
        scene.openAfterMs = clock.monotonic() + RETRY_OPEN_MS
        throw error
      }
    })
  }

  function write(scene: Scene, incident: OpenIncident): void {
    scene.dirty = false
    scene.writeAfterMs = clock.monotonic() + WRITE_EVERY_MS
    scene.writing = true
    inTurn(scene, 'An incident could not be written', async () => {
      try {
        await writer.update(incident)
      } catch (error) {
        scene.dirty = true
        throw error
      } finally {
        scene.writing = false
      }
    })
  }

  function close(scene: Scene, incident: OpenIncident): void {
    const makeClip = !scene.clipOrdered
    scene.incident = null
    finish(scene, incident, makeClip)
  }

  function finish(scene: Scene, incident: OpenIncident, makeClip: boolean): void {
    inTurn(scene, 'An incident could not be closed', async () => {
      await writer.close(incident, Math.max(clock.now(), incident.lastSeenAt))
      if (makeClip) orderClip(incident)
    })
  }

  function orderClip(incident: OpenIncident): void {
    const { id, camera, openedAt, lastSeenAt } = incident
    clips.add({ id, cameraId: camera.id, openedAt, lastSeenAt })
  }

  function tickScene(scene: Scene): void {
    const { incident } = scene
    if (!incident) return
    const nowMs = clock.monotonic()
    const isOver = nowMs - scene.seenAtMs >= deps.idleCloseMs() || nowMs - scene.openedAtMs >= LONGEST_MS
    if (isOver) return close(scene, incident)
    if (!scene.clipOrdered && nowMs - scene.openedAtMs >= CLIP_COMPLETE_AFTER_MS) {
      scene.clipOrdered = true
      orderClip({ ...incident, lastSeenAt: Infinity })
    }
    if (scene.dirty && !scene.writing && nowMs >= scene.writeAfterMs) write(scene, incident)
  }

  return {
    observe(observation) {
      const camera = deps.camera(observation.cameraId)
      if (!camera) return
      const scene = sceneOf(camera.id)
      const wanted = observation.tracks.filter((track) => camera.classes.includes(track.class))
      const active = scene.presence.active(wanted, observation.ended, observation.at)
      if (active.length === 0) return
      scene.seenAtMs = clock.monotonic()
      if (scene.incident) {
        grow(scene.incident, observation, active)
        scene.dirty = true
      } else if (clock.monotonic() >= scene.openAfterMs) open(scene, openIncident(camera, observation, active))
      tickScene(scene)
    },
    adopt(incident) {
      const scene = sceneOf(incident.camera.id)
      if (scene.incident) return finish(scene, incident, incident.clip.state === 'recording')
      const sinceMs = (at: number): number => Math.max(0, clock.now() - at)
      begin(scene, incident, sinceMs(incident.openedAt))
      scene.seenAtMs = clock.monotonic() - sinceMs(incident.lastSeenAt)
      tickScene(scene)
    },
    tick: () => scenes.forEach(tickScene),
    closeCamera(cameraId) {
      const scene = scenes.get(cameraId)
      if (scene?.incident) close(scene, scene.incident)
    },
    async settle() {
      for (const scene of scenes.values()) if (scene.incident && scene.dirty) write(scene, scene.incident)
      await Promise.all([...scenes.values()].map((scene) => scene.tail))
    },
  }
}
