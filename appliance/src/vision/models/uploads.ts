import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { UPLOAD_CHUNK_BYTES, type BeginUpload, type UploadReply } from '../../api/models.ts'
import { LaresError } from '../../core/errors.ts'
import { modelsFolder, type ModelPlaces } from './places.ts'

/** One file that comes in pieces. A new one takes the place of one that was never finished. */
export interface Upload {
  begin(what: BeginUpload): Promise<UploadReply>
  /** Throws `conflict` UPLOAD_OFFSET with where to go on, `not-found` when none was begun. */
  add(offset: number, data: string): Promise<UploadReply>
  /** What was said of it, once it is whole. Throws `conflict` while it is not. */
  finish(): BeginUpload
  drop(): Promise<void>
}

export function createUpload(places: ModelPlaces, file: string): Upload {
  let running: { what: BeginUpload; receivedBytes: number } | null = null
  /** One piece after the other, whoever sends two at once. */
  let turn: Promise<unknown> = Promise.resolve()

  const reply = (receivedBytes: number): UploadReply => ({ receivedBytes, chunkBytes: UPLOAD_CHUNK_BYTES })

  function need(): NonNullable<typeof running> {
    if (running) return running
    throw new LaresError('not-found', 'No file is being sent. Begin anew.', { code: 'UPLOAD_NOT_BEGUN' })
  }

  async function append(offset: number, data: string): Promise<UploadReply> {
    const current = need()
    if (offset !== current.receivedBytes) {
      const details = { receivedBytes: current.receivedBytes }
      const words = `The next piece begins at ${current.receivedBytes}.`
      throw new LaresError('conflict', words, { code: 'UPLOAD_OFFSET', details })
    }
    const bytes = Buffer.from(data, 'base64')
    if (bytes.length === 0 || offset + bytes.length > current.what.sizeBytes)
      throw new LaresError('invalid', 'This piece does not fit into the file that was announced.')
    await appendFile(file, bytes)
    current.receivedBytes += bytes.length
    return reply(current.receivedBytes)
  }

  return {
    async begin(what) {
      await mkdir(modelsFolder(places), { recursive: true })
      await writeFile(file, '')
      running = { what, receivedBytes: 0 }
      return reply(0)
    },
    add(offset, data) {
      const mine = turn.then(() => append(offset, data))
      turn = mine.catch(() => undefined)
      return mine
    },
    finish() {
      const { what, receivedBytes } = need()
      if (receivedBytes === what.sizeBytes) return what
      const words = `The file is not whole yet: ${receivedBytes} of ${what.sizeBytes} bytes are here.`
      throw new LaresError('conflict', words, { code: 'UPLOAD_INCOMPLETE' })
    },
    async drop() {
      running = null
      await rm(file, { force: true })
    },
  }
}
