// Small pieces of Markdown, and the plain words for what a schema allows.
import { z } from 'zod'

export const GENERATED = '<!-- Made by `npm run reference` from the code. Change the code, not this page. -->'

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** What is not inside backticks must not be taken for HTML. */
function cell(text: string): string {
  const pieces = text
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .split(/(`[^`]*`)/)
  return pieces.map((piece) => (piece.startsWith('`') ? piece : piece.replaceAll('<', '&lt;'))).join('')
}

export const code = (text: string): string => `\`${text}\``

interface JsonSchema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  items?: JsonSchema
  minimum?: number
  maximum?: number
  maxLength?: number
  format?: string
}

/** `z.int().min(1).max(50)` → `whole number, 1 to 50`. */
export function allowed(schema: z.ZodType): string {
  return wordsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
}

function wordsOf(json: JsonSchema): string {
  if (json.enum) return json.enum.map((value) => code(JSON.stringify(value))).join(', ')
  if (json.const !== undefined) return code(JSON.stringify(json.const))
  if (json.anyOf) return json.anyOf.map(wordsOf).join(' or ')
  if (Array.isArray(json.type)) return json.type.map((type) => wordsOf({ ...json, type })).join(' or ')
  if (json.type === 'array') return `list of ${wordsOf(json.items ?? {})}`
  if (json.type === 'integer' || json.type === 'number') return numberWords(json)
  if (json.type === 'string') return stringWords(json)
  return json.type === 'boolean' ? 'yes or no' : (json.type ?? 'anything')
}

function numberWords({ type, minimum = -Infinity, maximum = Infinity }: JsonSchema): string {
  const kind = type === 'integer' ? 'whole number' : 'number'
  const isLimit = (value: number): boolean => Math.abs(value) < Number.MAX_SAFE_INTEGER
  if (isLimit(minimum) && isLimit(maximum)) return `${kind}, ${minimum} to ${maximum}`
  if (isLimit(minimum)) return `${kind}, at least ${minimum}`
  return isLimit(maximum) ? `${kind}, at most ${maximum}` : kind
}

function stringWords({ format, maxLength }: JsonSchema): string {
  return format ?? (maxLength ? `text, up to ${maxLength} characters` : 'text')
}
