import { errorBody } from '../api/errors.ts'
import { ERROR_CODES } from './error-codes.ts'
import type { Route } from './route.ts'

/** Name and words of each status that an error may have; the same everywhere, so each is written once. */
const ERRORS: Readonly<Record<number, readonly [name: string, words: string]>> = {
  400: ['BadRequest', 'The request is not right. `details.issues` names every wrong value.'],
  401: ['Unauthenticated', 'Nobody is signed in, or not any more; `redirect_to` says where to go.'],
  403: ['Forbidden', 'Who asks may not do this, or not from there, or has to confirm first.'],
  404: ['NotFound', 'There is no such thing, or none that who asks may see.'],
  408: ['RequestTimeout', 'The request ended before it was complete.'],
  409: ['Conflict', 'It clashes with what there is.'],
  413: ['TooLarge', 'The request is larger than what is taken here.'],
  415: ['UnsupportedMediaType', 'Only JSON is taken, and not packed.'],
  416: ['RangeNotSatisfiable', 'That part of the file does not exist.'],
  421: ['WrongHost', 'The box does not answer to that name.'],
  422: ['Unsupported', 'Understood, but this box or device cannot do it.'],
  429: ['TooManyRequests', 'Too many requests. `Retry-After` says when to come back.'],
  431: ['HeadersTooLarge', 'The headers of the request are too long or too many.'],
  500: ['Internal', 'Something went wrong on the box; the message holds the number under which the log tells more.'],
  503: ['Unavailable', 'The box is not set up yet, or something it needs does not answer now.'],
  504: ['Timeout', 'A device did not answer in time.'],
}

const content = { 'application/json': { schema: errorBody } }
const retryAfter = {
  description: 'Seconds until the next request is let through.',
  schema: { type: 'integer', minimum: 1 },
}

/** `components.responses` of the document. */
export const errorResponses = Object.fromEntries(
  Object.entries(ERRORS).map(([status, [name, description]]) => [
    name,
    {
      ...{ description, content, 'x-lares-status': Number(status), 'x-lares-error-codes': ERROR_CODES[Number(status)] },
      ...(status === '429' ? { headers: { 'Retry-After': retryAfter } } : {}),
    },
  ]),
)

/** Whatever the route: a body, an origin or headers may come with any request. */
const EVERYWHERE = [400, 403, 408, 413, 415, 421, 429, 431, 500]

/** Which errors a route may answer with, from what it declares. */
function statusesOf({ method, needs, params, reply }: Route): number[] {
  const changes = method !== 'GET'
  const isPublic = needs === 'public'
  const knowsWho = !['public', 'setup', 'sign-in', 'signed-link'].includes(needs)
  const found = [
    ...EVERYWHERE,
    ...(knowsWho || (changes && !isPublic) ? [401] : []),
    ...(params || needs === 'admin-key' || (changes && !isPublic) || reply === 'bytes' ? [404] : []),
    ...(changes ? [409, 422] : []),
    ...(needs === 'setup' ? [409] : []),
    ...(reply === 'bytes' ? [416] : []),
    ...(isPublic ? [] : [503]),
    ...(changes || reply === 'bytes' ? [504] : []),
  ]
  return [...new Set(found)].sort((a, b) => a - b)
}

/** The error half of an operation's `responses`. */
export const errorsOf = (route: Route): Record<`${number}`, { $ref: string }> =>
  Object.fromEntries(
    statusesOf(route).map((status) => [String(status), { $ref: `#/components/responses/${ERRORS[status]?.[0]}` }]),
  )
