import { isIP } from 'node:net'
import { renderUnicodeCompact } from 'uqr'

export interface BannerInput {
  version: string
  homeName: string
  /** The box is `<name>.local`. */
  name: string
  /** Addresses at which the server answers, likeliest first. */
  addresses: readonly string[]
  httpsPort: number
  httpPort: number
  /** SHA-256 of the root, colon-separated hex. */
  fingerprint: string
  /** null once setup is done. */
  setupCode: string | null
}

/** More than that would push the code off the screen. */
const MOST_ADDRESSES = 3
const GROUPS_A_LINE = 8

const link = (scheme: 'http' | 'https', host: string, port: number): string => {
  const standard = scheme === 'https' ? 443 : 80
  return `${scheme}://${isIP(host) === 6 ? `[${host}]` : host}${port === standard ? '' : `:${port}`}`
}

function fingerprintLines(fingerprint: string): string[] {
  const groups = fingerprint.replaceAll(':', '').match(/.{1,4}/g) ?? []
  const lines: string[] = []
  for (let start = 0; start < groups.length; start += GROUPS_A_LINE)
    lines.push(groups.slice(start, start + GROUPS_A_LINE).join(' '))
  return lines
}

/** A line with a label in front, further lines below it. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(13)}${line}`)
}

function firstSteps(trustPage: string, code: string): string[] {
  return [
    '',
    `  Scan this with your phone, or open ${trustPage}`,
    '',
    ...renderUnicodeCompact(trustPage, { border: 2 })
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    ...labelled('Setup code', [code]),
    '',
  ]
}

/** The `.local` name leads to the home network: it says nothing about a server that answers this machine only. */
function hostsOf({ addresses, name }: BannerInput): string[] {
  const shown = addresses.slice(0, MOST_ADDRESSES)
  const thisMachineOnly = shown.every((address) => /^(127\.|::1$|localhost$)/.test(address))
  return thisMachineOnly ? [...shown] : [...shown, `${name}.local`]
}

/** Where the box is found: links of the app, likeliest first, and the page that helps a new phone. */
export function placeOf(input: BannerInput): { appLinks: string[]; trustPage: string } {
  const hosts = hostsOf(input)
  return {
    appLinks: hosts.map((host) => link('https', host, input.httpsPort)),
    trustPage: link('http', hosts[0] ?? 'localhost', input.httpPort),
  }
}

/** What the console shows at every start: where the box is, how to know it, and, until setup is done, the one-time code. */
export function banner(input: BannerInput): string {
  const { appLinks, trustPage } = placeOf(input)
  const title = input.setupCode === null ? `Lares ${input.version} · ${input.homeName}` : `Lares ${input.version}`
  return [
    '',
    `  ${title}`,
    '',
    ...labelled('App', appLinks),
    ...labelled('Trust page', [trustPage]),
    ...labelled('Fingerprint', fingerprintLines(input.fingerprint)),
    ...(input.setupCode === null ? [''] : firstSteps(trustPage, input.setupCode)),
  ].join('\n')
}
