import { LaresError } from '../../core/errors.ts'

/** Why a file was not taken, for the camera's page. */
export const REFUSALS = {
  empty: 'It has nothing in it.',
  'too-small': 'It is smaller than 10 KB: not a whole picture.',
  'too-large': 'It is larger than what is taken in (setting uploads.largestMb).',
  'still-growing': 'It kept growing for ten minutes.',
  'wrong-type': 'Its content is not what its name says.',
  damaged: 'It cannot be read to its end: cut off or damaged.',
  'too-many-pixels': 'Its picture is too large to be one of a camera.',
  'too-long': 'Decoding it takes more time than a clip may.',
  'not-a-file': 'It is a link or a device, not a file.',
  'bad-name': 'Its name has characters or a length that no camera uses.',
  unreadable: 'Lares may not read it.',
  'no-program': 'The video program ffmpeg is not installed on this box.',
} as const

export type RefusalReason = keyof typeof REFUSALS

export interface Refusal {
  /** Below the camera's folder. */
  file: string
  reason: RefusalReason
  words: string
  at: number
}

export class UploadRefused extends LaresError {
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, cause?: unknown) {
    super('invalid', REFUSALS[reason], { code: 'UPLOAD_REFUSED', cause })
    this.reason = reason
  }
}
