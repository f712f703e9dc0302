import type { Incident } from '../api/incidents.ts'
import type { Bus } from '../core/bus.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/index.ts'
import type { Events } from '../events.ts'
import { describeIncident, fileOf, type OpenIncident, type StoredClip, type StoredSnapshot } from './open-incident.ts'
import { closeIncident, findIncident, insertIncident, saveTracks, setClip, setReview, updateIncident } from './store.ts'
import type { IncidentChange, IncidentHook, IncidentMedia } from './types.ts'

export interface WriterDeps {
  database: Database
  bus: Bus<Events>
  log: Log
  media: IncidentMedia
  hooks: readonly IncidentHook[]
}

/**
 * Brings incidents to disk and tells of it, in this order: picture durably written → row, tracks and hooks in one
 * transaction → event. So no row names a picture that is not there, and nobody hears of what was rolled back.
 */
export interface IncidentWriter {
  open(incident: OpenIncident): Promise<void>
  update(incident: OpenIncident): Promise<void>
  close(incident: OpenIncident, closedAt: number): Promise<void>
  setClip(id: string, clip: StoredClip): Promise<void>
  review(id: string, review: { feedback: Incident['feedback']; at: number | null; by: string | null }): Promise<void>
}

export function createIncidentWriter({ database, bus, log, media, hooks }: WriterDeps): IncidentWriter {
  /** Encodes the better picture, if there is one. A full disk or a broken frame costs the picture, never the alert. */
  async function takePicture(incident: OpenIncident): Promise<StoredSnapshot | null> {
    const { better } = incident
    incident.better = null
    if (!better) return null
    const { frame, takenAt, boxes } = better
    try {
      const file = fileOf(incident.id, `-${takenAt}.jpg`)
      await media.folder.write(file, await media.encodeJpeg(frame))
      return { file, width: frame.width, height: frame.height, takenAt, boxes }
    } catch (error) {
      log.error({ incident: incident.id, err: messageOf(error) }, 'The picture of an incident could not be kept')
      return null
    }
  }

  /** Runs `write` and the hooks in one transaction; the event follows the commit. */
  async function commit(change: IncidentChange, id: string, write: (trx: Trx) => Promise<void>): Promise<void> {
    await database.transaction(async (trx, afterCommit) => {
      await write(trx)
      const stored = await findIncident(trx, id)
      if (!stored) return
      const incident = describeIncident(stored, stored.closedAt, stored)
      for (const hook of hooks) await hook(trx, change, incident)
      afterCommit(() => bus.emit('incident.changed', { change, incident }))
    })
  }

  /** Puts the picture in, writes, and takes the picture that lost out of the folder: the old one, or the new one. */
  async function withPicture(incident: OpenIncident, write: () => Promise<void>): Promise<void> {
    const old = incident.snapshot
    const fresh = await takePicture(incident)
    if (fresh) incident.snapshot = fresh
    try {
      await write()
    } catch (error) {
      incident.snapshot = old
      if (fresh) await removeQuietly(fresh.file)
      throw error
    }
    if (fresh && old) await removeQuietly(old.file)
  }

  async function removeQuietly(file: string): Promise<void> {
    await media.folder.remove(file).catch((error: unknown) => {
      log.warn({ file, err: messageOf(error) }, 'An old picture could not be removed')
    })
  }

  async function writeGrowth(trx: Trx, incident: OpenIncident): Promise<void> {
    await updateIncident(trx, incident)
    await writeTracks(trx, incident)
  }

  async function writeTracks(trx: Trx, incident: OpenIncident): Promise<void> {
    const changed = [...incident.tracks.values()].filter((track) => track.changed)
    // Marked first: what a frame adds while this is written is changed again.
    changed.forEach((track) => (track.changed = false))
    try {
      await saveTracks(trx, incident.id, changed)
    } catch (error) {
      changed.forEach((track) => (track.changed = true))
      throw error
    }
  }

  return {
    open: (incident) =>
      withPicture(incident, () =>
        commit('opened', incident.id, async (trx) => {
          await insertIncident(trx, incident)
          await writeTracks(trx, incident)
        }),
      ),
    update: (incident) =>
      withPicture(incident, () => commit('updated', incident.id, (trx) => writeGrowth(trx, incident))),
    close: (incident, closedAt) =>
      withPicture(incident, () =>
        commit('closed', incident.id, async (trx) => {
          await writeGrowth(trx, incident)
          await closeIncident(trx, incident.id, closedAt)
        }),
      ),
    setClip: (id, clip) => commit('updated', id, (trx) => setClip(trx, id, clip)),
    async review(id, review) {
      await database.transaction(async (trx, afterCommit) => {
        await setReview(trx, id, review)
        const stored = await findIncident(trx, id)
        if (!stored) return
        const incident = describeIncident(stored, stored.closedAt, stored)
        afterCommit(() => bus.emit('incident.changed', { change: 'reviewed', incident }))
      })
    },
  }
}
