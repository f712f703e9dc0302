import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { fileOf, type OpenIncident, type StoredSnapshot } from './open-incident.ts'
import type { IncidentMedia } from './types.ts'

/**
 * Takes the better picture of an incident, if there is one, runs `write`, and then removes the picture that lost: the
 * old one, or the new one when `write` failed. So a row never names a picture that is not there.
 */
export interface Pictures {
  around(incident: OpenIncident, write: () => Promise<void>): Promise<void>
}

export function createPictures({ media, log }: { media: IncidentMedia; log: Log }): Pictures {
  /** A full disk or a broken frame costs the picture, never the alert. */
  async function take(incident: OpenIncident): Promise<StoredSnapshot | null> {
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

  async function removeQuietly(file: string): Promise<void> {
    await media.folder.remove(file).catch((error: unknown) => {
      log.warn({ file, err: messageOf(error) }, 'An old picture could not be removed')
    })
  }

  return {
    async around(incident, write) {
      const old = incident.snapshot
      const fresh = await take(incident)
      if (fresh) incident.snapshot = fresh
      try {
        await write()
      } catch (error) {
        incident.snapshot = old
        if (fresh) await removeQuietly(fresh.file)
        throw error
      }
      if (fresh && old) await removeQuietly(old.file)
    },
  }
}
