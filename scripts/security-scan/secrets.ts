import { createHash } from 'node:crypto'
import { orGood, type ScanFinding } from './finding.ts'

const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ['private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{60,}/g],
  ['AWS key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ['GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b/g],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['Slack token', /\bxox[abprs]-[A-Za-z0-9-]{20,}/g],
  ['Google key', /\bAIza[A-Za-z0-9_-]{35}\b/g],
  ['Stripe key', /\b[rs]k_live_[A-Za-z0-9]{20,}\b/g],
  ['address with a password', /\b[a-z]{3,10}:\/\/[^\s:/@'"`$<>{}]{1,40}:[^\s:/@'"`$<>{}]{8,}@[a-z0-9.-]+\.[a-z]{2,}/g],
]
/** A name that says secret, and a text that looks like chance. */
const NAMED =
  /(?:secret|token|passw(?:or)?d|api_?key|private_?key)\w*['"]?\s*[:=]\s*['"`]([A-Za-z0-9+/=_-]{20,})['"`]/gi
const ENOUGH_BITS_PER_LETTER = 3.8

/** Shannon's: about 4 to 6 bits a letter for what was drawn, 3 to 3.5 for words. */
export function entropyBits(text: string): number {
  const counts = new Map<string, number>()
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0)
}

export interface FoundSecret {
  file: string
  line: number
  kind: string
  /** SHA-256 of what was found, its first 16 hex digits: it can be allowed without being repeated. */
  id: string
}

export function secretsIn(file: string, text: string): FoundSecret[] {
  const at = (index: number): number => text.slice(0, index).split('\n').length
  const found = (kind: string, match: string, index: number): FoundSecret => ({
    ...{ file, line: at(index), kind },
    id: createHash('sha256').update(match).digest('hex').slice(0, 16),
  })
  const known = PATTERNS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map((match) => found(kind, match[0], match.index)),
  )
  const named = [...text.matchAll(NAMED)]
    .filter(
      ([, value = '']) => entropyBits(value) >= ENOUGH_BITS_PER_LETTER && /\d/.test(value) && /[a-z]/i.test(value),
    )
    .map((match) => found('text that looks like a secret', match[1] ?? '', match.index))
  return [...known, ...named]
}

export interface AllowedSecret {
  file: string
  id: string
  why: string
}

/** `allowed` covers one find in one file; an entry that covers nothing any more is a problem too. */
export function judgeSecrets(
  where: string,
  found: readonly FoundSecret[],
  allowed: readonly AllowedSecret[],
  files: number,
): ScanFinding[] {
  const covers = (entry: AllowedSecret, secret: FoundSecret): boolean =>
    entry.file === secret.file && entry.id === secret.id
  const open = found.filter((secret) => !allowed.some((entry) => covers(entry, secret)))
  const idle = allowed.filter((entry) => !found.some((secret) => covers(entry, secret)))
  const problems = [
    ...open.map(({ file, line, kind, id }) => `${file}:${line}: ${kind} (${id})`),
    ...idle.map(({ file, id }) => `The allow list names ${id} in ${file}, which is not there.`),
  ]
  return orGood(problems, `${where}: ${files} files, no secret (${found.length} in tests, allowed one by one).`)
}
