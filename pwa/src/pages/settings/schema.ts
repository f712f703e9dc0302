// From the JSON Schema of a setting to how a person changes it, and from what they typed to a value. Pure.
import { care } from '../../text/people.ts'

const words = care.settings

type Json = Readonly<Record<string, unknown>>

export type Editor =
  | { kind: 'switch' }
  | { kind: 'number'; whole: boolean; least: number | null; most: number | null }
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'text'; least: number; most: number | null; optional: boolean }
  | { kind: 'lines' }
  | { kind: 'json' }

/** Draft of a value: what stands in the field. */
export type Draft = string | boolean

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const numberIn = (schema: Json, name: string): number | null =>
  typeof schema[name] === 'number' ? (schema[name] as number) : null

export function editorOf(schema: Json): Editor {
  const { inner, optional } = withoutNull(schema)
  const choices = choicesOf(inner)
  if (choices && !optional) return { kind: 'choice', options: choices }
  switch (inner['type']) {
    case 'boolean':
      return optional ? { kind: 'json' } : { kind: 'switch' }
    case 'integer':
    case 'number':
      return optional ? { kind: 'json' } : { kind: 'number', whole: inner['type'] === 'integer', ...bounds(inner) }
    case 'string':
      return { kind: 'text', least: numberIn(inner, 'minLength') ?? 0, most: numberIn(inner, 'maxLength'), optional }
    case 'array':
      return !optional && isJson(inner['items']) && inner['items']['type'] === 'string'
        ? { kind: 'lines' }
        : { kind: 'json' }
    default:
      return { kind: 'json' }
  }
}

/** `anyOf` of something and null is that something, left empty for null. */
function withoutNull(schema: Json): { inner: Json; optional: boolean } {
  const { anyOf } = schema
  if (!Array.isArray(anyOf)) return { inner: schema, optional: false }
  const rest = anyOf.filter((each) => isJson(each) && each['type'] !== 'null')
  const [only] = rest
  return rest.length === 1 && rest.length < anyOf.length && isJson(only)
    ? { inner: only, optional: true }
    : { inner: {}, optional: false }
}

function choicesOf(schema: Json): string[] | null {
  const { enum: list } = schema
  return Array.isArray(list) && list.length > 0 && list.every((each) => typeof each === 'string') ? list : null
}

/** The bounds that a person should read: those that every safe number has are none. */
function bounds(schema: Json): { least: number | null; most: number | null } {
  const step = schema['type'] === 'integer' ? 1 : 0
  const above = numberIn(schema, 'exclusiveMinimum')
  const below = numberIn(schema, 'exclusiveMaximum')
  const least = numberIn(schema, 'minimum') ?? (above === null ? null : above + step)
  const most = numberIn(schema, 'maximum') ?? (below === null ? null : below - step)
  return {
    least: least === null || least <= Number.MIN_SAFE_INTEGER ? null : least,
    most: most === null || most >= Number.MAX_SAFE_INTEGER ? null : most,
  }
}

export function draftOf(editor: Editor, value: unknown): Draft {
  switch (editor.kind) {
    case 'switch':
      return value === true
    case 'number':
      return typeof value === 'number' ? String(value) : ''
    case 'choice':
    case 'text':
      return typeof value === 'string' ? value : ''
    case 'lines':
      return Array.isArray(value) ? value.join('\n') : ''
    case 'json':
      return value === undefined ? '' : JSON.stringify(value, null, 2)
  }
}

export type Parsed = { ok: true; value: unknown } | { ok: false; words: string }

const wrong = (what: string): Parsed => ({ ok: false, words: what })

export function parseDraft(editor: Editor, draft: Draft): Parsed {
  if (typeof draft === 'boolean') return { ok: true, value: draft }
  switch (editor.kind) {
    case 'number':
      return parseNumber(editor, draft)
    case 'text':
      return parseText(editor, draft.trim())
    case 'lines': {
      const lines = draft.split('\n').map((line) => line.trim())
      return { ok: true, value: lines.filter((line) => line !== '') }
    }
    case 'json':
      try {
        return { ok: true, value: JSON.parse(draft) as unknown }
      } catch {
        return wrong(words.notJson)
      }
    case 'switch':
    case 'choice':
      return { ok: true, value: draft }
  }
}

function parseNumber({ whole, least, most }: Editor & { kind: 'number' }, draft: string): Parsed {
  // Who types "1,5" means one and a half.
  const text = draft.trim().replace(',', '.')
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) return wrong(words.notANumber)
  if (whole && !Number.isInteger(value)) return wrong(words.notWhole)
  if ((least !== null && value < least) || (most !== null && value > most)) return wrong(boundWords(least, most) ?? '')
  return { ok: true, value }
}

function parseText({ least, most, optional }: Editor & { kind: 'text' }, text: string): Parsed {
  if (text === '' && optional) return { ok: true, value: null }
  if (text.length < least) return wrong(words.tooShort(least))
  if (most !== null && text.length > most) return wrong(words.tooLong(most))
  return { ok: true, value: text }
}

/** "From 1 to 50"; null without bounds. */
export function boundWords(least: number | null, most: number | null): string | null {
  if (least !== null && most !== null) return words.between(String(least), String(most))
  if (least !== null) return words.atLeast(String(least))
  return most === null ? null : words.atMost(String(most))
}

/** A value in one line, for the list. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return words.none
  if (typeof value === 'boolean') return value ? words.on : words.off
  if (Array.isArray(value)) return value.length === 0 ? words.none : value.map((each) => valueWords(each)).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number)
}

export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Does the setting answer to every word of the search? */
export function answersTo(search: string, ...texts: readonly (string | null)[]): boolean {
  const hay = texts.join(' ').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word))
}
