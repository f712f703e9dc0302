import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Part } from '../core/part.ts'
import { createDiskSpace } from './disk-space.ts'
import { encodeJpeg } from './jpeg.ts'
import { frameBytes, type Frame } from './frame.ts'
import { createMediaFolder, type MediaFolder } from './media-folder.ts'

export { frameBytes, type Frame } from './frame.ts'
export {
  cameraStreamArgs,
  concatList,
  cutArgs,
  fileInputArgs,
  framesArgs,
  previewArgs,
  proofArgs,
  readProgress,
  SEGMENT_S,
  type CutOptions,
  type DecodingEffort,
  type StreamSource,
  type UsbFormat,
} from './ffmpeg-args.ts'
export { hardwareDecoders, type DecodingFacts, type HardwareDecoder } from './hardware-decoders.ts'
export { pictureOfJpeg } from './jpeg-to-picture.ts'
export { canBeRecorded, readStreamInfo, type StreamInfo } from './stream-info.ts'
export { coverOf, maskFilter, paintBlack } from './privacy-mask.ts'
export { createPictureReader, type Picture } from './picture-reader.ts'
export { encodeJpeg } from './jpeg.ts'
export { readStill, type StillFile } from './read-still.ts'
export { cleanPicture, type CleanPicture } from './clean-picture.ts'
export { createMediaFolder, type MediaFolder } from './media-folder.ts'
export { ENOUGH_BYTES, LOW_BYTES } from './disk-space.ts'

export interface MediaDeps {
  dataDir: string
  /** The ffmpeg program. */
  ffmpeg: string
  clock: Clock
  log: Log
  notices: NoticeBoard
  /** For tests: free bytes of the disk under a path. */
  freeBytesOf?: (path: string) => Promise<number>
}

/** Pictures, clips, the disk they lie on and the program that makes them. */
export interface Media extends Part {
  readonly folder: MediaFolder
  readonly ffmpeg: string
  encodeJpeg(frame: Pick<Frame, 'width' | 'height' | 'data'>, quality?: number): Promise<Buffer>
  freeBytes(): Promise<number>
  /** True while no new clips should be written. */
  isDiskLow(): boolean
}

/** Folder, inside the media folder, that a camera's stream is kept in for some minutes. */
export function bufferFolder(cameraId: string): string {
  return `buffer/${cameraId}`
}

/**
 * Name, inside that folder, of a recording that a camera sent afterwards: when it was taken, and when it came, since what is
 * kept is reckoned from there.
 */
export function sentSegmentName(takenAt: number, arrivedAt: number, masked: boolean): string {
  return `${String(Math.floor(takenAt / 1_000))}-${String(Math.floor(arrivedAt / 1_000))}${masked ? '.masked' : ''}.ts`
}

export function createMedia(deps: MediaDeps): Media {
  const folder = createMediaFolder(join(deps.dataDir, 'media'))
  const { clock, log, notices, freeBytesOf } = deps
  const space = createDiskSpace({ folder: folder.root, clock, log, notices, ...(freeBytesOf ? { freeBytesOf } : {}) })
  return {
    name: 'media',
    folder,
    ffmpeg: deps.ffmpeg,
    encodeJpeg,
    freeBytes: space.freeBytes,
    isDiskLow: space.isLow,
    async start() {
      await mkdir(folder.root, { recursive: true, mode: 0o700 })
      await space.freeBytes()
      // The first JPEG loads the encoder (about 60 ms); no alert should wait for that.
      await encodeJpeg({ width: 16, height: 16, data: new Uint8Array(frameBytes(16, 16)) })
      await space.start()
    },
    stop: space.stop,
  }
}
