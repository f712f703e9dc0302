import { renderUnicodeCompact } from 'uqr'
import type { HotspotState } from '../hotspot/index.ts'
import type { ProductWords } from './product-words.ts'

export interface ScreenInput {
  /** null while the product does not run. */
  product: ProductWords | null
  /** null where no watch for a network runs. */
  hotspot: HotspotState | null
  /** Sentences about files on the card that could not be taken over. */
  problems: readonly string[]
}

export const COLUMNS = 80
export const ROWS = 25
const GROUPS_A_LINE = 8
const MOST_PROBLEMS = 3

/** What a screen at the box shows: 80 by 25 letters of the signs that every Linux console has. */
export function screen(input: ScreenInput): string {
  const { text, picture } = contentOf(input)
  const problems = input.problems
    .slice(0, MOST_PROBLEMS)
    .flatMap((words) => wrap(`! ${printable(words)}`, COLUMNS - 4))
    .map((line) => `  ${line}`)
  return ['', ...beside(text, picture), ...(problems.length > 0 ? ['', ...problems] : [])].slice(0, ROWS - 1).join('\n')
}

interface Content {
  text: string[]
  /** What the QR picture holds; null for none. */
  picture: string | null
}

function contentOf({ product, hotspot }: ScreenInput): Content {
  const isOnline = (product?.addresses.length ?? 0) > 0
  if (hotspot?.phase === 'open' && !isOnline) return accessPointContent(hotspot)
  if (hotspot?.phase === 'joining' && !isOnline)
    return { text: ['LARES', '', 'Joining your Wi-Fi. This takes up to a minute.'], picture: null }
  if (!product) return { text: ['LARES', '', 'Lares is starting. This takes a minute or two.'], picture: null }
  return isOnline ? addressContent(product) : noNetworkContent(product, hotspot !== null)
}

function accessPointContent({ ssid, password }: NonNullable<ScreenInput['hotspot']>): Content {
  return {
    text: [
      'LARES',
      '',
      'No network yet. Plug in a network cable,',
      'or bring the box into your Wi-Fi:',
      '',
      '1. Scan this with your phone, or join',
      '',
      `   ${printable(ssid)}`,
      `   Password  ${printable(password)}`,
      '',
      '2. A page opens by itself. If it does not,',
      '   open http://10.42.0.1',
    ],
    // The password has none of the signs that would need a backslash here.
    picture: `WIFI:T:WPA;S:${ssid};P:${password};;`,
  }
}

function noNetworkContent({ name, setupCode }: ProductWords, hasRadio: boolean): Content {
  const way = hasRadio
    ? ['', 'Without one, the box opens a Wi-Fi of its own', 'after a while. It is shown here then.']
    : []
  return {
    text: [
      `LARES   ${name}.local`,
      '',
      'No network yet. Please plug in a network cable.',
      ...way,
      ...(setupCode === null ? [] : ['', `Setup code   ${setupCode}`]),
    ],
    picture: null,
  }
}

function addressContent(product: ProductWords): Content {
  const { setupCode, homeName, version, appLinks, trustPage, fingerprint } = product
  const title = setupCode === null ? `LARES ${version}   ${printable(homeName)}` : `LARES ${version}`
  const known = [
    ...appLinks.map((link, index) => `${index === 0 ? 'App  ' : '     '}${link}`),
    '',
    'Fingerprint of its certificate',
  ]
  const lines = [title, '', ...known, ...fingerprintLines(fingerprint)]
  if (setupCode === null) return { text: lines, picture: null }
  const steps = ['Scan this with your phone, or open', trustPage, '', `Setup code   ${setupCode}`, '']
  return { text: [title, '', ...steps, ...known, ...fingerprintLines(fingerprint)], picture: trustPage }
}

function fingerprintLines(fingerprint: string): string[] {
  const groups = fingerprint.replaceAll(':', '').match(/.{1,4}/g) ?? []
  const lines: string[] = []
  for (let start = 0; start < groups.length; start += GROUPS_A_LINE)
    lines.push(groups.slice(start, start + GROUPS_A_LINE).join(' '))
  return lines
}

/** Text on the left, picture on the right: both fit the smallest console. */
function beside(text: readonly string[], picture: string | null): string[] {
  // Light squares are drawn: a console is dark.
  const drawn = picture === null ? [] : renderUnicodeCompact(picture, { border: 2 }).split('\n')
  const columns = COLUMNS - 4 - (drawn[0]?.length ?? -1)
  return Array.from({ length: Math.max(text.length, drawn.length) }, (_, row) => {
    const words = Array.from(text[row] ?? '')
      .slice(0, columns)
      .join('')
    return `  ${drawn[row] === undefined ? words : `${words.padEnd(columns)} ${drawn[row]}`}`
  })
}

/** Nothing that a console would take for a command, and no letter that it may lack beyond Latin. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?')

function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(lines.length === 0 ? word : `  ${word}`.slice(0, columns))
  }
  return lines
}
