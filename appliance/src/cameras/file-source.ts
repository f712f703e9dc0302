import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { LaresError } from '../core/errors.ts'
import { trouble } from './problems.ts'

/** A `file` source must be a regular file that can be read: throws `invalid` (code FILE_MISSING) in words otherwise. */
export async function checkFile(path: string): Promise<void> {
  const missing = (message: string, cause?: unknown): LaresError =>
    new LaresError('invalid', message, { code: 'FILE_MISSING', details: { field: 'source' }, cause })
  let regular = false
  try {
    regular = (await stat(path)).isFile()
    await access(path, constants.R_OK)
  } catch (cause) {
    throw missing(trouble('file-missing').message, cause)
  }
  if (!regular) throw missing('That is not a file but a folder or a device. Name a video file.')
}
