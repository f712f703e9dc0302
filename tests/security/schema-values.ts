import fc from 'fast-check'

/** What of JSON Schema our routes use. */
export interface JsonSchema {
  $ref?: string
  $defs?: Readonly<Record<string, JsonSchema>>
  type?: string
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly JsonSchema[]
  oneOf?: readonly JsonSchema[]
  allOf?: readonly JsonSchema[]
  properties?: Readonly<Record<string, JsonSchema>>
  required?: readonly string[]
  items?: JsonSchema
  minItems?: number
  maxItems?: number
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

/** Texts that fit by the name of their property: so that a request gets past the first check. */
export type Known = Readonly<Record<string, readonly unknown[]>>

/** Values that the schema takes, or nearly: formats and patterns are met by `known` or by luck. */
export function valuesOf(schema: JsonSchema, known: Known, name = '', root = schema): fc.Arbitrary<unknown> {
  const inner = (each: JsonSchema, as = name): fc.Arbitrary<unknown> => valuesOf(each, known, as, root)
  const named = known[name]
  if (schema.$ref) return inner(root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {})
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choices) return fc.oneof(...choices.map((each) => inner(each)))
  if (schema.type === 'object' && schema.properties) return objectsOf(schema, inner)
  if (schema.type === 'array')
    return fc.array(inner(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 4 })
  if (named) return fc.constantFrom(...named)
  return plainValues(schema)
}

function objectsOf(
  { properties = {}, required = [] }: JsonSchema,
  inner: (each: JsonSchema, as: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, inner(each, key)]))
  return fc.record(fields, { requiredKeys: [...required] as never[] })
}

function plainValues({ type, format, minLength, maxLength, minimum, maximum }: JsonSchema): fc.Arbitrary<unknown> {
  const [min, max] = [Math.max(minimum ?? 0, -1e9), Math.min(maximum ?? 1e6, 1e9)]
  if (type === 'integer') return fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
  if (type === 'number') return fc.double({ min, max, noNaN: true })
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (format === 'uuid') return fc.uuid({ version: 7 })
  if (type === 'object')
    return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
  if (type === 'string')
    return fc
      .stringMatching(/^[\w -]*$/, { size: 'small' })
      .map((text) => text.padEnd(minLength ?? 0, 'x').slice(0, maxLength ?? 200))
  return fc.jsonValue({ maxDepth: 2 })
}
