import { access, chmod, mkdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { writeFileDurably } from './disk.ts'
import { LaresError, systemCodeOf } from './errors.ts'

const KEY_BYTES = 32
const OWNER_ONLY = 0o700
const PROBE_BYTES = 65_536

function folderError(folder: string, cause: unknown): LaresError {
  switch (systemCodeOf(cause)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new LaresError(
        'unavailable',
        `The data folder ${folder} cannot be written. Choose another with LARES_DATA or --data, or give this user the right to write there.`,
        { code: 'DATA_NOT_WRITABLE', cause },
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return new LaresError(
        'unavailable',
        `The disk that holds the data folder ${folder} is full. Free some space, then start again.`,
        {
          code: 'DISK_FULL',
          cause,
        },
      )
    case 'EEXIST':
    case 'ENOTDIR':
      return new LaresError('unavailable', `The data folder ${folder} cannot be made: there is a file of that name.`, {
        code: 'DATA_NOT_A_FOLDER',
        cause,
      })
    default:
      return new LaresError('unavailable', `The data folder ${folder} cannot be used.`, {
        code: 'DATA_UNUSABLE',
        cause,
      })
  }
}

async function probe(folder: string): Promise<void> {
  const file = join(folder, `.write-test-${process.pid}`)
  try {
    await writeFile(file, randomBytes(PROBE_BYTES), { mode: 0o600 })
  } finally {
    await rm(file, { force: true })
  }
}

/** Makes the folder (for its owner only) and proves that it can be written. Throws `unavailable` with what to do. */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    const made = await mkdir(folder, { recursive: true, mode: OWNER_ONLY })
    if (made !== undefined) await chmod(folder, OWNER_ONLY)
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    await probe(folder)
  } catch (error) {
    throw folderError(folder, error)
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/**
 * The key that everything secret hangs on: made once, mode 600. Throws `unavailable` KEY_MISSING when there is a
 * database already (a new key could not open what is sealed in it), or KEY_DAMAGED.
 */
export async function loadMasterKey(file: string, databaseFile: string): Promise<Buffer> {
  if (!(await exists(file))) {
    if (await exists(databaseFile))
      throw new LaresError(
        'unavailable',
        `The key file ${file} is missing, but the database ${databaseFile} is there. Put the key back from a backup; a new one could not open the stored secrets.`,
        { code: 'KEY_MISSING' },
      )
    await writeFileDurably(file, `${randomBytes(KEY_BYTES).toString('base64url')}\n`)
  }
  const text = (await readFile(file, 'utf8')).trim()
  const key = Buffer.from(text, 'base64url')
  if (key.length === KEY_BYTES) return key
  throw new LaresError(
    'unavailable',
    `The key file ${file} is damaged. Put it back from a backup. Nothing was changed.`,
    {
      code: 'KEY_DAMAGED',
    },
  )
}

/** Bytes that this user may still write on the disk of `folder`. */
export async function freeDiskBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
