import type { Socket } from 'node:net'
import { LaresError } from '../core/errors.ts'
import { MAX_LINE_BYTES } from './protocol/index.ts'

/** The JSON values that come over a socket, one a line. Throws on what is no JSON and on a line without an end. */
export async function* readJsonLines(socket: Socket): AsyncGenerator {
  let rest = ''
  socket.setEncoding('utf8')
  // Whoever has read enough may still answer.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield parse(line)
    if (Buffer.byteLength(rest) > MAX_LINE_BYTES) throw new LaresError('too-large', 'The line is too long.')
  }
}

export function writeJsonLine(socket: Socket, value: unknown): void {
  if (!socket.writable) return
  socket.write(`${JSON.stringify(value)}\n`)
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new LaresError('invalid', 'The line is not JSON.', { cause })
  }
}
