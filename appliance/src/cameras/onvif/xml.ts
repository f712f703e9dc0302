import { LaresError } from '../../core/errors.ts'

/** An element with its prefix already looked up. */
export interface XmlElement {
  /** Its namespace; empty when it has none. */
  readonly space: string
  /** Its name without prefix. */
  readonly name: string
  /** By name without prefix; declarations of namespaces are not among them. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlElement[]
  /** All character data directly inside, trimmed. */
  text: string
}

export interface XmlLimits {
  maxChars: number
  maxDepth: number
  maxElements: number
}

/** The largest honest answer seen (profiles of a 64-channel recorder) is a quarter of this. */
const USUAL_LIMITS: XmlLimits = { maxChars: 1024 * 1024, maxDepth: 64, maxElements: 20_000 }
const MAX_ATTRIBUTES = 64

const NAME = String.raw`[A-Za-z_\u00b7-\uffff][\w.\-\u00b7-\uffff]*`
const QNAME = `(?:(${NAME}):)?(${NAME})`
const OPENING = new RegExp(`<${QNAME}`, 'y')
const ATTRIBUTE = new RegExp(String.raw`\s+${QNAME}\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y')
const TAG_END = /\s*(\/?)>/y
const CLOSING = new RegExp(String.raw`</${QNAME}\s*>`, 'y')
const DECLARATION = /\s*<\?xml\s[^<>]{0,200}\?>/y
const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
// eslint-disable-next-line no-control-regex -- they are what is looked for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

interface Open {
  element: XmlElement
  tag: string
  spaces: ReadonlyMap<string, string>
}

/**
 * Reads the part of XML that SOAP uses: elements, namespaces, attributes, text, CDATA, comments, the five entities.
 * A DTD, an entity of its own, a processing instruction and whatever is not well-formed are refused, so there is
 * nothing that could expand; size, depth and number are bounded. Throws `invalid` bad-answer.
 */
export function readXml(text: string, limits: XmlLimits = USUAL_LIMITS): XmlElement {
  if (text.length > limits.maxChars) throw refused('it is too long')
  if (NOT_XML.test(text)) throw refused('it has characters that XML does not allow')
  return new Reader(text.startsWith('\ufeff') ? text.slice(1) : text, limits).read()
}

class Reader {
  readonly #text: string
  readonly #limits: XmlLimits
  readonly #open: Open[] = []
  #root: XmlElement | null = null
  #at = 0
  #elements = 0

  constructor(text: string, limits: XmlLimits) {
    this.#text = text
    this.#limits = limits
  }

  read(): XmlElement {
    this.#take(DECLARATION)
    while (this.#at < this.#text.length) this.#step()
    if (this.#root === null || this.#open.length > 0) throw refused('it ends too early')
    trimTexts(this.#root)
    return this.#root
  }

  #step(): void {
    const text = this.#text
    if (text[this.#at] !== '<') return this.#characters()
    if (text.startsWith('<!--', this.#at)) return void this.#until('<!--', '-->')
    if (text.startsWith('<![CDATA[', this.#at)) return this.#add(this.#until('<![CDATA[', ']]>'))
    if (text.startsWith('</', this.#at)) return this.#close()
    if (text.startsWith('<!', this.#at)) throw refused('it has a document type')
    if (text.startsWith('<?', this.#at)) throw refused('it has a processing instruction')
    this.#begin()
  }

  #characters(): void {
    const next = this.#text.indexOf('<', this.#at)
    const end = next < 0 ? this.#text.length : next
    const raw = this.#text.slice(this.#at, end)
    this.#at = end
    this.#add(unescape(raw))
  }

  #add(characters: string): void {
    const inside = this.#open.at(-1)
    if (inside) inside.element.text += characters
    else if (characters.trim() !== '') throw refused('it has text outside of its elements')
  }

  #until(opening: string, closing: string): string {
    const from = this.#at + opening.length
    const end = this.#text.indexOf(closing, from)
    if (end < 0) throw refused('it ends too early')
    this.#at = end + closing.length
    return this.#text.slice(from, end)
  }

  #begin(): void {
    const opening = this.#take(OPENING)
    if (!opening) throw refused('it is not well-formed')
    const [tag, prefix = '', name = ''] = opening
    const { attributes, spaces } = this.#attributes(this.#open.at(-1)?.spaces ?? ROOT_SPACES)
    const end = this.#take(TAG_END)
    if (!end) throw refused('it is not well-formed')
    if (++this.#elements > this.#limits.maxElements) throw refused('it has too many elements')
    const element: XmlElement = { space: spaceOf(prefix, spaces), name, attributes, children: [], text: '' }
    this.#place(element)
    if (end[1] === '/') return
    if (this.#open.length >= this.#limits.maxDepth) throw refused('it is nested too deeply')
    this.#open.push({ element, tag: tag.slice(1), spaces })
  }

  #place(element: XmlElement): void {
    const parent = this.#open.at(-1)?.element
    if (parent) return void parent.children.push(element)
    if (this.#root) throw refused('it has more than one root')
    this.#root = element
  }

  #attributes(outer: ReadonlyMap<string, string>): {
    attributes: Map<string, string>
    spaces: ReadonlyMap<string, string>
  } {
    const attributes = new Map<string, string>()
    const own = new Map<string, string>()
    for (let found = this.#take(ATTRIBUTE); found; found = this.#take(ATTRIBUTE)) {
      const [, prefix, name = '', double, single] = found
      const value = unescape(double ?? single ?? '')
      const isSpace = prefix === 'xmlns' || (prefix === undefined && name === 'xmlns')
      const [target, key] = isSpace ? [own, prefix === undefined ? '' : name] : [attributes, name]
      // The same name with another prefix is legal, and means nothing to us: the first counts.
      if (target.has(key) && (isSpace || prefix === undefined)) throw refused('it has an attribute twice')
      if (!target.has(key)) target.set(key, value)
      if (own.size + attributes.size > MAX_ATTRIBUTES) throw refused('it has too many attributes')
    }
    return { attributes, spaces: own.size === 0 ? outer : new Map([...outer, ...own]) }
  }

  #close(): void {
    const closing = this.#take(CLOSING)
    const ended = this.#open.pop()
    const tag = closing && (closing[1] === undefined ? closing[2] : `${closing[1]}:${closing[2] ?? ''}`)
    if (!closing || ended?.tag !== tag) throw refused('it is not well-formed')
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at = pattern.lastIndex
    return found
  }
}

const ROOT_SPACES: ReadonlyMap<string, string> = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']])

function spaceOf(prefix: string, spaces: ReadonlyMap<string, string>): string {
  const space = spaces.get(prefix)
  if (space === undefined && prefix !== '') throw refused('it uses a prefix that it does not explain')
  return space ?? ''
}

function unescape(raw: string): string {
  if (!raw.includes('&')) return raw
  return raw.replace(/&([^;&\s]{1,10});|&/g, (whole, name: string | undefined) => {
    const known = name === undefined ? undefined : (PREDEFINED[name] ?? characterOf(name))
    if (known === undefined) throw refused(`it uses ${whole.slice(0, 12)}, which is not one of XML’s own`)
    return known
  })
}

function characterOf(name: string): string | undefined {
  const number = /^#x([0-9a-f]+)$/i.exec(name)?.[1] ?? null
  const code = number === null ? Number(/^#(\d+)$/.exec(name)?.[1] ?? NaN) : parseInt(number, 16)
  const isCharacter = code === 9 || code === 10 || code === 13 || (code >= 32 && code <= 0x10ffff)
  return isCharacter && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined
}

function trimTexts(root: XmlElement): void {
  const waiting = [root]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    next.text = next.text.trim()
    waiting.push(...next.children)
  }
}

function refused(why: string): LaresError {
  return new LaresError('invalid', `The answer is no XML that Lares reads: ${why}.`, { code: 'bad-answer' })
}

/** The first child of that name, whatever its namespace: makers mix those up. */
export function child(element: XmlElement | null | undefined, ...path: readonly string[]): XmlElement | null {
  let found: XmlElement | null = element ?? null
  for (const name of path) found = found?.children.find((each) => each.name === name) ?? null
  return found
}

export function childrenOf(element: XmlElement | null | undefined, name: string): XmlElement[] {
  return element?.children.filter((each) => each.name === name) ?? []
}

/** Text of a descendant by its path; empty when it is not there. */
export function textAt(element: XmlElement | null | undefined, ...path: readonly string[]): string {
  return child(element, ...path)?.text ?? ''
}

/** Every element of that name at any depth, in the order of the document. */
export function everywhere(root: XmlElement, name: string): XmlElement[] {
  return root.children.flatMap((each) => [...(each.name === name ? [each] : []), ...everywhere(each, name)])
}

export function escapeXml(text: string): string {
  // eslint-disable-next-line no-control-regex -- XML cannot carry them at all
  const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return clean.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
