import { createConnection, type Socket } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { systemCodeOf } from '../../core/errors.ts'

export interface KnockOptions {
  clock: Clock
  timeoutMs: number
  signal: AbortSignal
}

/** `open`: somebody listens. `closed`: a device is there, nobody listens. `silent`: nobody, or a wall. */
export type Knock = 'open' | 'closed' | 'silent'

export function knock(host: string, port: number, options: KnockOptions): Promise<Knock> {
  const open = withSocket<Knock>(host, port, options, (socket, done) => socket.once('connect', () => done('open')))
  return open.catch((error: unknown) => (systemCodeOf(error) === 'ECONNREFUSED' ? 'closed' : 'silent'))
}

const MAX_ANSWER = 4_096

/** Says something and hears what comes first, up to the end of its headers; null when nothing sensible does. */
export function converse(host: string, port: number, words: string, options: KnockOptions): Promise<string | null> {
  return withSocket<string | null>(host, port, options, (socket, done) => {
    let heard = ''
    socket.setEncoding('latin1')
    socket.once('connect', () => socket.write(words))
    socket.on('data', (chunk: string) => {
      heard += chunk
      if (heard.includes('\r\n\r\n') || heard.length > MAX_ANSWER) done(heard.slice(0, MAX_ANSWER))
    })
    socket.on('end', () => done(heard === '' ? null : heard))
  }).catch(() => null)
}

/** A connection that is always closed again, in time. */
function withSocket<T>(
  host: string,
  port: number,
  { clock, timeoutMs, signal }: KnockOptions,
  use: (socket: Socket, done: (value: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error('Stopped.'))
    const socket = createConnection({ host, port })
    const end = (settle: () => void): void => {
      cancel()
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      settle()
    }
    const onAbort = (): void => end(() => reject(new Error('Stopped.')))
    const cancel = clock.after(timeoutMs, () => end(() => reject(new Error('No answer in time.'))))
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('error', (error) => end(() => reject(error)))
    use(socket, (value) => end(() => resolve(value)))
  })
}
