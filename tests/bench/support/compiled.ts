import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileSources, toJs } from '../../../firmware-image/package/compile.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const target = join(repository, '.cache', 'bench-compiled')

/**
 * The sources as plain JavaScript, as the image runs them: without the compiler in memory, which alone weighs more
 * than a hundred plugs. Resolves with the compiled place of `file`, a path in the repository.
 */
export function compiled(file: string): string {
  rmSync(target, { recursive: true, force: true })
  const sources = ['appliance/src/**/*.ts', 'tests/{fakes,plugs,bench/support}/**/*.ts']
  compileSources({ repository, target, sources })
  writeFileSync(join(target, 'package.json'), '{"type":"module"}')
  return join(target, toJs(file))
}
