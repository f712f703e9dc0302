// Programs that come from Debian. As root they are installed; otherwise the one command to type is shown.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './places.mjs'
import { runCommand } from './run-command.mjs'
import { Stop, withProgress } from './say.mjs'

const ADVICE = 'Are the Debian package servers reachable from here?'

export const FOR_START = [{ program: 'ffmpeg', debian: 'ffmpeg' }]
export const FOR_BROWSER_TESTS = [
  // Of the broker's package: its own program is not on everybody's path.
  { program: 'mosquitto_passwd', debian: 'mosquitto' },
  { program: 'chromium', debian: 'chromium' },
  { program: 'firefox-esr', debian: 'firefox-esr' },
  { program: 'certutil', debian: 'libnss3-tools' },
]
export const FOR_TESTS = [...FOR_START, { program: 'openssl', debian: 'openssl' }]

export async function bringSystemPackages(wanted) {
  const missing = wanted.filter(({ program }) => !findProgram(program))
  if (missing.length === 0) return
  const packages = missing.map(({ debian }) => debian)
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) throw new Stop(whatToType(packages))
  await withProgress(`Installing ${packages.join(', ')} from Debian`, () => installFromDebian(packages))
  const stillMissing = missing.filter(({ program }) => !findProgram(program))
  if (stillMissing.length > 0) throw new Stop(whatToType(stillMissing.map(({ debian }) => debian)))
}

async function installFromDebian(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-q']
  await runCommand('apt-get', [...wait, 'update'], { cwd: root, env, advice: ADVICE })
  const install = [...wait, 'install', '-y', '--no-install-recommends', ...packages]
  await runCommand('apt-get', install, { cwd: root, env, advice: ADVICE })
}

function whatToType(packages) {
  const command = findProgram('apt-get')
    ? `sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`
    : `(with your system's package manager: ${packages.join(', ')})`
  return `Lares needs ${packages.join(', ')}, which this machine does not have. Please run\n\n  ${command}\n\nand then the same command again.`
}

export function findProgram(name) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
