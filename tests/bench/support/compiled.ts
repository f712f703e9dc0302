import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const target = join(repository, '.cache', 'bench-compiled')
const FOLDERS = ['appliance/src', 'tests/fakes', 'tests/plugs', 'tests/bench/support']

/**
 * The sources as plain JavaScript, each file for itself: without the compiler in memory, which alone weighs more than a
 * hundred plugs. Returns the compiled place of `file`, a path in the repository.
 */
export function compiled(file: string): string {
  rmSync(target, { recursive: true, force: true })
  for (const source of filesEnding('ts'))
    write(toJs(source), compileText(readFileSync(join(repository, source), 'utf8')))
  for (const data of filesEnding('{json,jpg,py}')) cpSync(join(repository, data), join(target, data))
  write('package.json', '{"type":"module"}')
  return join(target, toJs(file))
}

const filesEnding = (ending: string): string[] =>
  globSync(
    FOLDERS.map((folder) => `${folder}/**/*.${ending}`),
    { cwd: repository },
  )

function write(file: string, text: string): void {
  const path = join(target, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const IMPORTED_SOURCE = /(from |import\()(['"]\.[^'"]+)\.ts(['"])/g
const compileText = (text: string): string => stripTypeScriptTypes(text).replace(IMPORTED_SOURCE, '$1$2.js$3')
const toJs = (file: string): string => file.replace(/\.ts$/, '.js')
