import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
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

/** These stay modules: they bring machine code, and find it by their own place. All others are joined into the server. */
export const WHOLE_MODULES = ['sqlite3', 'sharp', 'onnxruntime-node'] as const

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
    keepOnlyPapers(join(staging, 'node_modules'))
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

type Installed = Record<string, { dependencies?: object; optionalDependencies?: object; link?: boolean }>

/** Folders below `node_modules` of the modules that stay whole, and of all that these need. */
export function wholeFolders(installed: Installed): Set<string> {
  const whole = new Set<string>()
  const visit = (name: string, from: string): void => {
    const near = `${from}/node_modules/${name}`
    const path = near in installed ? near : `node_modules/${name}`
    const found = installed[path]
    if (found === undefined || whole.has(path)) return
    whole.add(path)
    for (const each of Object.keys({ ...found.dependencies, ...found.optionalDependencies })) visit(each, path)
  }
  for (const name of WHOLE_MODULES) visit(name, '')
  return whole
}

const PAPERS = /^(package\.json|(licen[cs]e|copying|notice|third).*)$/i

/** Of a module that is joined into the server its name, version and licence stay; the list of what is inside is made of them. */
function keepOnlyPapers(modules: string): void {
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: Installed }
  const whole = wholeFolders(packages)
  const joined = Object.keys(packages).filter((path) => !whole.has(path) && !packages[path]?.link)
  // The deepest first: a module inside another one has its own papers.
  for (const path of joined.sort((a, b) => b.length - a.length)) {
    const folder = join(modules, '..', path)
    if (!existsSync(folder)) continue
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || (entry.isFile() && PAPERS.test(entry.name))) continue
      rmSync(join(folder, entry.name), { recursive: true })
    }
  }
}

function prune(modules: string, npmCpu: string): void {
  for (const path of globSync(unused(npmCpu), { cwd: modules }))
    rmSync(join(modules, path), { recursive: true, force: true })
  const kept = join(modules, 'onnxruntime-node', 'bin', 'napi-v6', 'linux', npmCpu)
  if (!existsSync(kept)) throw new Error(`onnxruntime-node has no build for ${npmCpu} any more: look into modules.ts.`)
}
