import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const FOLDER = join(ROOT, '.cache', 'python-kasa')
const LIBRARY = join(FOLDER, 'unpacked', 'usr', 'lib', 'python3', 'dist-packages')
const JUDGE = fileURLToPath(new URL('python_kasa_judge.py', import.meta.url))
const PYTHON = '/usr/bin/python3'
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
/** It is in Debian's testing only; what it needs besides is fetched beside it, what is older is the machine's own. */
const PACKAGES = [
  'python3-kasa',
  'python3-mashumaro',
  'python3-asyncclick',
  'python3-typing-extensions',
  'python3-anyio',
]
const LIMIT_MS = 120_000

/**
 * Brings python-kasa (GPL, run as a program of its own) from Debian testing into `.cache`, without touching the
 * machine's own packages. Why it cannot be had, or null when it can.
 */
export function bringPythonKasa(): string | null {
  if (!existsSync(LIBRARY)) {
    const why = fetchPackages()
    if (why !== null) return why
  }
  const ready = spawnSync(PYTHON, ['-c', 'import kasa'], { env: environment(), timeout: LIMIT_MS })
  return ready.status === 0 ? null : 'python-kasa does not start here (is python3-aiohttp installed?)'
}

function fetchPackages(): string | null {
  if (!existsSync(KEYRING)) return 'no Debian'
  const etc = join(FOLDER, 'etc')
  for (const folder of [etc, join(FOLDER, 'state', 'lists', 'partial'), join(FOLDER, 'cache', 'archives', 'partial')])
    mkdirSync(folder, { recursive: true })
  writeFileSync(join(FOLDER, 'status'), '')
  writeFileSync(join(etc, 'sources.list'), `deb [signed-by=${KEYRING}] http://deb.debian.org/debian forky main\n`)
  const own = {
    'Dir::State': join(FOLDER, 'state'),
    'Dir::State::status': join(FOLDER, 'status'),
    'Dir::Cache': join(FOLDER, 'cache'),
    'Dir::Etc': etc,
    'APT::Sandbox::User': 'root',
  }
  const options = Object.entries(own).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  for (const command of [
    ['-q', 'update'],
    ['download', ...PACKAGES],
  ]) {
    const { status } = spawnSync('apt-get', [...options, ...command], { cwd: FOLDER, timeout: LIMIT_MS })
    if (status !== 0) return 'Debian testing cannot be reached'
  }
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.deb')))
    spawnSync('dpkg', ['-x', join(FOLDER, file), join(FOLDER, 'unpacked')], { timeout: LIMIT_MS })
  return existsSync(LIBRARY) ? null : 'Debian testing has no python3-kasa now'
}

export interface Judgement {
  model?: string
  on: boolean
  power?: number | null
  children?: string[]
}

/** What it saw before and after switching on; rejects with what it printed when it could not. */
export function judge(host: string, user: string, password: string): Promise<Judgement[]> {
  const child = spawn(PYTHON, [JUDGE, host, user, password], { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, errors] = ['', '']
  child.stdout.on('data', (text) => (out += String(text)))
  child.stderr.on('data', (text) => (errors += String(text)))
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => {
      clearTimeout(timer)
      if (code !== 0) return reject(new Error(`python-kasa gave up (${code}): ${errors.slice(-2_000)}`))
      resolve(
        out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Judgement),
      )
    })
  })
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PYTHONPATH: LIBRARY, PYTHONDONTWRITEBYTECODE: '1' }
}
