// docs/reference/security-rows.md: each row of the security requirements and the tests that carry its id.
import { GENERATED, table } from './markdown.ts'
import { readSources } from './read-code.ts'

/** In the order of the requirements; the words are ours, short. */
export const SECURITY_ROWS: Readonly<Record<string, string>> = {
  A1: 'No default password; the first administrator needs the one-time code; before that everything answers 503',
  A2: 'Password policy, kept by the server',
  A3: 'argon2id; a bcrypt hash is accepted on import and replaced',
  A4: 'Authenticator codes, each accepted once; recovery codes',
  A5: 'Passkeys',
  A6: 'Access and refresh tokens; a refresh token that comes back ends its session',
  A7: 'Signing keys rotate, with a grace counted from the rotation',
  A8: 'Sessions: how many, how long, bound to their browser, ended at once',
  A9: 'One shape for every error',
  A10: 'Roles, permissions, limits to cameras; no route without a permission',
  A11: 'API keys',
  A12: 'Guessing is slowed down and nobody is locked out for good',
  A13: 'Admin endpoints only where switched on twice, with a key',
  A14: 'A fresh second factor for dangerous acts',
  B1: 'TLS modes',
  B2: 'Private root, limited to homes',
  B3: 'Trust page',
  B4: 'Certificates by ACME',
  B5: 'Client certificates',
  B6: 'Redirect, HSTS, header set',
  B7: 'No other site can change anything',
  B8: 'Only names of this box are answered',
  C1: 'Rate-limit tiers',
  C2: 'CORS by a list',
  C3: 'Metrics',
  C4: 'No path leads out of the media folder',
  C5: 'Firewall',
  C6: 'WireGuard',
  C7: 'fail2ban',
  C8: 'Remote AI services',
  C9: 'Sizes and times are capped',
  D1: 'Secrets from files',
  D2: 'Setup script',
  D3: 'Encryption at rest',
  D4: 'Backups',
  D5: 'Retention',
  D6: 'Logs without secrets',
  D7: 'Upload validation',
  D8: 'Signed plugins',
  D9: 'Lockdown',
  E1: 'Record of who did what',
  E2: 'Kinds of record entries',
  E3: 'Tamper evidence',
  E4: 'Exports',
  E5: 'GDPR',
  E6: 'Access report',
  F1: 'Container',
  F2: 'systemd unit',
  F3: 'Supply chain',
  F4: 'SECURITY.md',
  F5: 'Checklists that check themselves',
}

export interface ProvingTest {
  readonly title: string
  readonly file: string
}

const TITLE = /\b(?:test|it|describe)(?:\.\w+)?\(\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g
const ROW_ID = /\b(?:SEC-)([A-F]\d{1,2})\b(?:(?:,| and|\/| ·)? ?((?:(?:SEC-)?[A-F]\d{1,2}(?:,| and|\/| ·)? ?)*))?/g

/** `SEC-A6 …`, also `SEC-B7, B8 …`. */
export function rowsIn(title: string): string[] {
  return [...title.matchAll(ROW_ID)].flatMap(([whole]) => whole.match(/[A-F]\d{1,2}/g) ?? [])
}

/** Every test that names a row in its title or in the title of a group around it. */
export function readProofs(): ReadonlyMap<string, readonly ProvingTest[]> {
  const proofs = new Map<string, ProvingTest[]>()
  for (const { file, text } of readSources('tests'))
    for (const [, , title = ''] of text.matchAll(TITLE))
      for (const row of new Set(rowsIn(title))) proofs.set(row, [...(proofs.get(row) ?? []), { title, file }])
  return proofs
}

const proofCell = (tests: readonly ProvingTest[]): string =>
  tests.length === 0 ? 'not built yet' : tests.map(({ title, file }) => `${title} (\`${file}\`)`).join(' · ')

export function securityRowsPage(): string {
  const proofs = readProofs()
  const rows = Object.entries(SECURITY_ROWS).map(([row, words]) => [row, words, proofCell(proofs.get(row) ?? [])])
  return [
    '# Security rows and their tests',
    GENERATED,
    'What the security requirements ask for, and the tests that fail without it: each carries the id of its row in its title. A row can be built in part: what is there is what its tests say. One with "not built yet" is neither built nor promised.',
    table(['row', 'what', 'tests'], rows),
    '',
  ].join('\n\n')
}
