import type { ObjectClass } from '../api/common.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Observation, VisibleTrack } from '../vision/types.ts'
import { CLIP_COMPLETE_AFTER_MS, type ClipMaker } from './clip-maker.ts'
import { grow, longestStayMs, openIncident, type OpenIncident } from './open-incident.ts'
import { createPresence } from './presence.ts'
import type { VisitCamera, Visits, VisitSoFar } from './visits.ts'
import type { IncidentWriter } from './writer.ts'

/** At most so often an incident that goes on is written. */
const WRITE_EVERY_MS = 1_000
/** After a failed beginning (the database refused it), so that frames do not hammer. */
const RETRY_OPEN_MS = 1_000

export interface SceneDeps {
  clock: Clock
  log: Log
  writer: IncidentWriter
  clips: Pick<ClipMaker, 'add'>
  visits: Visits
  idleCloseMs(): number
  /** An incident lasts at most this long; what still goes on then is another part of the same visit. */
  windowMs(): number
}

export interface SceneCamera extends VisitCamera {
  name: string
  classes: readonly ObjectClass[]
}

/**
 * What one camera is going through: at most one open incident, when it begins, is written and ends. Times are of the
 * clock that never jumps, so that a corrected wall clock neither ends nor prolongs anything.
 */
export class Scene {
  readonly #deps: SceneDeps
  readonly #presence = createPresence()
  #incident: OpenIncident | null = null
  #seenAtMs = 0
  #openedAtMs = 0
  #clipOrdered = false
  #dirty = false
  /** A slow disk must not gather a queue of writes. */
  #writing = false
  #writeAfterMs = 0
  #openAfterMs = -Infinity
  /** Writes happen one after another. */
  #tail: Promise<void> = Promise.resolve()

  constructor(deps: SceneDeps) {
    this.#deps = deps
  }

