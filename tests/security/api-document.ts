import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Route } from '../../appliance/src/http/index.ts'

interface Response {
  $ref?: string
  content?: Readonly<Record<string, unknown>>
  'x-lares-error-codes'?: readonly string[]
}
interface Operation {
  responses: Readonly<Record<string, Response>>
}
export interface ApiDocument {
  openapi: string
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  components: { responses?: Readonly<Record<string, Response>> }
}

export interface GivenAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

const JSON_TYPE = 'application/json'
const templateOf = (path: string): string => path.replace(/:([a-zA-Z]+)/g, '{$1}')
const escaped = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1')
const pointer = (...segments: readonly string[]): string => segments.map((segment) => `/${escaped(segment)}`).join('')

/** Compares answers with what the API document promises. The returned function says what is wrong; null: nothing. */
export function createAnswerCheck(document: ApiDocument): (route: Route, answer: GivenAnswer) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  ajv.addSchema(document, 'api')
  const compiled = new Map<string, ValidateFunction>()

  function schemaAt(place: string): ValidateFunction {
    const known = compiled.get(place)
    if (known) return known
    const made = ajv.compile({ $ref: `api#${place}` })
    compiled.set(place, made)
    return made
  }

  /** Where the response of that status is described, and the description. */
  function responseOf({ method, path }: Route, status: number): { place: string; response: Response } | null {
    const [template, verb] = [templateOf(path), method.toLowerCase()]
    const response = document.paths[template]?.[verb]?.responses[String(status)]
    if (!response) return null
    const name = response.$ref?.replace('#/components/responses/', '')
    if (name === undefined) return { place: pointer('paths', template, verb, 'responses', String(status)), response }
    const shared = document.components.responses?.[name]
    return shared ? { place: pointer('components', 'responses', name), response: shared } : null
  }

  return (route, { status, headers, body }) => {
    const found = responseOf(route, status)
    if (!found) return `status ${status} is not in the document (${body.toString().slice(0, 300)})`
    const { place, response } = found
    const content = response.content ?? {}
    if (Object.keys(content).length === 0) return body.length === 0 ? null : `status ${status} has a body`
    if (!(JSON_TYPE in content)) return null
    if (!String(headers['content-type']).startsWith(JSON_TYPE)) return `the type is ${String(headers['content-type'])}`
    const value = JSON.parse(body.toString()) as { error_code?: string }
    const fits = schemaAt(place + pointer('content', JSON_TYPE, 'schema'))
    if (!fits(value)) return `${ajv.errorsText(fits.errors)} in ${body.toString().slice(0, 300)}`
    const codes = response['x-lares-error-codes']
    if (codes && !codes.includes(value.error_code ?? '')) return `${status} ${value.error_code} is not in the document`
    return null
  }
}
