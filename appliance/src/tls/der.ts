/** The little of DER (X.690) that is written by hand here; what reads it are OpenSSL, NSS and phones. */
const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const OCTET_STRING = 0x04
const NULL = 0x05
const OBJECT_IDENTIFIER = 0x06
const BMP_STRING = 0x1e
const CONTEXT_CONSTRUCTED = 0xa0
const CONTEXT_PRIMITIVE = 0x80

/** In as few bytes as it fits, as DER wants it: NSS (Firefox) refuses a certificate with one byte too many. */
function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length]
  if (length < 0x100) return [0x81, length]
  return length < 0x1_00_00
    ? [0x82, length >> 8, length & 0xff]
    : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
}

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(body.length)]), body])
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => der(SEQUENCE, ...parts)
/** DER sorts the members of a set by their bytes. */
export const setOf = (...members: readonly Buffer[]): Buffer => der(SET, ...[...members].sort(Buffer.compare))
export const octets = (bytes: Uint8Array): Buffer => der(OCTET_STRING, bytes)
export const nothing = (): Buffer => der(NULL)
/** `[number]` around what keeps its own tag. */
export const explicit = (number: number, content: Uint8Array): Buffer => der(CONTEXT_CONSTRUCTED + number, content)
/** `[number]` in place of the tag of something without parts. */
export const implicit = (number: number, bytes: Uint8Array): Buffer => der(CONTEXT_PRIMITIVE + number, bytes)
/** UTF-16, big end first. */
export const bmpString = (text: string): Buffer => der(BMP_STRING, utf16Be(text))

/** From 0 to 2³¹ - 1. */
export function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt32BE(value, 1)
  let start = 0
  // Without zeros in front, but one where the first bit would read as a minus.
  while (start < 4 && bytes[start] === 0 && (bytes[start + 1] ?? 0) < 0x80) start++
  return der(INTEGER, bytes.subarray(start))
}

/** `1.2.840.113549` as seven bits a byte, each arc apart. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left & 0x7f))
    return groups
  })
  return der(OBJECT_IDENTIFIER, Buffer.from(bytes))
}

export const utf16Be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()
