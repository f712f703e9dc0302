import type { Database } from '../db/index.ts'
import type { Log } from '../core/log.ts'
import { oldestWithClip } from './store.ts'
import type { IncidentMedia } from './types.ts'
import type { IncidentWriter } from './writer.ts'

/** Above the mark at which clips are kept again (media's ENOUGH_BYTES), so that both agree. */
const WANTED_BYTES = 800 * 1024 * 1024
const MOST_AT_ONCE = 50

/** While the disk is nearly full: removes the oldest clips until there is room. Incidents and their pictures stay. */
export async function freeSpace(deps: {
  database: Database
  media: IncidentMedia
  writer: Pick<IncidentWriter, 'setClip'>
  log: Log
}): Promise<number> {
  const { database, media, writer, log } = deps
  if (!media.isDiskLow()) return 0
  for (let removed = 0; ; removed++) {
    const oldest =
      removed < MOST_AT_ONCE && (await media.freeBytes()) < WANTED_BYTES ? await oldestWithClip(database.reader) : null
    if (oldest?.clip.state !== 'ready') return removed
    // The row first: an incident never names a clip that is not there.
    await writer.setClip(oldest.id, { state: 'missing', reason: 'The clip was removed to free space on the disk.' })
    await media.folder.remove(oldest.clip.file)
    log.warn({ incident: oldest.id }, 'A clip was removed to free space')
  }
}
