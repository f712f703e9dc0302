import pino from 'pino'

/** Structured log. First argument carries the fields, second is one plain sentence. */
export type Log = pino.Logger

/** Field names whose values never reach a log, at any of the first three levels. */
const SECRET_FIELDS = [
  'password',
  'passwordHash',
  'newPassword',
  'secret',
  'token',
  'cookie',
  'authorization',
  'code',
  'setupCode',
  'recoveryCode',
  'recoveryCodes',
  'totp',
  'privateKey',
  'p256dh',
  'auth',
  'endpoint',
]

const REDACT_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])

export interface LogOptions {
  level?: string
  /** Where lines go; standard output when left out. */
  destination?: { write(line: string): void }
}

/** JSON lines with secrets masked (SEC-D6). Credentials inside URLs are cut by `withoutCredentials`. */
export function createLog(options: LogOptions = {}): Log {
  const settings: pino.LoggerOptions = {
    level: options.level ?? 'info',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACT_PATHS, censor: '[hidden]' },
    formatters: { level: (label) => ({ level: label }) },
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

/** A log that keeps nothing: for tests. */
export function silentLog(): Log {
  return pino({ level: 'silent' })
}

const SECRET_IN_QUERY = /((?:password|passwd|pass?|pwd|psw|pw|token|auth|secret|key|sig)=)[^&\s'"/?#]+/gi

/** Cuts `user:password@` and `password=…` out of every URL in a text, so that it may be logged or shown. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1').replace(SECRET_IN_QUERY, '$1[hidden]')
}
