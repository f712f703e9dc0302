import type { ErrorBody } from '../../appliance/src/api/errors.ts'
import { t } from './text/index.ts'

/** Why a call failed: the server's own kinds, and two that only this side can see. */
export type FailureKind = 'unreachable' | 'timeout' | 'cancelled' | (string & {})

/** A failed call, in the three parts that every error shows: what happened, what is kept, what to do. */
export class ClientError extends Error {
  readonly kind: FailureKind
  readonly code: string
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  readonly kept: string
  readonly remedy: string
  /** Field name → what is wrong with it, for forms. */
  readonly fields: ReadonlyMap<string, string>
  /** Why a session ended, as the box said it; null where it said nothing. */
  readonly reason: string | null
  /** For the folded "Details": everything an engineer asks for, as text. */
  readonly details: string

  constructor(kind: FailureKind, message: string, status: number, body?: ErrorBody) {
    super(message)
    this.name = 'ClientError'
    this.kind = kind
    this.status = status
    this.code = body?.error_code ?? kind.toUpperCase()
    const words = t.errors.byCode[this.code] ?? t.errors.byKind[kind] ?? t.errors.other
    this.kept = words.kept
    this.remedy = words.remedy
    this.fields = readFields(body?.details)
    this.reason = typeof body?.details?.['reason'] === 'string' ? body.details['reason'] : null
    this.details = [`${this.code} (${String(status)})`, body?.timestamp, body?.details && JSON.stringify(body.details)]
      .filter(Boolean)
      .join('\n')
  }
}

export function unreachable(): ClientError {
  return new ClientError('unreachable', t.errors.unreachable, 0)
}

export function timedOut(): ClientError {
  return new ClientError('timeout', t.errors.timedOut, 0)
}

/** The person has changed their mind: nothing happened, and nothing has to be said about it. */
export function cancelled(): ClientError {
  return new ClientError('cancelled', t.errors.cancelled, 0)
}

/** Anything that was thrown, as an error the app can show. */
export function asClientError(error: unknown): ClientError {
  return error instanceof ClientError ? error : new ClientError('internal', t.errors.inApp, 0)
}

/** Validation details travel as `{path, message}` objects in some list; their order and list name do not matter here. */
function readFields(details: ErrorBody['details']): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const list of Object.values(details ?? {})) {
    if (!Array.isArray(list)) continue
    for (const entry of list as { path?: unknown; message?: unknown }[]) {
      if (typeof entry !== 'object' || typeof entry.message !== 'string') continue
      const path = Array.isArray(entry.path) ? entry.path.join('.') : typeof entry.path === 'string' ? entry.path : ''
      fields.set(path.replace(/^body\./, ''), entry.message)
    }
  }
  return fields
}
