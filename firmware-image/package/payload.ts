import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, writeFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DEFAULT_MODEL_FILE } from '../../appliance/src/vision/models/places.ts'
import { bringModules } from './modules.ts'
import { openToRead } from './modes.ts'
import type { Architecture } from './targets.ts'

export interface PayloadOptions {
  repository: string
  architecture: Architecture
  /** An empty or missing folder; becomes what `/usr/lib/lares` and the container's `/opt/lares` hold. */
  target: string
}

const BUNDLER = fileURLToPath(new URL('./bundle.ts', import.meta.url))
/** A picture for the self-test, and sidecars for chips whose libraries are Python's. */
const READ_BY_NAME = ['appliance/src/**/*.jpg', 'appliance/sidecars/**/*.py']
const PARTS_OF_MANIFEST = ['name', 'version', 'license', 'type'] as const

/**
 * Everything that runs, without anything that builds: the server joined into few files, which halves its start, the app,
 * the model, modules with machine code, and Node itself. What is started or read by its name is where the repository has
 * it.
 */
export function buildPayload({ repository, architecture, target }: PayloadOptions): void {
  mkdirSync(target, { recursive: true })
  bringModules({ repository, architecture, target })
  placeServer({ repository, target })
  cpSync(join(repository, 'pwa', 'dist'), join(target, 'pwa', 'dist'), { recursive: true })
  const model = DEFAULT_MODEL_FILE.slice(repository.length).replace(/^\//, '')
  cpSync(DEFAULT_MODEL_FILE, join(target, model))
  for (const file of ['LICENSE', 'NOTICE']) cpSync(join(repository, file), join(target, file))
  openToRead(target)
}

/** The programs, their version, and what they read by name, without the modules that stay whole. */
export function placeServer({ repository, target }: Pick<PayloadOptions, 'repository' | 'target'>): void {
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', BUNDLER, target], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (const file of globSync(READ_BY_NAME, { cwd: repository })) cpSync(join(repository, file), join(target, file))
  const manifest = JSON.parse(readFileSync(join(repository, 'appliance', 'package.json'), 'utf8')) as object
  const kept = Object.entries(manifest).filter(([key]) => PARTS_OF_MANIFEST.includes(key as 'name'))
  writeFileSync(join(target, 'appliance', 'package.json'), `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`)
}
