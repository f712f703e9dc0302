import { FileProblem } from './file-problem.ts'

export type TomlValue = string | boolean | number | readonly string[]

export interface TomlEntry {
  /** Of the table it stands in; empty before the first. */
  readonly table: string
  readonly key: string
  readonly value: TomlValue
  /** From 1. */
  readonly line: number
}

const BARE_KEY = /^[A-Za-z0-9_-]+/
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' }

/**
 * The part of TOML that settings for a box need: tables, bare keys, strings in either quotes, true and false, whole
 * numbers, lists of strings. Everything else of TOML is refused with the line it stands in.
 *
 * @throws {FileProblem} with the first line that cannot be read
 */
export function parseToml(text: string): TomlEntry[] {
  const entries: TomlEntry[] = []
  const seen = new Set<string>()
  let table = ''
  const once = (name: string, line: number): void => {
    if (seen.has(name)) throw new FileProblem(line, 'This is said twice.')
    seen.add(name)
  }
  for (const { text: content, line } of logicalLines(text)) {
    const reader = createReader(content, line)
    if (reader.atEnd()) continue
    if (reader.take('[')) {
      table = reader.key()
      reader.expect(']')
      reader.end()
      once(`[${table}]`, line)
      continue
    }
    const key = reader.key()
    reader.expect('=')
    const value = reader.value()
    reader.end()
    once(`${table}.${key}`, line)
    entries.push({ table, key, value, line })
  }
  return entries
}

/** A list may go over several lines; everything else is one. Windows writes a mark before and a return after. */
function* logicalLines(text: string): Generator<{ text: string; line: number }> {
  let held = ''
  let heldFrom = 0
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    const inList = held !== ''
    if (!inList && !/^[A-Za-z0-9_-]+\s*=\s*\[/.test(line)) {
      yield { text: line, line: index + 1 }
      continue
    }
    if (!inList) heldFrom = index + 1
    held += inList ? ` ${withoutComment(line)}` : withoutComment(line)
    if (!held.endsWith(']')) continue
    yield { text: held, line: heldFrom }
    held = ''
  }
  if (held !== '') throw new FileProblem(heldFrom, 'The list has no end: a ] is missing.')
}

/** Of a line of a list: quoted text is stepped over. */
function withoutComment(line: string): string {
  const quoted = /^(?:"(?:\\.|[^"\\])*"|'[^']*'|[^"'#])*/.exec(line)?.[0] ?? ''
  return (line.charAt(quoted.length) === '#' ? quoted : line).trim()
}

interface Reader {
  atEnd(): boolean
  take(sign: string): boolean
  expect(sign: string): void
  key(): string
  value(): TomlValue
  end(): void
}

function createReader(text: string, line: number): Reader {
  let rest = text
  const skip = (): void => void (rest = rest.trimStart())
  const refuse = (words: string): never => {
    throw new FileProblem(line, words)
  }
  const reader: Reader = {
    atEnd() {
      skip()
      return rest === '' || rest.startsWith('#')
    },
    take(sign) {
      skip()
      if (!rest.startsWith(sign)) return false
      rest = rest.slice(sign.length)
      return true
    },
    expect: (sign) => void (reader.take(sign) || refuse(`A ${sign} is missing here.`)),
    key() {
      skip()
      const key = BARE_KEY.exec(rest)?.[0] ?? refuse('A line has the form: name = "value".')
      rest = rest.slice(key.length)
      return key
    },
    value() {
      if (reader.take('[')) return list(reader, refuse)
      if (reader.take('"')) return basicString()
      if (reader.take("'")) return literalString()
      const word = /^[A-Za-z0-9_+-]+/.exec(rest)?.[0] ?? ''
      rest = rest.slice(word.length)
      if (word === 'true' || word === 'false') return word === 'true'
      if (/^-?(0|[1-9]\d{0,8})$/.test(word)) return Number(word)
      return refuse('The value needs quotes: name = "value".')
    },
    end: () => void (reader.atEnd() || refuse('There is something after the value that does not belong there.')),
  }

  function basicString(): string {
    const raw = /^((?:\\.|[^"\\])*)"/.exec(rest)
    if (!raw) return refuse('The quotes are not closed.')
    rest = rest.slice(raw[0].length)
    return (raw[1] ?? '').replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, sign: string) =>
      sign.length === 5
        ? String.fromCharCode(Number.parseInt(sign.slice(1), 16))
        : (ESCAPES[sign] ?? refuse('After a backslash comes a quote, another backslash, or n, t, r.')),
    )
  }

  function literalString(): string {
    const at = rest.indexOf("'")
    if (at < 0) return refuse('The quotes are not closed.')
    const value = rest.slice(0, at)
    rest = rest.slice(at + 1)
    return value
  }
  return reader
}

function list(reader: Reader, refuse: (words: string) => never): string[] {
  const values: string[] = []
  while (!reader.take(']')) {
    const value = reader.value()
    if (typeof value !== 'string') return refuse('A list holds texts in quotes.')
    values.push(value)
    if (reader.take(',')) continue
    reader.expect(']')
    break
  }
  return values
}
