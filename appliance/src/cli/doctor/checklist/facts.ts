import { access, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { allSettings } from '../../../all-settings.ts'
import { ageWords, isFresh, listBackups } from '../../../backup/index.ts'
import { ENVIRONMENT_VARIABLES } from '../../../boot-environment.ts'
import type { PeopleAtAGlance } from '../../../db/index.ts'
import { runToEnd } from '../../../core/subprocess.ts'
import type { CommandInput } from '../../command.ts'
import type { Patient } from '../finding.ts'

/** Everything that the items of the checklists are judged by, read once. */
export interface ChecklistFacts {
  stage: string
  debug: boolean
  adminEnabled: boolean
  hasAdminKey: boolean
  tlsMode: string
  certificateKey: string | null
  corsOrigins: readonly string[]
  rateLimits: boolean
  apiKeysOn: boolean
  /** API keys that the environment brings: the shortest one's length; null: none. */
  shortestImportedKey: number | null
  people: PeopleAtAGlance
  /** Files with secrets that others than their owner may read. */
  openFiles: readonly string[]
  /** Variables that hold a secret themselves instead of naming a file. */
  plainSecrets: readonly string[]
  /** TCP ports on which this machine listens to others, by any program. */
  listening: readonly number[]
  /** null: cannot be seen (not root, or no nft). */
  firewallShut: boolean | null
  automaticUpdates: boolean
  hasJournal: boolean
  hasFail2ban: boolean
  /** In words; null: there is none, or none of the last two days. */
  backupAge: string | null
}

/** A group may read what the package lays down for its own group. */
const [ALL_BUT_OWNER, STRANGERS] = [0o077, 0o007]

export async function readFacts(patient: Patient, root = '/'): Promise<ChecklistFacts> {
  const { input, settings } = patient
  const { config } = input
  const valueOf = (key: string): unknown => {
    const definition = allSettings.find((each) => each.key === key)
    return definition && settings.get(definition)
  }
  const keys = config.apiKeys.map(({ key }) => key.length)
  return {
    ...{ stage: config.environment, debug: config.debug, adminEnabled: config.adminEnabled },
    hasAdminKey: config.adminApiKey !== undefined,
    tlsMode: config.tls.mode ?? String(valueOf('tls.mode')),
    certificateKey: config.tls.keyPath ?? null,
    ...{ corsOrigins: config.corsOrigins, rateLimits: valueOf('limits.enabled') === true },
    ...{ apiKeysOn: valueOf('accounts.apiKeysEnabled') === true },
    shortestImportedKey: keys.length === 0 ? null : Math.min(...keys),
    people: await patient.people(),
    openFiles: await openFilesOf(config.dataDir, root),
    plainSecrets: Object.entries(ENVIRONMENT_VARIABLES)
      .filter(([name, { secret }]) => secret && config.variables.get(name) !== undefined)
      .map(([name]) => name),
    listening: await listeningPorts(root),
    firewallShut: await isFirewallShut(input),
    automaticUpdates: await updatesItself(root),
    hasJournal: await exists(join(root, 'run/systemd/journal')),
    hasFail2ban: await exists(join(root, 'etc/fail2ban')),
    backupAge: await newestAge(config.dataDir, input.clock.now()),
  }
}

async function newestAge(dataDir: string, now: number): Promise<string | null> {
  const [newest] = await listBackups(dataDir)
  return newest && isFresh(newest, now) ? ageWords(newest.at, now) : null
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

async function openFilesOf(dataDir: string, root: string): Promise<string[]> {
  const candidates = [
    { file: '.env', forbidden: ALL_BUT_OWNER },
    { file: join(root, 'etc/lares/lares.conf'), forbidden: STRANGERS },
    { file: join(dataDir, 'secret.key'), forbidden: ALL_BUT_OWNER },
  ]
  const modeOf = (file: string): Promise<number> =>
    stat(file).then(
      ({ mode }) => mode,
      () => 0,
    )
  const modes = await Promise.all(candidates.map(({ file }) => modeOf(file)))
  return candidates.filter(({ forbidden }, index) => ((modes[index] ?? 0) & forbidden) !== 0).map(({ file }) => file)
}

const LISTENS = '0A'

/** From the kernel's own table; loopback is left out. */
export async function listeningPorts(root: string): Promise<number[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(join(root, 'proc/net', name), 'utf8').catch(() => '')),
  )
  const rows = tables.flatMap((table) => table.trim().split('\n').slice(1))
  const ports = rows.flatMap((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/)
    const [address = '', port = ''] = local.split(':')
    return state === LISTENS && !isLoopback(address) ? [parseInt(port, 16)] : []
  })
  return [...new Set(ports)].sort((a, b) => a - b)
}

/** As the kernel writes them: 127.0.0.0/8 with its bytes turned round, ::1, and both in one. */
const isLoopback = (hex: string): boolean =>
  hex.length === 8 ? hex.endsWith('7F') : /^0{24}01000000$/.test(hex) || /^0{16}FFFF0000.{6}7F$/.test(hex)

async function isFirewallShut({ clock, log }: CommandInput): Promise<boolean | null> {
  try {
    const asked = { name: 'nft', command: 'nft', args: ['list', 'chains'], clock, log, timeoutMs: 5_000 }
    const { code, stdout } = await runToEnd(asked)
    return code === 0 ? /hook input priority [^;]+; policy drop;/.test(stdout.toString('utf8')) : null
  } catch {
    return null
  }
}

/** Debian's unattended-upgrades, or an image of ours, which brings its updates whole. */
async function updatesItself(root: string): Promise<boolean> {
  if (await exists(join(root, 'usr/share/lares/image-version'))) return true
  const folder = join(root, 'etc/apt/apt.conf.d')
  const names = await readdir(folder).catch(() => [])
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')))
  return texts.some((text) => /^\s*APT::Periodic::Unattended-Upgrade\s+"[1-9]/m.test(text))
}
