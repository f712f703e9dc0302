import { join } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { cleanPicture, type MediaFolder } from '../media/index.ts'
import type { StoredPicture } from './plug-store.ts'

/** Pictures that the owner gives plugs, in the media folder. */
export interface Pictures {
  /** Draws it anew and keeps it. Throws `invalid` PICTURE_INVALID. */
  keep(plugId: string, bytes: Uint8Array, now: number): Promise<StoredPicture>
  /** Never throws: a file too many costs space and nothing else. */
  drop(picture: StoredPicture | null): Promise<void>
}

/** Enough for a phone held upright. */
const LONGEST_SIDE_PX = 1_280
const FOLDER = 'plugs'

export function createPictures(folder: MediaFolder, log: Log): Pictures {
  return {
    async keep(plugId, bytes, now) {
      const { jpeg, width, height } = await cleanPicture(bytes, LONGEST_SIDE_PX)
      // A new name for each: what a phone has kept of the old one is never shown for it.
      const file = `${FOLDER}/${plugId}-${now.toString(36)}.jpg`
      await folder.write(file, jpeg)
      return { file, width, height }
    },
    async drop(picture) {
      if (!picture) return
      await folder.remove(picture.file).catch((error: unknown) => {
        log.warn({ file: picture.file, err: messageOf(error) }, 'A picture could not be removed')
      })
    },
  }
}

/** Path in the API; another one for each new picture. */
export function pictureUrl(plugId: string, picture: StoredPicture | null): string | null {
  if (!picture) return null
  const version = /-([0-9a-z]+)\.jpg$/.exec(picture.file)?.[1] ?? '0'
  return `/api/plugs/${plugId}/picture.jpg?v=${version}`
}

/** Inside the data folder, as file replies name it. */
export const pathInData = (picture: StoredPicture): string => join('media', picture.file)
