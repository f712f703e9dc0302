import { z } from 'zod'
import { LaresError, messageOf, systemCodeOf, type ErrorKind } from '../../core/errors.ts'
import { withoutCredentials } from '../../core/log.ts'

const URN = 'urn:ietf:params:acme:error:'
const LONGEST_DETAIL = 300

const problemDocument = z.object({
  type: z.string().default('about:blank'),
  detail: z.string().default(''),
  subproblems: z
    .array(z.object({ detail: z.string().default(''), identifier: z.object({ value: z.string() }).optional() }))
    .default([]),
})
type ProblemDocument = z.infer<typeof problemDocument>

/** What it means to a household; the authority's own words follow. RFC 8555 §6.7, RFC 9773. */
const WORDS: Readonly<Record<string, string>> = {
  accountDoesNotExist: 'The authority does not know this account any more',
  alreadyReplaced: 'The authority has replaced this certificate already',
  badNonce: 'The authority refused many messages in a row as out of date',
  caa: 'A CAA record of the name forbids this authority',
  connection: 'The authority could not reach this box from the internet',
  dns: 'The authority could not look the name up',
  externalAccountRequired: 'This authority hands out keys for new accounts; enter yours',
  incorrectResponse: 'The authority got another answer than the one expected',
  invalidContact: 'The authority does not accept the e-mail address',
  invalidProfile: 'The authority has no such kind of certificate',
  malformed: 'The authority did not understand the request',
  orderNotReady: 'The authority was not ready to issue yet',
  rateLimited: 'The authority has had too many requests and asks for a pause',
  rejectedIdentifier: 'The authority gives no certificates for this name',
  serverInternal: 'The authority has a problem of its own',
  tls: 'The authority could not connect to the name with TLS',
  unauthorized: 'The authority did not find the proof that the name is yours',
  unsupportedContact: 'The authority does not accept this kind of contact',
  userActionRequired: 'The authority asks you to agree to new terms',
}
const LATER: readonly string[] = ['rateLimited', 'serverInternal', 'badNonce', 'orderNotReady']

const tidy = (text: string): string =>
  withoutCredentials(text)
    .replaceAll(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
    .trim()
    .slice(0, LONGEST_DETAIL)

export const kindOfProblem = (type: string): string => (type.startsWith(URN) ? type.slice(URN.length) : '')

function sentence({ type, detail, subproblems }: ProblemDocument): string {
  const words = WORDS[kindOfProblem(type)] ?? 'The authority refused'
  const more = subproblems.map((each) => `${each.identifier?.value ?? ''} ${each.detail}`.trim())
  const own = tidy([detail, ...more].filter((part) => part !== '').join('; ')).replace(/\.$/, '')
  return own === '' ? `${words}.` : `${words}: “${own}”.`
}

/** Milliseconds that a `Retry-After` header asks for (seconds, or a date); null when there is none. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

/** A problem document (or whatever came instead) as an error; `details.acme` is its kind, such as `rateLimited`. */
export function problemError(data: unknown, status: number, retryAfter: number | null): LaresError {
  const parsed = problemDocument.safeParse(data)
  const type = parsed.success ? parsed.data.type : 'about:blank'
  const acme = kindOfProblem(type)
  const kind: ErrorKind =
    acme === 'rateLimited' ? 'too-many' : status >= 500 || LATER.includes(acme) ? 'unavailable' : 'conflict'
  const words = parsed.success && type !== 'about:blank' ? sentence(parsed.data) : `The authority answered ${status}.`
  return new LaresError(kind, words, {
    code: 'ACME_PROBLEM',
    details: { acme, status },
    ...(retryAfter !== null && { retryAfterS: Math.ceil(retryAfter / 1_000) }),
  })
}

const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be looked up; is the internet connection down?',
  EAI_AGAIN: 'names cannot be looked up; is the internet connection down?',
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way there',
  ENETUNREACH: 'there is no way there; is the internet connection down?',
  ETIMEDOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its own certificate has expired; is the clock of this box right?',
  CERT_NOT_YET_VALID: 'its own certificate is not valid yet; is the clock of this box right?',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its own certificate is not trusted (acme.directoryRoot)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its own certificate is not trusted (acme.directoryRoot)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its own certificate is not trusted (acme.directoryRoot)',
}

/** A call that got no answer, in words: `who` begins the sentence. Errors of ours pass through. */
export function unreachable(who: string, error: unknown): LaresError {
  if (error instanceof LaresError && error.kind !== 'timeout') return error
  const why = NETWORK[systemCodeOf(error) ?? ''] ?? tidy(messageOf(error)).replace(/\.$/, '')
  return new LaresError('unavailable', `${who} cannot be reached: ${why.replace(/^No /, 'no ')}.`.replace('?.', '?'), {
    code: 'AUTHORITY_UNREACHABLE',
    cause: error,
  })
}

export const acmeKindOf = (error: unknown): string =>
  error instanceof LaresError && typeof error.details?.acme === 'string' ? error.details.acme : ''
