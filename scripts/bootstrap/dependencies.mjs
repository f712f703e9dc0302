// Brings what package-lock.json names, and knows within a few milliseconds that it is already there.
import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inRoot, root } from './places.mjs'
import { runCommand } from './run-command.mjs'
import { withProgress } from './say.mjs'

const ADVICE = 'Is the npm registry reachable from here? Then run the same command again: it continues from here.'

export async function bringDependencies() {
  if (isInstalled(root)) return
  await withProgress('Fetching the pinned packages, Node 24 among them (1 to 3 minutes, once)', () => install(root))
}

export async function bringTools() {
  const folder = inRoot('scripts', 'tools')
  if (isInstalled(folder)) return
  await withProgress('Fetching the checking tools', () => install(folder))
}

/** Lighthouse with all it brings: only who measures the app needs it. */
export async function bringLighthouse() {
  const folder = inRoot('scripts', 'measuring')
  if (isInstalled(folder)) return
  await withProgress('Fetching Lighthouse', () => install(folder))
}

/** For one test: a language model's engine, without its builds for graphics cards. */
export async function bringLanguageModel() {
  const folder = inRoot('tests', 'language-model')
  if (isInstalled(folder)) return
  await withProgress('Fetching the engine for the test of the language model', () => install(folder, 'omit'))
}

export function isInstalled(folder) {
  const stamp = wantedStamp(folder)
  if (readOr(stampFile(folder), '') === stamp) return true
  if (!matchesLock(folder)) return false
  writeFileSync(stampFile(folder), stamp)
  return true
}

async function install(folder, optional = 'include') {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', `--${optional}=optional`]
  await runNpm([...args, '--loglevel=error'], { cwd: folder, advice: ADVICE })
  writeFileSync(stampFile(folder), wantedStamp(folder))
}

/** Runs the npm that was typed, with the Node that runs now; without one, the npm on the path. */
export function runNpm(args, { cwd, advice, node = process.execPath }) {
  const npm = process.env.npm_execpath
  const env = npmEnvironment()
  return npm?.endsWith('.js')
    ? runCommand(node, [npm, ...args], { cwd, env, advice })
    : runCommand('npm', args, { cwd, env, advice })
}

function npmEnvironment() {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(lifecycle|package|command|config_local)/.test(name),
  )
  const env = { ...Object.fromEntries(inherited), ORT_DISABLE_TELEMETRY: '1', ONNXRUNTIME_NODE_INSTALL: 'skip' }
  if (!isWritableFolder(homedir())) env.npm_config_cache = inRoot('.cache', 'npm')
  return env
}

function isWritableFolder(folder) {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}

const stampFile = (folder) => join(folder, 'node_modules', '.lares-lock')

function wantedStamp(folder) {
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  return `${hash} ${process.platform}-${process.arch}\n`
}

/** True when somebody has run npm ci or npm install by hand: npm's own record names the same versions as the lockfile. */
function matchesLock(folder) {
  const lock = readPackages(join(folder, 'package-lock.json'))
  const installed = readPackages(join(folder, 'node_modules', '.package-lock.json'))
  if (!lock || !installed) return false
  return Object.entries(lock)
    .filter(([place, wanted]) => place.startsWith('node_modules/') && !wanted.link)
    .every(([place, wanted]) => {
      const got = installed[place]
      return got ? got.version === wanted.version : wanted.optional === true || wanted.devOptional === true
    })
}

function readPackages(file) {
  const text = readOr(file, '')
  return text ? JSON.parse(text).packages : undefined
}

function readOr(file, fallback) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return fallback
  }
}

export function keepStamp(file, stamp) {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, stamp)
}

export const readStamp = (file) => readOr(file, '')
