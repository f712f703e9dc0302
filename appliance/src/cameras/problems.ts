import type { CAMERA_PROBLEMS } from '../api/cameras.ts'
import { LaresError } from '../core/errors.ts'

export type ProblemReason = (typeof CAMERA_PROBLEMS)[number]

/** Why there are no pictures, in a word for the program and a sentence with a remedy for the person. */
export interface Trouble {
  reason: ProblemReason
  message: string
}

const MESSAGES: Readonly<Record<ProblemReason, string>> = {
  'wrong-address':
    'Nothing is found at this address. Check the name and the part after the last slash; the camera’s manual or app shows the right one.',
  unreachable:
    'The camera does not answer. Check that it has power and is on the home network, and that the port in its address is right.',
  'wrong-password': 'The camera refuses this user name or password. Type them again.',
  'not-video': 'What answers there sends no video. Check that the address is the one of the camera’s video stream.',
  'stream-ended': 'The camera ended the connection. Lares keeps trying.',
  'no-frames':
    'The camera is connected but sends no pictures. Switching it off and on usually helps. Lares keeps trying.',
  'file-missing': 'The file is not there any more, or Lares may not read it.',
  'untrusted-certificate':
    'The camera’s certificate is signed by nobody this box knows. Cameras usually sign their own: if you are sure of the address, allow it in the camera’s settings.',
  'address-refused':
    'This address leads to the box itself or to nowhere in the home. Type the camera’s own address on the home network.',
  'device-missing': 'The USB camera is not plugged in, or Lares may not use it. Plug it in again.',
  'folder-missing': 'The folder for its pictures cannot be made. See whether Lares may write to the upload folder.',
  'no-uploads': 'It has sent no picture yet. Type into the camera what its page shows here.',
  'program-missing': 'The video program ffmpeg is not installed on this box. Install the package ffmpeg.',
  unknown: 'The video stream cannot be opened. The log says more.',
}

/** For what finds out by itself what is wrong, apart from ffmpeg. */
export function troubleError(reason: ProblemReason, cause?: unknown): LaresError {
  return new LaresError('unavailable', MESSAGES[reason], { code: TROUBLE, details: { reason }, cause })
}

const TROUBLE = 'CAMERA_TROUBLE'

/** What decoders say when they break, as against cameras and networks. */
const DECODER_SIGNS =
  /hwaccel|hw_?device|hwdownload|vaapi|cuda|cuvid|nvdec|nvmpi|rkmpp|v4l2|drm|Failed to (transfer|download|get)|Error (while decoding|submitting|initializing)|Cannot allocate memory|No device available/i

/** Whether a run with a hardware decoder ended for its decoder. Without a picture, whatever is not plainly the camera's fault is. */
export function isDecodersFault(lines: readonly string[], sawPictures: boolean): boolean {
  const { reason } = readTrouble(lines, false)
  if (!sawPictures) return reason === 'unknown' || reason === 'not-video' || reason === 'file-missing'
  return lines.slice(-8).some((line) => DECODER_SIGNS.test(line))
}

export function trouble(reason: ProblemReason): Trouble {
  return { reason, message: MESSAGES[reason] }
}

/** First match wins: what a person can act on comes before what merely followed from it. */
const SIGNS: readonly [RegExp, ProblemReason][] = [
  [/401 Unauthorized|403 Forbidden|authorization failed|access denied/i, 'wrong-password'],
  [
    /404 Not Found|Failed to resolve hostname|Name or service not known|No address associated|Temporary failure in name resolution/i,
    'wrong-address',
  ],
  [
    /Connection refused|Connection timed out|No route to host|Network is unreachable|Host is down|Operation timed out/i,
    'unreachable',
  ],
  [/No such file or directory|Permission denied|Is a directory/i, 'file-missing'],
  [
    /matches no streams|does not contain any stream|Invalid data found|Could not find codec parameters|Format not on whitelist|not on whitelist|moov atom not found|Nothing was written|Protocol not found/i,
    'not-video',
  ],
  [/5\d\d Server Error|461 Unsupported|4\d\d [A-Z]|method \w+ failed/i, 'wrong-address'],
  [/Connection reset|Broken pipe|End of file|Input\/output error/i, 'unreachable'],
]

/**
 * Reads why ffmpeg ended out of its last lines. `sawPictures`: whether there were any; then whatever the lines say, the
 * stream was right and has ended.
 */
export function readTrouble(lines: readonly string[], sawPictures: boolean): Trouble {
  if (sawPictures) return trouble('stream-ended')
  const text = lines.slice(-30).join('\n')
  const sign = SIGNS.find(([pattern]) => pattern.test(text))
  return trouble(sign?.[1] ?? 'unknown')
}

/** The same for what was thrown before ffmpeg ran. */
export function troubleOfError(error: unknown): Trouble {
  if (error instanceof LaresError && error.code === TROUBLE) {
    return { reason: (error.details as { reason: ProblemReason }).reason, message: error.message }
  }
  if (error instanceof LaresError && error.code === 'PROGRAM_MISSING') return trouble('program-missing')
  if (error instanceof LaresError && error.code === 'FILE_MISSING')
    return { reason: 'file-missing', message: error.message }
  if (error instanceof LaresError && error.kind === 'timeout') return trouble('unreachable')
  return trouble('unknown')
}
