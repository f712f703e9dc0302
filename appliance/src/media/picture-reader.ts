import { LaresError } from '../core/errors.ts'
import { frameBytes } from './frame.ts'

/** A picture taken out of the pipe, planar YUV 4:2:0. */
export interface Picture {
  width: number
  height: number
  data: Uint8Array<ArrayBuffer>
}

export interface PictureReaderOptions {
  /**
   * A picture's memory is taken back when so many newer ones have come: its `data` is then empty, never wrong. Left
   * out: never. Without it a camera leaves 2 MB of garbage a second, and collecting it costs more than watching.
   */
  takeBackAfter?: number
}

const FRAME_LINE = Buffer.from('FRAME\n')
const MAX_HEADER_BYTES = 512
const MAX_SIDE = 8_192
const NEW_LINE = 0x0a

type Waiting = 'header' | 'frame-line' | 'pixels'

/**
 * Puts YUV4MPEG2 pictures together from whatever pieces a pipe delivers. `push` copies, so pieces may be reused; it
 * throws `invalid` when the bytes are no YUV4MPEG2 of 4:2:0 pictures.
 */
export function createPictureReader(
  onPicture: (picture: Picture) => void,
  { takeBackAfter = Infinity }: PictureReaderOptions = {},
): { push(chunk: Uint8Array): void } {
  const lent: Uint8Array<ArrayBuffer>[] = []
  let waiting: Waiting = 'header'
  let line = Buffer.alloc(0)
  let size = { width: 0, height: 0 }
  let pixels = new Uint8Array(0)
  let filled = 0

  /** Adds to the current line up to and with its end; returns how many bytes it took. */
  function readLine(chunk: Uint8Array, from: number): number {
    const end = chunk.indexOf(NEW_LINE, from)
    const to = end < 0 ? chunk.length : end + 1
    line = Buffer.concat([line, chunk.subarray(from, to)])
    if (line.length > MAX_HEADER_BYTES) throw notPictures()
    if (end >= 0) finishLine()
    return to - from
  }

  function finishLine(): void {
    if (waiting === 'header') {
      size = readHeader(line.toString('latin1'))
      waiting = 'frame-line'
    } else {
      if (!line.subarray(0, 5).equals(FRAME_LINE.subarray(0, 5))) throw notPictures()
      pixels = memory()
      filled = 0
      waiting = 'pixels'
    }
    line = Buffer.alloc(0)
  }

  function memory(): Uint8Array<ArrayBuffer> {
    const oldest = lent.length >= takeBackAfter ? lent.shift() : undefined
    return oldest ? new Uint8Array(oldest.buffer.transfer()) : new Uint8Array(frameBytes(size.width, size.height))
  }

  function readPixels(chunk: Uint8Array, from: number): number {
    const taken = Math.min(chunk.length - from, pixels.length - filled)
    pixels.set(chunk.subarray(from, from + taken), filled)
    filled += taken
    if (filled === pixels.length) {
      waiting = 'frame-line'
      if (takeBackAfter < Infinity) lent.push(pixels)
      onPicture({ ...size, data: pixels })
    }
    return taken
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length;) at += waiting === 'pixels' ? readPixels(chunk, at) : readLine(chunk, at)
    },
  }
}

function readHeader(header: string): { width: number; height: number } {
  const fields = header.trim().split(' ')
  const side = (letter: string): number => Number(fields.find((field) => field.startsWith(letter))?.slice(1))
  const [width, height] = [side('W'), side('H')]
  const fits = (value: number): boolean => Number.isInteger(value) && value > 0 && value <= MAX_SIDE && value % 2 === 0
  const colour = fields.find((field) => field.startsWith('C')) ?? 'C420'
  if (fields[0] !== 'YUV4MPEG2' || !fits(width) || !fits(height) || !/^C420(jpeg|mpeg2|paldv)?$/.test(colour)) {
    throw notPictures()
  }
  return { width, height }
}

function notPictures(): LaresError {
  return new LaresError('invalid', 'The video program sent something that is not a row of pictures.')
}
