import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { LaresError } from '../../core/errors.ts'
import { trouble } from '../problems.ts'
import { tryStream } from '../try-stream.ts'
import { Watcher } from '../watcher.ts'
import { refuse } from './address.ts'
import type { Parsed, SourceKind } from './types.ts'

/** A video on the box that plays in a loop, in real time: for trying out. */
export const file: SourceKind<'file'> = {
  parse: ({ path }) => ({ source: { kind: 'file', path: checkPath(path) }, credentials: null }),
  show: ({ source }) => ({ kind: source.kind, address: source.path, hasPassword: false }),
  check: ({ source }) => checkFile(source.path),
  run: (parsed, deps) => new Watcher({ ...deps, open: () => openFile(parsed) }),
  tryOut: (parsed, deps, signal) => tryStream(() => openFile(parsed), deps, signal),
}

function checkPath(path: string): string {
  if (!isAbsolute(path)) throw refuse('Give the whole path of the file on the box, beginning with /.')
  if (path.includes('\0')) throw refuse('That is not a path of a file.')
  return path
}

async function openFile({ source }: Parsed<'file'>): Promise<Parsed<'file'>['source']> {
  await checkFile(source.path)
  return source
}

/** A `file` source must be a regular file that can be read: throws `invalid` (code FILE_MISSING) in words otherwise. */
async function checkFile(path: string): Promise<void> {
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