  observe(camera: SceneCamera, observation: Observation): void {
    const wanted = observation.tracks.filter((track) => camera.classes.includes(track.class))
    const active = this.#presence.active(wanted, observation.ended, observation.at)
    if (active.length === 0) return
    const nowMs = this.#deps.clock.monotonic()
    this.#seenAtMs = nowMs
    // What has lasted long enough ends first: what is seen now belongs to the next part.
    if (this.#incident) this.tick()
    if (this.#incident && this.#isOfAnotherTime(this.#incident, observation)) this.close()
    if (this.#incident) {
      this.#deps.visits.seen(this.#incident.visit, camera.id, nowMs)
      grow(this.#incident, observation, active)
      this.#dirty = true
    } else if (nowMs >= this.#openAfterMs) this.#begins(camera, observation, active, nowMs)
    this.tick()
  }

  /** What cameras send afterwards may be of hours ago: it is no part of what goes on now. */
  #isOfAnotherTime({ openedAt, lastSeenAt }: OpenIncident, { frame, at }: Observation): boolean {
    const idleMs = this.#deps.idleCloseMs()
    return frame.isSent === true && (at < openedAt - idleMs || at > lastSeenAt + idleMs)
  }

  #begins(camera: SceneCamera, observation: Observation, active: readonly VisibleTrack[], nowMs: number): void {
    const { visits } = this.#deps
    const { frame, at } = observation
    const isLate = frame.isSent === true && this.#deps.clock.now() - at > this.#deps.idleCloseMs()
    const visitOf = (id: string): VisitSoFar => {
      if (isLate) {
        // Neither does it carry on what goes on now, nor is it carried on.
        const past = visits.begin(id, camera, nowMs)
        visits.forget(past)
        return past
      }
      const visit = visits.goingOn(camera, nowMs) ?? visits.begin(id, camera, nowMs)
      visits.seen(visit, camera.id, nowMs)
      return visit
    }
    this.#open(openIncident(camera, observation, active, visitOf))
  }

  /** Goes on with an incident that was open when the box stopped. */
  adopt(incident: OpenIncident): void {
    const { clock } = this.#deps
    if (this.#incident) return this.#finish(incident, incident.clip.state === 'recording')
    const sinceMs = (at: number): number => Math.max(0, clock.now() - at)
    this.#begin(incident, sinceMs(incident.openedAt))
    this.#seenAtMs = clock.monotonic() - sinceMs(incident.lastSeenAt)
    this.tick()
  }

  /** Called often: writes what grew, closes what has gone quiet. */
  tick(): void {
    const incident = this.#incident
    if (!incident) return
    const nowMs = this.#deps.clock.monotonic()
    const isOver =
      nowMs - this.#seenAtMs >= this.#deps.idleCloseMs() || nowMs - this.#openedAtMs >= this.#deps.windowMs()
    if (isOver) return this.close()
    if (!this.#clipOrdered && nowMs - this.#openedAtMs >= CLIP_COMPLETE_AFTER_MS) {
      this.#clipOrdered = true
      this.#orderClip({ ...incident, lastSeenAt: Infinity })
    }
    if (this.#dirty && !this.#writing && nowMs >= this.#writeAfterMs) this.#write(incident)
  }

  close(): void {
    const incident = this.#incident
    this.#incident = null
    if (!incident) return
    incident.visit.stayedMs += longestStayMs(incident)
    this.#finish(incident, !this.#clipOrdered)
  }

  forgetPicture(): void {
    if (this.#incident) this.#incident.better = null
  }

  /** Writes what is not written and waits for it. An open incident stays open: the next start adopts it. */
  async settle(): Promise<void> {
    if (this.#incident && this.#dirty) this.#write(this.#incident)
    await this.#tail
  }

  #inTurn(whenFailed: string, work: () => Promise<void>): void {
    this.#tail = this.#tail.then(work).catch((error: unknown) => {
      this.#deps.log.error({ err: messageOf(error) }, whenFailed)
    })
  }

  #begin(incident: OpenIncident, ageMs: number): void {
    const nowMs = this.#deps.clock.monotonic()
    this.#incident = incident
    this.#openedAtMs = nowMs - ageMs
    this.#clipOrdered = incident.clip.state !== 'recording'
    this.#writeAfterMs = nowMs + WRITE_EVERY_MS
    this.#dirty = false
  }

  #open(incident: OpenIncident): void {
    this.#begin(incident, 0)
    this.#inTurn('An incident could not be begun', async () => {
      try {
        await this.#deps.writer.open(incident)
      } catch (error) {
        // Nothing was stored and nobody was told: what is still in sight begins it again.
        if (this.#incident === incident) this.#incident = null
        if (incident.visit.id === incident.id) this.#deps.visits.forget(incident.visit)
        this.#openAfterMs = this.#deps.clock.monotonic() + RETRY_OPEN_MS
        throw error
      }
    })
  }

  #write(incident: OpenIncident): void {
    this.#dirty = false
    this.#writing = true
    this.#writeAfterMs = this.#deps.clock.monotonic() + WRITE_EVERY_MS
    this.#inTurn('An incident could not be written', async () => {
      try {
        await this.#deps.writer.update(incident)
      } catch (error) {
        this.#dirty = true
        throw error
      } finally {
        this.#writing = false
      }
    })
  }

  #finish(incident: OpenIncident, makeClip: boolean): void {
    this.#inTurn('An incident could not be closed', async () => {
      try {
        await this.#deps.writer.close(incident, Math.max(this.#deps.clock.now(), incident.lastSeenAt))
      } catch (error) {
        // It is still open on disk: the next tick closes it again.
        this.#incident ??= incident
        throw error
      }
      if (makeClip) this.#orderClip(incident)
    })
  }

  #orderClip({ id, camera, openedAt, lastSeenAt }: OpenIncident): void {
    this.#deps.clips.add({ id, cameraId: camera.id, openedAt, lastSeenAt })
  }
}
