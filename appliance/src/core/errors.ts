/** Who must act decides the kind; `http/errors.ts` is the one table from kind to status. */
export type ErrorKind =
  | 'invalid' // the caller sent something wrong
  | 'unauthenticated' // nobody is signed in
  | 'forbidden' // somebody is, and may not
  | 'not-found'
  | 'conflict' // clashes with what is stored
  | 'too-large'
  | 'too-many' // rate limit
  | 'setup-required' // no administrator exists yet
  | 'unsupported' // understood, but this box or device cannot
  | 'unavailable' // a device, disk or service outside us does not answer
  | 'timeout'
  | 'internal' // our mistake: the text never leaves the box

export interface ErrorOptions {
  /** Stable upper-case code for programs, for example `VALIDATION_FAILED`. */
  code?: string
  /** Safe to show to the person who asked. */
  details?: Readonly<Record<string, unknown>>
  cause?: unknown
  /** Seconds after which trying again makes sense. */
  retryAfterS?: number
}

const DEFAULT_CODES: Record<ErrorKind, string> = {
  invalid: 'VALIDATION_FAILED',
  unauthenticated: 'TOKEN_INVALID',
  forbidden: 'PERMISSION_DENIED',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  'too-large': 'TOO_LARGE',
  'too-many': 'RATE_LIMITED',
  'setup-required': 'SETUP_REQUIRED',
  unsupported: 'UNSUPPORTED',
  unavailable: 'UNAVAILABLE',
  timeout: 'TIMEOUT',
  internal: 'INTERNAL',
}

/** The only error class of the product. `message` is one plain sentence that a person can read. */
export class LaresError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly details: Readonly<Record<string, unknown>> | undefined
  readonly retryAfterS: number | undefined

  constructor(kind: ErrorKind, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LaresError'
    this.kind = kind
    this.code = options.code ?? DEFAULT_CODES[kind]
    this.details = options.details
    this.retryAfterS = options.retryAfterS
  }
}

/** The message of anything that was thrown, for logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** `code` of a Node system error (`ENOENT`, `EADDRINUSE` …), or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
