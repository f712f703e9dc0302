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

/** The logs that parts made out of a log for themselves: pino hands them a level, and leaves them alone from then on. */
const childrenOf = new WeakMap<Log, Log[]>()

export const levelOf = (log: Log): string => log.level

/** How much is logged from now on, here and in every part. */
export function setLogLevel(log: Log, level: string): void {
  for (const one of [log, ...(childrenOf.get(log) ?? [])]) one.level = level
}

/** JSON lines with secrets masked (SEC-D6). Credentials inside URLs are cut by `withoutCredentials`. */
export function createLog(options: LogOptions = {}): Log {
  const children: Log[] = []
  const settings: pino.LoggerOptions = {
    level: options.level ?? 'info',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACT_PATHS, censor: '[hidden]' },
    formatters: { level: (label) => ({ level: label }) },
    onChild: (child) => void children.push(child),
  }
  const log = options.destination ? pino(settings, options.destination) : pino(settings)
  childrenOf.set(log, children)
  return log
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
