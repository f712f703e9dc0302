import { FileProblem } from './file-problem.ts'

/** A value of a YAML file with the line that it begins in. */
export interface YamlNode {
  readonly line: number
  /** Texts and numbers as text; null where there is nothing, a map or a list. */
  readonly scalar: string | boolean | null
  readonly map: ReadonlyMap<string, YamlNode>
  readonly list: readonly YamlNode[]
}

interface Line {
  indent: number
  text: string
  line: number
}

const KEY = /^("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^\s#[\]{},&*!|>'"%@`-][^#"']*?|-[^\s#"'][^#"']*?)\s*:(?=\s|$)/
const DEEPEST = 20
const NO_MAP: ReadonlyMap<string, YamlNode> = new Map()

/**
 * The part of YAML that cloud-init's files are written in: maps and lists by indentation, quoted and bare texts, lists
 * in brackets. Blocks of text are stepped over.
 *
 * @throws {FileProblem} with the line that cannot be read
 */
export function parseYaml(text: string): YamlNode {
  const lines = toLines(text)
  const state = { lines, at: 0 }
  if (lines.length === 0) return node(1, null)
  const root = parseBlock(state, 0, 0)
  const rest = lines[state.at]
  if (rest) throw new FileProblem(rest.line, 'This line is indented in a way that does not fit the ones above.')
  return root
}

interface State {
  lines: Line[]
  at: number
}

function toLines(text: string): Line[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((raw, index): Line[] => {
      const content = raw.trimStart()
      if (content === '' || content.startsWith('#') || /^(---|\.\.\.)\s*$/.test(raw)) return []
      const indent = raw.length - content.length
      if (raw.slice(0, indent).includes('\t'))
        throw new FileProblem(index + 1, 'Lines are indented by spaces here, not by tabs.')
      return [{ indent, text: content.trimEnd(), line: index + 1 }]
    })
}

const node = (line: number, scalar: YamlNode['scalar']): YamlNode => ({ line, scalar, map: NO_MAP, list: [] })

function parseBlock(state: State, least: number, depth: number): YamlNode {
  const first = state.lines[state.at]
  if (!first || first.indent < least) return node(first?.line ?? 1, null)
  if (depth > DEEPEST) throw new FileProblem(first.line, 'This is nested too deeply.')
  return /^-(\s|$)/.test(first.text) ? parseList(state, first, depth) : parseMap(state, first, depth)
}

function parseList(state: State, { indent, line }: Line, depth: number): YamlNode {
  const list: YamlNode[] = []
  for (let item = state.lines[state.at]; item?.indent === indent && /^-(\s|$)/.test(item.text);) {
    const rest = item.text.slice(1).trimStart()
    const inner = item.indent + (item.text.length - rest.length)
    if (rest === '' || rest.startsWith('#')) {
      state.at += 1
      list.push(parseBlock(state, indent + 1, depth + 1))
    } else if (KEY.test(rest) || /^-(\s|$)/.test(rest)) {
      state.lines[state.at] = { indent: inner, text: rest, line: item.line }
      list.push(parseBlock(state, inner, depth + 1))
    } else {
      state.at += 1
      list.push(parseScalar(state, rest, item))
    }
    item = state.lines[state.at]
  }
  return { line, scalar: null, map: NO_MAP, list }
}

function parseMap(state: State, { indent, line }: Line, depth: number): YamlNode {
  const map = new Map<string, YamlNode>()
  for (let entry = state.lines[state.at]; entry?.indent === indent; entry = state.lines[state.at]) {
    const found = KEY.exec(entry.text)
    if (!found) throw new FileProblem(entry.line, 'A line has the form: name: value.')
    const key = unquote(found[1] ?? '', entry.line)
    const rest = entry.text.slice(found[0].length).trimStart()
    state.at += 1
    const next = state.lines[state.at]
    if (rest !== '' && !rest.startsWith('#')) map.set(key, parseScalar(state, rest, entry))
    else if (next && (next.indent > indent || (next.indent === indent && /^-(\s|$)/.test(next.text))))
      map.set(key, parseBlock(state, indent, depth + 1))
    else map.set(key, node(entry.line, null))
  }
  return { line, scalar: null, map, list: [] }
}

function parseScalar(state: State, text: string, { indent, line }: Line): YamlNode {
  if (/^[|>]/.test(text)) {
    while ((state.lines[state.at]?.indent ?? -1) > indent) state.at += 1
    return node(line, null)
  }
  if (text.startsWith('[')) return flowList(text, line)
  if (text.startsWith('{')) return node(line, null)
  const quoted = /^("(?:\\.|[^"\\])*"|'(?:''|[^'])*')\s*(#.*)?$/.exec(text)
  if (quoted) return node(line, unquote(quoted[1] ?? '', line))
  if (/^["']/.test(text)) throw new FileProblem(line, 'The quotes are not closed.')
  const bare = text.replace(/\s+#.*$/, '')
  return node(line, bare === 'true' ? true : bare === 'false' ? false : bare)
}

function flowList(text: string, line: number): YamlNode {
  const inner = /^\[(.*)\]\s*(#.*)?$/.exec(text)?.[1]
  if (inner === undefined) throw new FileProblem(line, 'The list has no end: a ] is missing.')
  const parts = inner.match(/"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^,\s][^,]*/g) ?? []
  return { line, scalar: null, map: NO_MAP, list: parts.map((part) => node(line, unquote(part.trim(), line))) }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function unquote(text: string, line: number): string {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
  if (!text.startsWith('"')) return text
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (_, sign: string) => {
    if (sign.length > 1) return String.fromCharCode(Number.parseInt(sign.slice(1), 16))
    if (/[0abefvNLP_Ux]/.test(sign)) throw new FileProblem(line, 'That sign after a backslash is not known here.')
    return ESCAPES[sign] ?? sign
  })
}
