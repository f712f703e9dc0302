import { UPLOAD_CHUNK_BYTES, type BeginUpload, type UploadReply } from '../../api/models.ts'
import { LaresError } from '../../core/errors.ts'
import { createFileInPieces } from '../../core/file-in-pieces.ts'

/** One model file that comes in pieces. A new one takes the place of one that was never finished. */
export interface Upload {
  begin(what: BeginUpload): Promise<UploadReply>
  /** Throws `conflict` UPLOAD_OFFSET with where to go on, `not-found` when none was begun. */
  add(offset: number, data: string): Promise<UploadReply>
  /** What was said of it, once it is whole. Throws `conflict` while it is not. */
  finish(): BeginUpload
  drop(): Promise<void>
}

export function createUpload(file: string): Upload {
  const pieces = createFileInPieces(file)
  let said: BeginUpload | null = null
  const reply = (receivedBytes: number): UploadReply => ({ receivedBytes, chunkBytes: UPLOAD_CHUNK_BYTES })

  return {
    async begin(what) {
      await pieces.begin(what.sizeBytes)
      said = what
      return reply(0)
    },
    add: async (offset, data) => reply(await pieces.add(offset, data)),
    finish() {
      pieces.finish()
      if (said) return said
      throw new LaresError('not-found', 'No file is being sent. Begin anew.', { code: 'UPLOAD_NOT_BEGUN' })
    },
    async drop() {
      said = null
      await pieces.drop()
    },
  }
}
