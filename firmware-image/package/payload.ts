import { cpSync, mkdirSync, writeFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_MODEL_FILE } from '../../appliance/src/vision/models/places.ts'
import { compileSources } from './compile.ts'
import { bringModules } from './modules.ts'
import { openToRead } from './modes.ts'
import type { Architecture } from './targets.ts'

export interface PayloadOptions {
  repository: string
  architecture: Architecture
  /** An empty or missing folder; becomes what `/usr/lib/lares` and the container's `/opt/lares` hold. */
  target: string
}

const PARTS_OF_MANIFEST = ['name', 'version', 'license', 'type'] as const

/**
 * Everything that runs, without anything that builds: compiled server, app, model, modules and Node itself. The tree is
 * that of the repository, so that what finds its neighbours by a relative path finds them here too.
 */
export function buildPayload({ repository, architecture, target }: PayloadOptions): void {
  mkdirSync(target, { recursive: true })
  bringModules({ repository, architecture, target })
  compileSources({ repository, target, sources: ['appliance/{src,sidecars}/**/*.ts'] })
  const manifest = JSON.parse(readFileSync(join(repository, 'appliance', 'package.json'), 'utf8')) as object
  const kept = Object.entries(manifest).filter(([key]) => PARTS_OF_MANIFEST.includes(key as 'name'))
  writeFileSync(join(target, 'appliance', 'package.json'), `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`)
  cpSync(join(repository, 'pwa', 'dist'), join(target, 'pwa', 'dist'), { recursive: true })
  const model = DEFAULT_MODEL_FILE.slice(repository.length).replace(/^\//, '')
  cpSync(DEFAULT_MODEL_FILE, join(target, model))
  for (const file of ['LICENSE', 'NOTICE']) cpSync(join(repository, file), join(target, file))
  openToRead(target)
}
