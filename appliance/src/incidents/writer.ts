import type { Bus } from '../core/bus.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/index.ts'
import type { Events } from '../events.ts'
import { describeIncident, type OpenIncident, type StoredClip } from './open-incident.ts'
import { createPictures } from './pictures.ts'
import {
  closeIncident,
  findIncident,
  insertIncident,
  saveTracks,
  setClip,
  setReview,
  updateIncident,
  type Review,
} from './store.ts'
import type { IncidentHook, IncidentMedia } from './types.ts'

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
  review(id: string, review: Review): Promise<void>
}

export function createIncidentWriter({ database, bus, log, media, hooks }: WriterDeps): IncidentWriter {
  const pictures = createPictures({ media, log })

  /** Runs `write` and, unless only reviewed, the hooks in one transaction; the event follows the commit. */
  async function commit(
    change: Events['incident.changed']['change'],
    id: string,
    write: (trx: Trx) => Promise<void>,
  ): Promise<void> {
    await database.transaction(async (trx, afterCommit) => {
      await write(trx)
      const stored = await findIncident(trx, id)
      if (!stored) return
      const incident = describeIncident(stored, stored)
      if (change !== 'reviewed') for (const hook of hooks) await hook(trx, change, incident)
      afterCommit(() => bus.emit('incident.changed', { change, incident }))
    })
  }

  return {
    open: (incident) =>
      pictures.around(incident, () =>
        commit('opened', incident.id, async (trx) => {
          await insertIncident(trx, incident)
          await writeTracks(trx, incident)
        }),
      ),
    update: (incident) =>
      pictures.around(incident, () => commit('updated', incident.id, (trx) => writeGrowth(trx, incident))),
    close: (incident, closedAt) =>
      pictures.around(incident, () =>
        commit('closed', incident.id, async (trx) => {
          await writeGrowth(trx, incident)
          await closeIncident(trx, incident.id, closedAt)
        }),
      ),
    setClip: (id, clip) => commit('updated', id, (trx) => setClip(trx, id, clip)),
    review: (id, review) => commit('reviewed', id, (trx) => setReview(trx, id, review)),
  }
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
