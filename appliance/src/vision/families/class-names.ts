import { open, readFile, type FileHandle } from 'node:fs/promises'

const MOST_CLASSES = 1_000
const MOST_BYTES = 256 * 1024

// Field numbers of the ONNX format's ModelProto and StringStringEntryProto.
const METADATA = 14
const KEY = 1
const VALUE = 2

/** Where the names of a model's classes may be written down: one a line. */
export function classNamesFile(modelFile: string): string {
  return modelFile.replace(/\.onnx$/i, '') + '.names'
}

/** What a model's classes are called: from the file beside it, or from its own metadata; null when neither says. */
export async function readClassNames(modelFile: string): Promise<string[] | null> {
  try {
    const beside = parseNamesFile(await readFile(classNamesFile(modelFile), 'utf8'))
    if (beside.length > 0) return beside
  } catch {
    // Most models have none.
  }
  try {
    const metadata = await readMetadata(modelFile)
    const names = parseNames(metadata.get('names') ?? metadata.get('classes') ?? '')
    return names.length > 0 ? names : null
  } catch {
    // What is wrong with the file is said by whoever opens it as a model.
    return null
  }
}

export function parseNamesFile(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  return lines.filter((line) => line !== '' && !line.startsWith('#')).slice(0, MOST_CLASSES)
}

/** `{0: 'person', 1: 'dog'}` as Python writes it, or a list `["person", "dog"]`. */
export function parseNames(text: string): string[] {
  const pattern = /(?:(\d{1,4})["']?\s*:\s*)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")(?!\s*:)/g
  const names: string[] = []
  for (const [, place, single, double] of text.matchAll(pattern)) {
    const at = place === undefined ? names.length : Number(place)
    if (at < MOST_CLASSES) names[at] = (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')
  }
  return Array.from(names, (name) => name ?? '')
}

/** The file's own notes. Its graph, which is nearly all of it, is stepped over and never read. */
async function readMetadata(modelFile: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const file = await open(modelFile, 'r')
  try {
    const { size } = await file.stat()
    for (let at = 0; at < size;) {
      const field = await readField(file, at)
      if (!field) break
      if (field.number === METADATA && field.length <= MOST_BYTES) {
        const [key, value] = parseEntry(await readBytes(file, field.start, field.length))
        found.set(key, value)
      }
      at = field.start + field.length
    }
    return found
  } finally {
    await file.close()
  }
}

interface Field {
  number: number
  start: number
  length: number
}

async function readBytes(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}

const LONGEST_HEADER = 20

async function readField(file: FileHandle, at: number): Promise<Field | null> {
  const field = parseField(await readBytes(file, at, LONGEST_HEADER), 0)
  return field && { ...field, start: at + field.start }
}

/** One field of a protocol buffer, or null when this is none. */
function parseField(bytes: Buffer, at: number): Field | null {
  const tag = readVarint(bytes, at)
  if (!tag) return null
  const number = Math.floor(tag.value / 8)
  switch (tag.value % 8) {
    case 0: {
      const value = readVarint(bytes, tag.next)
      return value && { number, start: tag.next, length: value.next - tag.next }
    }
    case 1:
      return { number, start: tag.next, length: 8 }
    case 2: {
      const length = readVarint(bytes, tag.next)
      return length && { number, start: length.next, length: length.value }
    }
    case 5:
      return { number, start: tag.next, length: 4 }
    default:
      return null
  }
}

function readVarint(bytes: Buffer, at: number): { value: number; next: number } | null {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return null
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  return null
}

function parseEntry(bytes: Buffer): [string, string] {
  const texts = new Map<number, string>()
  for (let at = 0; at < bytes.length;) {
    const field = parseField(bytes, at)
    if (!field) break
    texts.set(field.number, bytes.subarray(field.start, field.start + field.length).toString('utf8'))
    at = field.start + field.length
  }
  return [texts.get(KEY) ?? '', texts.get(VALUE) ?? '']
}
