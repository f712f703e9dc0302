import * as judge from './judgements.ts'
import type { Judge } from './judgements.ts'

export const LISTS = ['development', 'staging', 'production', 'at first', 'regularly'] as const
export type ListName = (typeof LISTS)[number]

export interface ChecklistItem {
  /** `H` Home Security Intelligence, `K` Kasa Monitor; then the list, then the place in it. */
  id: string
  list: ListName
  /** As the guide has it. */
  title: string
  judge: Judge
}

const { yourself, byDesign } = judge
const list = (name: ListName, prefix: string, items: readonly (readonly [string, Judge])[]): ChecklistItem[] =>
  items.map(([title, judgement], index) => ({ id: `${prefix}${index + 1}`, list: name, title, judge: judgement }))

const sqlite = byDesign('There is none to set: the database is a file that only Lares opens.')
const vlan = yourself('Put cameras and plugs into a network of their own: docs/guide/firewall.md.')
const scan = yourself('node scripts/security-scan.mjs once a week; its timer is in docs/guide/security-scan.md.')
const restore = yourself(
  'Copy a kept data folder to another machine, run lares restore newest and start Lares there, sign in and look at an old incident.',
)
const runbook =
  'cut the box off, keep its data folder and log, end all sessions and keys in the app, change passwords, update.'

/** Every item of the checklists of both guides, in their order. A test holds this against the guides themselves. */
export const ITEMS: readonly ChecklistItem[] = [
  ...list('development', 'HD', [
    ['Debug mode can be enabled', judge.debugMayBeOn],
    ['Self-signed certs acceptable', judge.httpsOn],
    ['Default passwords acceptable', judge.noDefaultPassword],
    ['CORS allows localhost', judge.corsRestricted],
  ]),
  ...list('staging', 'HS', [
    ['TLS enabled (self-signed OK)', judge.httpsOn],
    ['API keys enabled', judge.apiKeys],
    ['Strong passwords used', judge.strongPasswords],
    ['Rate limiting enabled', judge.rateLimits],
    ['CORS restricted', judge.corsRestricted],
  ]),
  ...list('production', 'HP', [
    ['DEBUG=false', judge.debugOff],
    ['ADMIN_ENABLED=false', judge.adminOff],
    ['TLS with valid certificates', judge.httpsOn],
    ['API keys required', judge.apiKeys],
    ['POSTGRES_PASSWORD set (required)', sqlite],
    ['Strong, unique passwords for all services (32+ characters recommended)', judge.strongPasswords],
    ['.env file permissions are 600 (owner read/write only)', judge.filesPrivate],
    ['Docker secrets used for enhanced security (optional)', judge.secretsAsFiles],
    ['Firewall configured', judge.firewallShut],
    ['Database not exposed externally', judge.databaseInside],
    ['Redis not exposed externally', judge.redisInside],
    ['AI services not exposed externally', judge.aiInside],
    ['CORS restricted to your domain', judge.corsWithoutLocalhost],
    ['Log retention configured', judge.logsKept],
    ['Backups encrypted', judge.backupsEncrypted],
  ]),
  ...list('at first', 'KF', [
    ['Change default admin password', judge.noDefaultPassword],
    ['Enable HTTPS/SSL', judge.httpsOn],
    ['Configure firewall rules', judge.firewallShut],
    ['Use strong passwords', judge.strongPasswords],
    ['Regular updates', judge.updatesItself],
    ['Backup data', judge.nightlyBackups],
    ['Network isolation (VLAN)', vlan],
    ['Fail2ban configuration', judge.fail2ban],
    ['API rate limiting', judge.rateLimits],
    ['Audit logging', judge.auditKept],
    ['Security scanning', scan],
    [
      'Intrusion detection',
      byDesign('Failed sign-ins, refusals and limits are in the record, and many of them raise an alert.'),
    ],
  ]),
  ...list('regularly', 'KR', [
    ['Change default passwords', judge.noDefaultPassword],
    ['Create non-admin users', judge.everydayAccounts],
    ['Configure firewall', judge.firewallShut],
    ['Enable HTTPS', judge.httpsOn],
    ['Set up backups', judge.nightlyBackups],
    ['Regular updates', judge.updatesItself],
    ['Security scanning', scan],
    ['Log monitoring', yourself('Look at More → Record once a month.')],
    ['Access reviews', yourself('Twice a year: does everybody under People, Keys and Remote access still need it?')],
    ['Penetration testing', yourself('Let somebody you trust try, from the guest network and from outside.')],
    ['Incident plan documented', yourself(`Write down and keep on paper: ${runbook}`)],
    ['Backup restoration tested', restore],
    ['Contact list updated', yourself('Who is called when the box is down or was broken into?')],
    [
      'Recovery procedures ready',
      yourself('Recovery codes on paper, the kept data folder where a fire does not reach it.'),
    ],
  ]),
]
