import { fact, good, problem, warning, type Finding } from '../finding.ts'
import type { ChecklistFacts } from './facts.ts'

/** How one item of a checklist stands, by what is known of this machine. */
export type Judge = (name: string, facts: ChecklistFacts) => Finding

/** What no program can see: said as such, with what to do. */
export const yourself =
  (todo: string): Judge =>
  (name) =>
    fact(name, `Not for a program: do this yourself. ${todo}`)

/** What Lares is built so that it cannot be otherwise. */
export const byDesign =
  (words: string): Judge =>
  (name) =>
    good(name, words)

const LOCALHOST = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/
const DATABASE_PORTS = [5432, 3306, 27_017]
const REDIS_PORTS = [6379]
const AI_PORTS = [8090, 8091, 8092, 8093, 8094, 8095, 11_434]

export const debugOff: Judge = (name, { debug }) =>
  debug ? problem(name, 'DEBUG is on.', 'Take DEBUG out of the environment, then restart.') : good(name, 'Off.')

export const debugMayBeOn: Judge = (name, { debug, stage }) =>
  good(name, debug ? 'DEBUG is on.' : `Off; ${stage === 'development' ? 'it may be switched on' : 'not needed here'}.`)

export const adminOff: Judge = (name, { adminEnabled, hasAdminKey }) => {
  if (!adminEnabled) return good(name, 'Off.')
  const words = `ADMIN_ENABLED is on${hasAdminKey ? '' : ', without a key'}.`
  return problem(name, words, 'Take ADMIN_ENABLED out of the environment, then restart.')
}

export const httpsOn: Judge = (name, { tlsMode }) =>
  tlsMode === 'disabled'
    ? problem(name, 'TLS_MODE=disabled: everything crosses the network in the clear.', 'Take TLS_MODE out.')
    : good(name, tlsMode === 'self_signed' ? 'On, with the private root of this home.' : `On (${tlsMode}).`)

export const strongPasswords: Judge = (name, { people, shortestImportedKey }) => {
  const rule = 'Shorter ones than 12 characters, common and reused ones are refused.'
  if (people.admins === 0) return fact(name, `${rule} Nobody has an account yet.`)
  if (people.withoutSecondFactor > 0)
    return problem(name, `${people.withoutSecondFactor} administrators have no second factor.`, 'App: More → You.')
  if (shortestImportedKey !== null && shortestImportedKey < 32)
    return warning(
      name,
      `A key in API_KEYS has ${shortestImportedKey} characters.`,
      'Use 32 or more: openssl rand -base64 32',
    )
  return good(name, `${rule} Every administrator has a second factor.`)
}

export const noDefaultPassword: Judge = (name, { people }) =>
  people.admins > 0
    ? good(name, 'There is none: the administrator chose it at setup.')
    : fact(name, 'There is none: setup asks for one. Until then nothing else answers.')

export const rateLimits: Judge = (name, facts) =>
  facts.rateLimits
    ? good(name, 'On.')
    : problem(name, 'Switched off.', 'App: More → Settings → limits.enabled, or RATE_LIMIT_ENABLED=true.')

export const corsRestricted: Judge = (name, { corsOrigins }) =>
  corsOrigins.some((origin) => origin === '*')
    ? problem(name, 'Every web page may call the API.', 'Name the pages in CORS_ORIGINS.')
    : good(name, corsOrigins.length === 0 ? 'No other page may call the API.' : corsOrigins.join(', '))

export const corsWithoutLocalhost: Judge = (name, facts) => {
  const local = facts.corsOrigins.filter((origin) => LOCALHOST.test(origin))
  if (local.length > 0) return warning(name, `${local.join(', ')} is for development.`, 'Take it out of CORS_ORIGINS.')
  return corsRestricted(name, facts)
}

export const filesPrivate: Judge = (name, { openFiles }) =>
  openFiles.length === 0
    ? good(name, 'Only their owner reads the files with secrets.')
    : problem(name, `Others may read ${openFiles.join(', ')}.`, `chmod 600 ${openFiles.join(' ')}`)

export const secretsAsFiles: Judge = (name, { plainSecrets }) =>
  plainSecrets.length === 0
    ? good(name, 'No secret stands in the environment.')
    : warning(
        name,
        `${plainSecrets.join(', ')} stands in the environment.`,
        `Name a file instead: ${plainSecrets[0] ?? ''}_FILE`,
      )

export const firewallShut: Judge = (name, facts) => {
  const guide = 'Take a rule set from docs/guide/firewall.md.'
  if (facts.firewallShut === null) return warning(name, 'Only root can see that.', 'sudo lares doctor')
  return facts.firewallShut
    ? good(name, 'What is not allowed is dropped.')
    : warning(name, 'None that drops anything.', guide)
}

const notListening =
  (what: string, ports: readonly number[]): Judge =>
  (name, { listening }) => {
    const open = listening.filter((port) => ports.includes(port))
    if (open.length === 0) return good(name, `No ${what} listens to the network on this machine.`)
    return problem(
      name,
      `Something listens to the network on ${open.join(', ')}.`,
      'Bind it to 127.0.0.1 or an internal network.',
    )
  }

export const databaseInside = notListening('database', DATABASE_PORTS)
export const redisInside = notListening('Redis', REDIS_PORTS)
export const aiInside = notListening('AI service', AI_PORTS)

export const updatesItself: Judge = (name, { automaticUpdates }) =>
  automaticUpdates
    ? good(name, 'Security updates come by themselves.')
    : warning(
        name,
        'Security updates do not come by themselves.',
        'sudo apt install unattended-upgrades, then dpkg-reconfigure it',
      )

export const logsKept: Judge = (name, { hasJournal }) =>
  hasJournal
    ? good(name, 'systemd’s journal keeps them, within its limit of the disk.')
    : warning(
        name,
        'Lares prints its log, and nobody is seen to keep it.',
        'Run it as a service, or let your container engine rotate it.',
      )

export const auditKept: Judge = (name, { people }) => good(name, `On. ${people.auditEntries} entries.`)

export const everydayAccounts: Judge = (name, { people }) =>
  people.others > 0
    ? good(name, `${people.others} people are no administrators.`)
    : warning(name, 'Everybody is an administrator.', 'App: More → People → Invite, with the role Viewer or Operator.')

export const fail2ban: Judge = (name, { hasFail2ban }) =>
  hasFail2ban
    ? good(name, 'Installed. Lares itself slows down whoever guesses, too.')
    : fact(name, 'Not installed. Lares itself slows down whoever guesses, by account and by address.')

const ELSEWHERE = 'Copy the data folder to an encrypted disk elsewhere every week: docs/guide/backups.md.'

export const nightlyBackups: Judge = (name, { backupAge }) =>
  backupAge === null
    ? warning(
        name,
        'There is none of the last two days.',
        'Make one now: lares backup. The log says why the night made none.',
      )
    : good(
        name,
        `The newest is ${backupAge}. They lie on the same disk: ${ELSEWHERE.charAt(0).toLowerCase()}${ELSEWHERE.slice(1)}`,
      )

export const backupsEncrypted: Judge = (name) =>
  warning(
    name,
    'The nightly ones lie beside the database, as readable as it is; passwords and keys in both are sealed with secret.key.',
    ELSEWHERE,
  )

export const apiKeys: Judge = (name, { apiKeysOn }) =>
  good(name, apiKeysOn ? 'On. Without an account or a key nothing answers.' : 'Off: programs do not come in at all.')
