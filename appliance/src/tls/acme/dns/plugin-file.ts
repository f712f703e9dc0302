import { lstat, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { LaresError } from '../../../core/errors.ts'

/** Folder in the data folder where the owner installs plugins: `npm install --prefix <data>/acme-plugins NAME`. */
const FOLDER = 'acme-plugins'
const WRITABLE_BY_OTHERS = 0o022
const PACKAGE = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/

const refuse = (words: string): LaresError => new LaresError('invalid', words, { code: 'PLUGIN_REFUSED' })

const isInside = (folder: string, file: string): boolean => {
  const path = relative(folder, file)
  return path !== '' && !path.startsWith('..') && !isAbsolute(path)
}

/** Only what the owner of this box put there may run: a page can name a file, so the file must not be anybody's. */
async function requireOurs(dataDir: string, file: string): Promise<void> {
  const whole = await realpath(dataDir)
  if (isInside(whole, file) && !isInside(join(whole, FOLDER), file))
    throw refuse(
      `The plugin ${file} lies in the data folder, where pictures and uploads are; use its folder ${FOLDER}.`,
    )
  for (const path of [file, dirname(file)]) {
    const { mode, uid } = await lstat(path)
    const own = uid === 0 || uid === process.getuid?.()
    if (!own || (mode & WRITABLE_BY_OTHERS) !== 0) throw refuse(`The plugin may be changed by others: ${path}.`)
  }
}

/** The file of a plugin, by absolute path or by the name of a package in its folder. Throws `invalid`. */
async function findPlugin(dataDir: string, name: string): Promise<string> {
  if (!isAbsolute(name) && !PACKAGE.test(name))
    throw refuse(`${name} is neither a package nor the whole path of a file.`)
  try {
    return await realpath(createRequire(join(dataDir, FOLDER, 'from-here.js')).resolve(name))
  } catch {
    const where = isAbsolute(name) ? '' : ` It is looked for in ${join(dataDir, FOLDER)}.`
    throw refuse(`The plugin ${name} is not there.${where}`)
  }
}

/** What the module of a plugin exports. Its code runs with all rights of this program. */
export async function loadPlugin(dataDir: string, name: string): Promise<unknown> {
  const file = await findPlugin(dataDir, name)
  await requireOurs(dataDir, file)
  const loaded = (await import(file)) as { default?: unknown }
  return loaded.default ?? loaded
}
