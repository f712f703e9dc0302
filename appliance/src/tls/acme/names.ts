import { isIP } from 'node:net'

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** Let's Encrypt's own limit. */
const MOST_NAMES = 100

/** `Home.example.org, *.home.example.org` → lower case, each once, in order. Spaces and commas part them. */
export function namesIn(text: string): string[] {
  const names = text
    .toLowerCase()
    .split(/[\s,]+/)
    .map((name) => name.replace(/\.$/, ''))
  return [...new Set(names.filter((name) => name !== ''))]
}

function isName(name: string): boolean {
  const labels = name.replace(/^\*\./, '').split('.')
  return name.length <= 253 && labels.length >= 2 && labels.every((label) => LABEL.test(label))
}

/** What follows "This value …", or null when all are names or addresses. International names are written in their xn-- form. */
export function namesProblem(text: string): string | null {
  const names = namesIn(text)
  const wrong = names.find((name) => isIP(name) === 0 && (!isName(name) || /^[\d.]+$/.test(name)))
  if (wrong !== undefined) return `contains ${wrong.slice(0, 80)}, which is no name such as home.example.org`
  return names.length > MOST_NAMES ? `has more than ${MOST_NAMES} names` : null
}

export const isWildcard = (name: string): boolean => name.startsWith('*.')

/** As ACME names what a certificate is for (RFC 8555, addresses RFC 8738). */
export const identifierOf = (name: string): { type: 'dns' | 'ip'; value: string } => ({
  type: isIP(name) === 0 ? 'dns' : 'ip',
  value: name,
})

/** Where the record for a name goes; a wildcard and the name under it share one. */
export const challengeRecord = (name: string): string => `_acme-challenge.${name.replace(/^\*\./, '')}`
