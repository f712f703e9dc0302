/** What a compose file may hold here. */
export type Node = string | null | Node[] | { [key: string]: Node }
export type Mapping = Record<string, Node>

interface Line {
  indent: number
  text: string
}

/** Set aside instead of a value: the file above this one is to forget what the file below said. */
export const RESET = '!reset'

/**
 * Reads the part of YAML that the compose files of this repository keep to: mappings, lists, plain and quoted scalars,
 * `[a, b]`, `{}` and Compose's `!reset`. Scalars stay texts. Throws for anything else, so that nothing is read wrongly.
 */
export function readCompose(text: string): Mapping {
  const lines = text
    .split('\n')
    .map((line) => ({ indent: line.length - line.trimStart().length, text: withoutComment(line).trim() }))
    .filter(({ text: kept }) => kept !== '')
  const value = readBlock(lines, 0)
  if (lines.length > 0) throw new Error(`cannot be read: ${lines[0]?.text}`)
  return asMapping(value)
}

export function asMapping(value: Node | undefined): Mapping {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Error(`no mapping: ${JSON.stringify(value)}`)
  return value
}

/** A scalar as it stands there; empty for everything else. */
export const textOf = (value: Node | undefined): string => (typeof value === 'string' ? value : '')

function withoutComment(line: string): string {
  return line.replace(/^((?:[^'"#]|'[^']*'|"[^"]*"|(?<=\S)#)*?)(?:^|\s)#.*$/, '$1')
}

function readBlock(lines: Line[], indent: number): Node {
  const first = lines[0]
  if (!first || first.indent < indent) return null
  return first.text.startsWith('- ') ? readList(lines, first.indent) : readMapping(lines, first.indent)
}

function readList(lines: Line[], indent: number): Node[] {
  const list: Node[] = []
  while (lines[0]?.indent === indent && lines[0].text.startsWith('- ')) {
    list.push(readScalar((lines.shift() as Line).text.slice(2)))
  }
  return list
}

function readMapping(lines: Line[], indent: number): Mapping {
  const mapping: Mapping = {}
  while (lines[0]?.indent === indent) {
    const { text } = lines.shift() as Line
    const [, key, rest] = /^([\w.-]+):(?:\s+(.*))?$/.exec(text) ?? []
    if (key === undefined) throw new Error(`neither a key nor a list: ${text}`)
    if (key in mapping) throw new Error(`${key} stands there twice`)
    mapping[key] = rest ? readScalar(rest) : readBlock(lines, indent + (lines[0]?.text.startsWith('- ') ? 0 : 1))
  }
  return mapping
}

function readScalar(text: string): Node {
  if (text.startsWith('!reset')) return RESET
  if (text === '{}') return {}
  const list = /^\[(.*)\]$/.exec(text)
  if (list) return splitFlow(list[1] ?? '').map(readScalar)
  const quoted = /^'([^']*)'$|^"([^"\\]*)"$/.exec(text)
  if (quoted) return quoted[1] ?? quoted[2] ?? ''
  if (/^[&*!|>{'"%@`]/.test(text) || text.includes(': ')) throw new Error(`more YAML than is understood: ${text}`)
  return text
}

function splitFlow(text: string): string[] {
  return (text.match(/'[^']*'|"[^"]*"|[^,\s][^,]*/g) ?? []).map((each) => each.trim())
}

/** What Compose makes of several files given one after another: mappings are joined, lists too, other values replaced. */
export function merge(below: Node | undefined, above: Node): Node {
  if (below === undefined || below === null) return above
  if (Array.isArray(below) && Array.isArray(above)) return [...below, ...above]
  if (typeof below !== 'object' || typeof above !== 'object' || Array.isArray(below) || Array.isArray(above))
    return above
  if (above === null) return below
  const joined: Mapping = { ...below }
  for (const [key, value] of Object.entries(above)) {
    if (value === RESET) delete joined[key]
    else joined[key] = merge(below[key], value)
  }
  return joined
}
