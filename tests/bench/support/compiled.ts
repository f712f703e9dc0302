import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const target = join(repository, '.cache', 'bench-compiled')

/**
 * The sources as plain JavaScript, as the image runs them: without the compiler in memory, which alone weighs more
 * than a hundred plugs. Resolves with the compiled place of `file`, a path in the repository.
 */
export function compiled(file: string): string {
  rmSync(target, { recursive: true, force: true })
  for (const source of globSync(['appliance/src/**/*.ts', 'tests/{fakes,plugs,bench/support}/**/*.ts'], {
    cwd: repository,
  })) {
    const to = join(target, toJs(source))
    mkdirSync(dirname(to), { recursive: true })
    const code = stripTypeScriptTypes(readFileSync(join(repository, source), 'utf8'))
    writeFileSync(to, code.replace(/(from |import\()(['"]\.[^'"]+)\.ts(['"])/g, '$1$2.js$3'))
  }
  for (const data of globSync('appliance/src/**/*.json', { cwd: repository }))
    cpSync(join(repository, data), join(target, data))
  writeFileSync(join(target, 'package.json'), '{"type":"module"}')
  return join(target, toJs(file))
}

const toJs = (file: string): string => file.replace(/\.ts$/, '.js')
