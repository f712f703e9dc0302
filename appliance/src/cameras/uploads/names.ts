/** Letters, digits, `_` only: what HSI makes of a folder's name, so that its cameras keep their ids. */
export function cameraNameOf(folder: string): string {
  return folder.toLowerCase().replaceAll(/[\s-]/g, '_')
}

const STILL = /\.(jpe?g|png)$/i
const CLIP = /\.(mp4|mkv|avi|mov)$/i

export type UploadKind = 'still' | 'clip'

/** Null: not a picture by its name; it is left alone. */
export function kindOf(fileName: string): UploadKind | null {
  if (STILL.test(fileName)) return 'still'
  return CLIP.test(fileName) ? 'clip' : null
}

const LONGEST_NAME_BYTES = 200
// eslint-disable-next-line no-control-regex -- they are what is looked for
const ODD = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd\\]/

/** Whether a name may be opened and shown: no tricks, nothing hidden. */
export function isPlainName(name: string): boolean {
  return !name.startsWith('.') && !ODD.test(name) && Buffer.byteLength(name) <= LONGEST_NAME_BYTES
}

/** For people: what cannot be shown is a dot. */
export const shownName = (name: string): string => name.replaceAll(new RegExp(ODD, 'g'), '·').slice(0, 80)

const FOLDER = /^[A-Za-z0-9_][A-Za-z0-9 _.-]{0,62}$/

/** What a camera's folder may be called. */
export const isFolderName = (name: string): boolean => FOLDER.test(name) && !name.endsWith(' ')

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text

const MOV_BEGINNINGS = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']

const SIGNATURES: Readonly<Record<string, (bytes: Uint8Array) => boolean>> = {
  jpg: (bytes) => startsWith(bytes, '\xff\xd8\xff'),
  png: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n'),
  mp4: (bytes) => MOV_BEGINNINGS.some((mark) => startsWith(bytes, mark, 4)),
  mkv: (bytes) => startsWith(bytes, '\x1a\x45\xdf\xa3'),
  avi: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'AVI ', 8),
}
const SAME_SIGNATURE: Readonly<Record<string, string>> = { jpeg: 'jpg', mov: 'mp4' }

/** Whether the first bytes are what the name's ending promises. A JPEG called .png is no lie that hurts. */
export function isWhatItSays(fileName: string, first: Uint8Array): boolean {
  const ending = fileName.toLowerCase().split('.').at(-1) ?? ''
  const said = SAME_SIGNATURE[ending] ?? ending
  const likely = said === 'jpg' || said === 'png' ? ['jpg', 'png'] : [said]
  return likely.some((name) => SIGNATURES[name]?.(first))
}
