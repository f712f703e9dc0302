import type { Incident } from '../api/incidents.ts'
import type { Bus } from '../core/bus.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/index.ts'
import type { Events } from '../events.ts'
import { describeIncident, type OpenIncident, type StoredClip } from './open-incident.ts'
import { createPictures } from './pictures.ts'
import type { AssessedChange, Assessor } from './risk/assessor.ts'
import {
  carryOn,
  closeIncident,
  findIncident,
  insertIncident,
  saveTracks,
  setClip,
  updateIncident,
  type StoredIncident,
} from './store.ts'
import type { Indexer } from './search/indexer.ts'
import type { IncidentChange, IncidentHook, IncidentMedia } from './types.ts'

export interface WriterDeps {
  database: Database
  bus: Bus<Events>
  log: Log
  media: IncidentMedia
  hooks: readonly IncidentHook[]
  indexer: Pick<Indexer, 'index' | 'wake'>
  assessor: Assessor
}

/**
 * Brings incidents to disk and tells of it, in this order: picture durably written → row, tracks, judgement and hooks in
 * one transaction → event. So no row names a picture that is not there, and nobody hears of what was rolled back.
 */
export interface IncidentWriter {
  open(incident: OpenIncident): Promise<void>
  update(incident: OpenIncident): Promise<void>
  close(incident: OpenIncident, closedAt: number): Promise<void>
  setClip(id: string, clip: StoredClip): Promise<void>
  /** Judged anew by somebody else than the rules; `write` stores it. Hooks run, so that an alert can follow. */
  judge(id: string, write: (trx: Trx) => Promise<void>): Promise<void>
}

const describe = (stored: StoredIncident): Incident => describeIncident(stored, stored)

export function createIncidentWriter(deps: WriterDeps): IncidentWriter {
  const { database, bus, log, media, hooks, indexer, assessor } = deps
  const pictures = createPictures({ media, log })

  /** Runs `write` and the hooks in one transaction; the event follows the commit. */
  async function commit(change: IncidentChange, id: string, write: (trx: Trx) => Promise<void>): Promise<void> {
    await database.transaction(async (trx, afterCommit) => {
      await write(trx)
      const stored = await findIncident(trx, id)
      if (!stored) return
      const { partOf } = stored
      if (partOf !== null) await carryOn(trx, partOf)
      const incident = describe(stored)
      for (const hook of hooks) await hook(trx, change, incident)
      // Whoever is alerted finds it in every list. What it grows by is put into the index right after.
      if (change === 'updated') afterCommit(() => indexer.wake())
      else await indexer.index(trx, [id])
      afterCommit(() => bus.emit('incident.changed', { change, incident }))
      const first = partOf === null ? null : await findIncident(trx, partOf)
      if (first) afterCommit(() => bus.emit('incident.changed', { change: 'updated', incident: describe(first) }))
    })
  }

  function grow(change: AssessedChange, incident: OpenIncident, write: (trx: Trx) => Promise<void>): Promise<void> {
    return pictures.around(incident, () =>
      commit(change, incident.id, async (trx) => {
        await write(trx)
        await writeTracks(trx, incident)
        await assessor.assess(trx, change, incident)
      }),
    )
  }

  return {
    open: (incident) =>
      grow('opened', incident, async (trx) => {
        // The beginning of its visit was rolled back, or removed: it stands for itself.
        if (incident.partOf !== null && !(await findIncident(trx, incident.partOf))) incident.partOf = null
        await insertIncident(trx, incident)
      }),
    update: (incident) => grow('updated', incident, (trx) => updateIncident(trx, incident)),
    close: (incident, closedAt) =>
      grow('closed', incident, async (trx) => {
        await updateIncident(trx, incident)
        await closeIncident(trx, incident.id, closedAt)
      }),
    setClip: (id, clip) => commit('updated', id, (trx) => setClip(trx, id, clip)),
    judge: (id, write) => commit('updated', id, write),
  }
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
