import { realpath } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { LaresError, systemCodeOf } from '../core/errors.ts'

const notThere = (cause?: unknown): LaresError =>
  new LaresError('not-found', 'This file is not there any more.', { cause })

/**
 * The real path of a file inside `folder`, symbolic links followed. Throws `not-found` for everything outside, so that
 * nobody learns what exists elsewhere (SEC-C4).
 */
export async function resolveInside(folder: string, path: string): Promise<string> {
  if (path.includes('\0')) throw notThere()
  const wanted = resolve(folder, path)
  if (!wanted.startsWith(resolve(folder) + sep)) throw notThere()
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(wanted)])
    if (!real.startsWith(root + sep)) throw notThere()
    return real
  } catch (error) {
    if (error instanceof LaresError) throw error
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(systemCodeOf(error) ?? '')) throw notThere(error)
    throw error
  }
}

/** A file below `folder` by already decoded segments of an address. */
export function resolveSegments(folder: string, segments: readonly string[]): Promise<string> {
  return resolveInside(folder, join('.', ...segments))
}
