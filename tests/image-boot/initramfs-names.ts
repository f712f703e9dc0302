import { gunzipSync, zstdDecompressSync } from 'node:zlib'

const ZSTD = 0xfd2fb528
const GZIP = 0x8b1f
const HEADER_BYTES = 110
const TRAILER = 'TRAILER!!!'

/** Names of all files in an initramfs: archives (cpio "newc") one after another, plain ones first, the last one packed. */
export function initramfsNames(bytes: Buffer): string[] {
  const names: string[] = []
  let at = 0
  while (at < bytes.length) {
    if (bytes[at] === 0) at++
    else if (bytes.toString('latin1', at, at + 5) === '07070') at = readArchive(bytes, at, names)
    else return [...names, ...initramfsNames(unpacked(bytes.subarray(at)))]
  }
  return names
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes.readUInt32LE(0) === ZSTD) return zstdDecompressSync(bytes)
  if (bytes.readUInt16LE(0) === GZIP) return gunzipSync(bytes)
  throw new Error(`The initramfs is packed in a way that is not known here: ${bytes.subarray(0, 4).toString('hex')}`)
}

const aligned = (offset: number): number => (offset + 3) & ~3

/** Reads one archive to its trailer; returns where the next begins. Offsets are aligned from the archive's beginning. */
function readArchive(bytes: Buffer, start: number, names: string[]): number {
  let at = start
  while (at + HEADER_BYTES <= bytes.length) {
    const field = (index: number): number =>
      parseInt(bytes.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16)
    const [size, nameBytes] = [field(6), field(11)]
    const name = bytes.toString('utf8', at + HEADER_BYTES, at + HEADER_BYTES + nameBytes - 1)
    at = start + aligned(at - start + HEADER_BYTES + nameBytes)
    at = start + aligned(at - start + size)
    if (name === TRAILER) return at
    names.push(name)
  }
  return bytes.length
}
