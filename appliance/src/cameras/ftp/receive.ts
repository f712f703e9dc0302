import { randomBytes } from 'node:crypto'
import { rename, unlink, type FileHandle } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import { openNew, openToAppend } from './paths.ts'

/** Silence on a data connection after which the file is given up. */
const STALLED_MS = 30_000

export interface ReceiveLimits {
  /** The file may grow to this many bytes. */
  mostBytes: number
  /** Why it may not grow further, in FTP's words. */
  tooMuch: string
}

const tooLarge = (words: string): LaresError => new LaresError('too-large', words)

/**
 * Takes a whole file in beside its place and moves it there when it is complete; leaves nothing behind otherwise. Throws
 * `too-large`, `timeout`, `unavailable`.
 */
export async function receiveFile(socket: Socket, path: string, clock: Clock, limits: ReceiveLimits): Promise<number> {
  // Hidden, so that neither the watcher nor the client sees half a file.
  const part = join(dirname(path), `.part-${randomBytes(8).toString('hex')}`)
  try {
    const file = await openNew(part)
    let bytes = 0
    try {
      bytes = await writeAll(socket, file, clock, limits, 0)
    } finally {
      await file.close()
    }
    await rename(part, path)
    return bytes
  } catch (error) {
    await unlink(part).catch(() => undefined)
    throw asFtpError(error)
  }
}

/** Adds to a file that is there. */
export async function appendFile(socket: Socket, path: string, clock: Clock, limits: ReceiveLimits): Promise<number> {
  const file = await openToAppend(path).catch((error: unknown) => {
    throw asFtpError(error)
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile() || stats.nlink > 1) throw new LaresError('invalid', 'That name belongs to something else.')
    return await writeAll(socket, file, clock, limits, stats.size)
  } catch (error) {
    throw asFtpError(error)
  } finally {
    await file.close()
  }
}

async function writeAll(
  socket: Socket,
  file: FileHandle,
  clock: Clock,
  { mostBytes, tooMuch }: ReceiveLimits,
  already: number,
): Promise<number> {
  let bytes = 0
  const stall = watchStall(socket, clock)
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      stall.sign()
      bytes += chunk.length
      if (already + bytes > mostBytes) throw tooLarge(tooMuch)
      await file.write(chunk)
    }
  } finally {
    stall.end()
  }
  if (stall.happened()) throw new LaresError('timeout', 'The data connection fell silent.')
  return bytes
}

function watchStall(socket: Socket, clock: Clock) {
  let stalled = false
  const give = (): void => {
    stalled = true
    socket.destroy()
  }
  let cancel = clock.after(STALLED_MS, give)
  let signAt = clock.monotonic()
  return {
    sign() {
      // Not at every piece: setting timers thousands of times a second costs more than the copying.
      if (clock.monotonic() - signAt < 1_000) return
      signAt = clock.monotonic()
      cancel()
      cancel = clock.after(STALLED_MS, give)
    },
    end: () => cancel(),
    happened: () => stalled,
  }
}

function asFtpError(error: unknown): LaresError {
  if (error instanceof LaresError) return error
  const code = systemCodeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LaresError('unavailable', 'The disk is full.', { code: 'DISK_FULL', cause: error })
  if (code === 'ELOOP' || code === 'EISDIR') return new LaresError('invalid', 'That name belongs to something else.')
  return new LaresError('unavailable', 'The file could not be taken in.', { cause: error })
}
