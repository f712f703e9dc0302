import { z } from 'zod'
import { LaresError } from '../core/errors.ts'
import type { Variables } from '../core/variables.ts'
import type { AnySetting } from './settings.ts'

const NUMBER = /^[+-]?\d+(\.\d+)?$/
const YES: ReadonlySet<string> = new Set(['true', '1', 'yes', 'on'])
const NO: ReadonlySet<string> = new Set(['false', '0', 'no', 'off'])

/** What a schema takes: `string`, `integer`, `number`, `boolean`, `array`, `object`; undefined when it is one of several. */
export function typeOf(schema: z.ZodType): string | undefined {
  return (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { type?: string }).type
}

function asBoolean(text: string): unknown {
  const word = text.toLowerCase()
  return YES.has(word) ? true : NO.has(word) ? false : text
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The text of a variable as the value that its schema takes. What fits nothing stays text, and the schema refuses it. */
export function valueOf(schema: z.ZodType, text: string): unknown {
  const trimmed = text.trim()
  switch (typeOf(schema)) {
    case 'string':
      return text
    case 'integer':
    case 'number':
      return NUMBER.test(trimmed) ? Number(trimmed) : text
    case 'boolean':
      return asBoolean(trimmed)
    default:
      return asJson(trimmed)
  }
}

function readOne(env: string, { schema, secret }: AnySetting, variables: Variables): unknown {
  const text = secret ? variables.getSecret(env) : variables.get(env)
  if (text === undefined) return undefined
  const parsed = schema.safeParse(valueOf(schema, text))
  if (parsed.success) return parsed.data
  // What was given stays out of the message when it is a secret, and zod quotes no input.
  const why = parsed.error.issues[0]?.message ?? 'not valid'
  throw new LaresError('invalid', `${env} cannot be used: ${why}.`, { code: 'BAD_ENVIRONMENT' })
}

/** Values by key that the environment decides. Throws `invalid` with one sentence naming the variable. */
export function readFixedSettings(
  definitions: readonly AnySetting[],
  variables: Variables,
): ReadonlyMap<string, unknown> {
  const fixed = new Map<string, unknown>()
  for (const definition of definitions) {
    for (const name of [definition.env, definition.envAlias]) {
      if (name === undefined || fixed.has(definition.key)) continue
      const value = readOne(name, definition, variables)
      if (value !== undefined) fixed.set(definition.key, value)
    }
  }
  return fixed
}
