import type { IncomingMessage } from 'node:http'
import { LaresError } from '../core/errors.ts'

const tooLarge = (maxBytes: number): LaresError =>
  new LaresError(
    'too-large',
    `The request is larger than ${Math.ceil(maxBytes / 1024)} KB, which is the most that is taken here.`,
  )

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > maxBytes) throw tooLarge(maxBytes)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    // Leaving the loop early must not tear the connection down: the refusal still has to go out on it.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      // A chunked body announces nothing; counting is the only honest way.
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof LaresError) throw error
    throw new LaresError('invalid', 'The request ended before it was complete.', {
      code: 'REQUEST_TIMEOUT',
      cause: error,
    })
  }
  return Buffer.concat(chunks)
}

/**
 * JSON may spell half a character (`\ud800`). No keyboard makes one, and whatever encodes it later throws or changes it:
 * names, passwords and addresses would come back different, or not at all.
 */
function refuseBrokenText(name: string, value: unknown): unknown {
  if (!name.isWellFormed() || (typeof value === 'string' && !value.isWellFormed()))
    throw new LaresError('invalid', 'The request has text with half a character in it.', { code: 'BAD_JSON' })
  return value
}

/** Reads a JSON body. Undefined when there is none. Throws `too-large`, or `invalid` when it is not JSON. */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes)
  if (bytes.length === 0) return undefined
  // Nothing is ever unpacked: a small body stays small (SEC-C9).
  if ((request.headers['content-encoding'] ?? 'identity').trim().toLowerCase() !== 'identity')
    throw new LaresError('invalid', 'Packed requests are not taken here (no Content-Encoding).', {
      code: 'UNSUPPORTED_MEDIA_TYPE',
    })
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new LaresError('invalid', 'Only JSON is taken here (Content-Type: application/json).', {
      code: 'UNSUPPORTED_MEDIA_TYPE',
    })
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), refuseBrokenText)
  } catch (cause) {
    if (cause instanceof LaresError) throw cause
    throw new LaresError('invalid', 'The request is not valid JSON.', { code: 'BAD_JSON', cause })
  }
}
