// Makes the default detection model once, out of a package that npm ci has brought; nothing is downloaded.
import { existsSync } from 'node:fs'
import { productEnvironment } from './node-version.mjs'
import { defaultModelFile, inRoot, root } from './places.mjs'
import { runCommand } from './run-command.mjs'
import { say, withProgress } from './say.mjs'

export async function buildDefaultModel(node) {
  if (existsSync(defaultModelFile)) return
  const args = [inRoot('appliance', 'src', 'cli', 'main.ts'), 'models', 'build-default']
  const advice = 'Lares runs without it, but sees nothing until a model is added.'
  try {
    await withProgress('Making the default detection model (once)', () =>
      runCommand(node, args, { cwd: root, env: productEnvironment(), advice }),
    )
  } catch (error) {
    say(`${error.message}\n`)
  }
}
