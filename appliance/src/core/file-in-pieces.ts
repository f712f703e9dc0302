import { createHash, type Hash } from 'node:crypto'
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LaresError } from './errors.ts'

/** One file that comes in pieces, in order. A new one takes the place of one that was never finished. */
export interface FileInPieces {
  begin(sizeBytes: number): Promise<void>
  /** Bytes that are here after `data` (base64). Throws `conflict` UPLOAD_OFFSET with where to go on, `not-found` when none was begun. */
  add(offset: number, data: string): Promise<number>
  /** SHA-256 of the whole file, in hex. Throws `conflict` UPLOAD_INCOMPLETE while it is not whole. */
  finish(): string
  drop(): Promise<void>
}

interface Running {
  sizeBytes: number
  receivedBytes: number
  hash: Hash
}

export function createFileInPieces(file: string): FileInPieces {
  let running: Running | null = null
  /** One piece after the other, whoever sends two at once. */
  let turn: Promise<unknown> = Promise.resolve()

  function need(): Running {
    if (running) return running
    throw new LaresError('not-found', 'No file is being sent. Begin anew.', { code: 'UPLOAD_NOT_BEGUN' })
  }

  async function append(offset: number, data: string): Promise<number> {
    const current = need()
    if (offset !== current.receivedBytes) {
      const details = { receivedBytes: current.receivedBytes }
      const words = `The next piece begins at ${current.receivedBytes}.`
      throw new LaresError('conflict', words, { code: 'UPLOAD_OFFSET', details })
    }
    const bytes = Buffer.from(data, 'base64')
    if (bytes.length === 0 || offset + bytes.length > current.sizeBytes)
      throw new LaresError('invalid', 'This piece does not fit into the file that was announced.')
    await appendFile(file, bytes)
    current.hash.update(bytes)
    current.receivedBytes += bytes.length
    return current.receivedBytes
  }

  return {
    async begin(sizeBytes) {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, '')
      running = { sizeBytes, receivedBytes: 0, hash: createHash('sha256') }
    },
    add(offset, data) {
      const mine = turn.then(() => append(offset, data))
      turn = mine.catch(() => undefined)
      return mine
    },
    finish() {
      const { sizeBytes, receivedBytes, hash } = need()
      if (receivedBytes === sizeBytes) return hash.copy().digest('hex')
      const words = `The file is not whole yet: ${receivedBytes} of ${sizeBytes} bytes are here.`
      throw new LaresError('conflict', words, { code: 'UPLOAD_INCOMPLETE' })
    },
    async drop() {
      running = null
      await rm(file, { force: true })
    },
  }
}
