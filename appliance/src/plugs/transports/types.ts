import type { Clock } from '../../core/clock.ts'

/** How what is said to a device is wrapped. */
export type Encryption = 'xor' | 'klap' | 'tpap' | 'aes'

/** The JSON that a device understands; independent of how it is wrapped. */
export type Family = 'iot' | 'smart'

/** One way of speaking with one device. JSON-serialisable: what worked is kept and tried first the next time. */
export interface Scheme {
  encryption: Encryption
  port: number
  /** What discovery told of the language; null: ask. XOR is always `iot`, TPAP and AES are always `smart`. */
  family: Family | null
  /** `lv` of discovery; 0 where it tells none. AES logs in differently from 2 on. KLAP finds out by itself. */
  loginVersion: number
}

/** A TP-Link account that plugs may be bound to. Tried in order. */
export interface AccountCredentials {
  /** Stable; what a device accepted is remembered by it. */
  id: string
  /** E-mail address as the owner typed it: not lower-cased, the devices hash it as it is. */
  user: string
  password: string
}

/**
 * Why a device could not be used. Every failure is a `LaresError` with a code of `problems.ts`; this is what the code
 * means for what to do next.
 */
export type FailureClass =
  | 'unreachable' // nobody there, or no answer in time
  | 'refused' // somebody is there and does not take the call (closed port, 403: local access is off)
  | 'auth-failed' // no account or default password fits
  | 'wrong-account' // bound to an account that is not among ours
  | 'needs-account' // no account was entered yet
  | 'unsupported' // wants something that this transport or this product does not speak
  | 'bad-answer' // half, garbage, too long, wrong key, wrong sequence number
  | 'busy' // another program keeps taking the session; or too many tries, wait
  | 'device-error' // understood, and said no
  | 'stopped' // we are shutting down

/** What a transport found out that is worth remembering. */
export interface SessionFacts {
  /** `account:<id>`, `default:kasa`, `default:tapo`, `blank`; null where nobody signs in (XOR). */
  signedInAs: string | null
  /** 1 or 2 for KLAP, null otherwise. */
  klapVersion: 1 | 2 | null
  /** How often the device dropped a session early within the last hour: another program signs in as well. */
  lostSessions: number
}

export interface AskOptions {
  /** The question must not be repeated after it may have been heard (adding a rule twice makes two rules). */
  once?: boolean
}

/**
 * Questions and answers with one device, JSON text both ways. It signs in by itself on the first question and again
 * when the device forgot it. One question at a time: whoever holds a transport asks through the host's queue.
 * Rejects with `LaresError` or the socket's own error; `failureClassOf` (problems.ts) tells which class it is.
 */
export interface Transport {
  readonly scheme: Scheme
  ask(payload: string, options?: AskOptions): Promise<string>
  /** Known after the first answer. */
  facts(): SessionFacts
  /** Frees the connection; a later question opens a new one. */
  close(): void
}

export interface TransportDeps {
  host: string
  clock: Clock
  /** Ends what is under way. */
  signal: AbortSignal
  /** Read anew at each sign-in. */
  credentials(): readonly AccountCredentials[]
  /** Bounds how often a device is shown a password; shared by all transports of one device. */
  logins: LoginGuard
  /** `owner` of discovery: MD5 of the account's e-mail address, lower-case hex; null when it told none. */
  owner: string | null
  /** `SessionFacts.signedInAs` of last time: tried first. */
  signedInAs(): string | null
}

/** Devices may lock out who fails too often (cameras do); nobody knows for plugs. Pause 3 s, doubled up to 5 min. */
export interface LoginGuard {
  /** Throws `busy` (code LOGIN_PAUSED, with retryAfterS) while it is too early for another password. */
  check(): void
  failed(): void
  succeeded(): void
}
