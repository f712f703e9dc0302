import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { TARGETS, type Architecture } from './targets.ts'

export interface ModulesOptions {
  repository: string
  architecture: Architecture
  /** Gets `node_modules` and `bin/node`. */
  target: string
}

/** What npm needs to install exactly the locked versions. */
const MANIFESTS = ['package.json', 'package-lock.json', '.npmrc', '{appliance,pwa,tests}/package.json']

/** Brings the locked modules that the product runs with, for another processor too, and the Node that runs it. */
export function bringModules({ repository, architecture, target }: ModulesOptions): void {
  const { npmCpu, nodePackage } = TARGETS[architecture]
  const staging = mkdtempSync(join(tmpdir(), 'lares-modules-'))
  try {
    for (const file of globSync(MANIFESTS, { cwd: repository })) {
      mkdirSync(dirname(join(staging, file)), { recursive: true })
      copyFileSync(join(repository, file), join(staging, file))
    }
    const wanted = ['--workspace=@lares/appliance', '--include-workspace-root', '--omit=dev']
    const machine = ['--os=linux', `--cpu=${npmCpu}`, '--libc=glibc']
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-progress', '--loglevel=error', ...wanted, ...machine], {
      cwd: staging,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    takeNode(join(staging, 'node_modules', nodePackage), target)
    prune(join(staging, 'node_modules'), npmCpu)
    cpSync(join(staging, 'node_modules'), join(target, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

function takeNode(folder: string, target: string): void {
  mkdirSync(join(target, 'bin'), { recursive: true })
  renameSync(join(folder, 'bin', 'node'), join(target, 'bin', 'node'))
  chmodSync(join(target, 'bin', 'node'), 0o755)
}

/** Of each package: what another machine would run, and what only a developer reads. Licences stay. */
function unused(npmCpu: string): string[] {
  const others = npmCpu === 'x64' ? 'arm64' : 'x64'
  return [
    '.package-lock.json',
    '**/.bin',
    '@lares',
    'node-linux-*',
    ...['darwin', 'win32', `linux/${others}`].map((each) => `onnxruntime-node/bin/napi-v6/${each}`),
    ...['deps', 'src', 'binding.gyp', 'prebuilds/{darwin,win32}-*', `prebuilds/linux-${others}`].map(
      (each) => `sqlite3/${each}`,
    ),
    'sqlite3/prebuilds/*/*.musl.node',
    '**/*.{map,ts,mts,cts}',
  ]
}

function prune(modules: string, npmCpu: string): void {
  for (const path of globSync(unused(npmCpu), { cwd: modules }))
    rmSync(join(modules, path), { recursive: true, force: true })
  const kept = join(modules, 'onnxruntime-node', 'bin', 'napi-v6', 'linux', npmCpu)
  if (!existsSync(kept)) throw new Error(`onnxruntime-node has no build for ${npmCpu} any more: look into modules.ts.`)
}
