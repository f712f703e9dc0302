import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '../../appliance/src/api/audit.ts'
import type { Person } from '../../appliance/src/api/people.ts'
import type { SettingEntry } from '../../appliance/src/api/system.ts'

function setting(
  key: string,
  words: string,
  schema: Record<string, unknown>,
  initial: unknown,
  change: Partial<SettingEntry> = {},
): SettingEntry {
  const feature = key.split('.')[0] ?? key
  return { key, feature, words, value: initial, initial, schema, secret: false, env: null, setByEnv: false, ...change }
}

const days = { type: 'integer', minimum: 0, maximum: 3_650 }

/** One of each kind of editor. */
export const SETTINGS: SettingEntry[] = [
  setting(
    'home.name',
    'What this home is called: in the app, in alerts and on the sign-in page.',
    { type: 'string', minLength: 1, maxLength: 64 },
    'Home',
    { value: 'Casa Lindgren' },
  ),
  setting(
    'accounts.passwordMaxAgeDays',
    'After how many days sign-in asks for a new password. 0 turns it off.',
    days,
    90,
    { env: 'PASSWORD_MAX_AGE_DAYS' },
  ),
  setting(
    'accounts.maxConcurrentSessions',
    'On how many phones and browsers one person may be signed in at once; one more signs out the oldest.',
    { type: 'integer', minimum: 1, maximum: 50 },
    3,
    { env: 'MAX_CONCURRENT_SESSIONS', setByEnv: true, value: 5 },
  ),
  setting('accounts.apiKeysEnabled', 'Whether programs may ask Lares with an API key.', { type: 'boolean' }, true),
  setting(
    'alerts.contact',
    'Contact told to push services, as their rules ask: mailto: or https:.',
    { type: 'string', maxLength: 200, pattern: '^(mailto|https):' },
    'https://example.com',
  ),
  setting(
    'alerts.relayPassword',
    'Password of the relay that alerts go through.',
    { anyOf: [{ type: 'string', minLength: 8 }, { type: 'null' }] },
    null,
    { secret: true, value: null },
  ),
  setting(
    'incidents.quietSeconds',
    'Seconds of quiet after which an incident is over.',
    { type: 'number', exclusiveMinimum: 0, maximum: 600 },
    30,
  ),
  setting(
    'vision.pace',
    'How hard the detector works.',
    { type: 'string', enum: ['calm', 'usual', 'eager'] },
    'usual',
    { value: 'calm' },
  ),
  setting(
    'plugs.searchNetworks',
    'Networks beside the own one in which plugs are looked for.',
    { type: 'array', items: { type: 'string' } },
    [],
  ),
  setting(
    'updates.feed',
    'Address of a list of new versions, asked once a day. Whoever keeps it learns the address of your home.',
    { type: 'string', maxLength: 2_000 },
    '',
  ),
  setting('updates.atNight', 'Install new versions from that list by themselves at night.', { type: 'boolean' }, false),
]

/** A busy week: enough for several pages. */
export function recordOf(people: readonly Person[]): AuditEntry[] {
  const [ada, ben] = people
  const entry = (type: string, minutesAgo: number, change: Partial<AuditEntry> = {}): AuditEntry => ({
    id: randomUUID(),
    at: Date.now() - minutesAgo * 60_000,
    type,
    severity: 'INFO',
    userId: ada?.id ?? null,
    username: 'ada',
    role: 'admin',
    address: '192.168.1.20',
    userAgent: 'Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36',
    sessionId: randomUUID(),
    resource: null,
    details: {},
    ...change,
  })
  const nobody = { userId: null, username: null, role: null, sessionId: null }
  return [
    entry('login_success', 2),
    entry('login_failure', 9, {
      ...nobody,
      severity: 'WARNING',
      resource: `user:${ben?.id ?? ''}`,
      details: { reason: 'PASSWORD_WRONG' },
    }),
    entry('user_updated', 30, {
      resource: `user:${ben?.id ?? ''}`,
      details: { fields: ['role'], roleBefore: 'viewer', role: 'operator' },
    }),
    entry('setting_changed', 44, { resource: 'setting:vision.pace' }),
    entry('token_reuse', 70, {
      severity: 'CRITICAL',
      userId: ben?.id ?? null,
      username: 'ben',
      address: '192.168.1.66',
    }),
    entry('password_changed', 95),
    entry('user_deleted', 130, { resource: 'user:nobody-any-more' }),
    entry('api_key_created', 180, { resource: `api-key:${randomUUID()}` }),
    ...Array.from({ length: 120 }, (_, index) =>
      entry('login_success', 600 + index * 60, index % 2 ? { userId: ben?.id ?? null, username: 'ben' } : {}),
    ),
  ]
}
