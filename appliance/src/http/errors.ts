import type { ErrorBody } from '../api/errors.ts'
import { LaresError, type ErrorKind } from '../core/errors.ts'

/** The one table from "who must act" to HTTP. */
const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  'setup-required': 503,
  unsupported: 422,
  unavailable: 503,
  timeout: 504,
  internal: 500,
}

/** Errors that HTTP itself has a number for. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RANGE_NOT_SATISFIABLE: 416,
  HOST_NOT_ALLOWED: 421,
  HEADERS_TOO_LARGE: 431,
}

export const statusOf = (kind: ErrorKind, code: string): number => STATUS_OF_CODE[code] ?? STATUS_OF_KIND[kind]

export interface ErrorReply {
  status: number
  headers: Readonly<Record<string, string>>
  body: ErrorBody
}

const SIGN_IN_PATH = '/sign-in'

/** `internal` whatever was thrown, unless it is a LaresError: only those were written to be read by people. */
export function asLaresError(error: unknown): LaresError {
  return error instanceof LaresError ? error : new LaresError('internal', 'Unexpected error', { cause: error })
}

/** What leaves the box for an error (SEC-A9). The text of an internal error stays in the log, under `requestId`. */
export function errorReply(error: LaresError, requestId: string, nowMs: number): ErrorReply {
  const hidden = error.kind === 'internal'
  const body: ErrorBody = {
    error: error.kind,
    message: hidden ? `Something went wrong on the box. The log has more about it under ${requestId}.` : error.message,
    error_code: hidden ? 'INTERNAL' : error.code,
    timestamp: new Date(nowMs).toISOString(),
    ...(error.kind === 'unauthenticated' ? { redirect_to: SIGN_IN_PATH } : {}),
    ...(error.details && !hidden ? { details: error.details } : {}),
  }
  return {
    status: statusOf(error.kind, error.code),
    headers:
      error.retryAfterS === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(error.retryAfterS))) },
    body,
  }
}
