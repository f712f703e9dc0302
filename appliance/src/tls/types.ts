import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Part } from '../core/part.ts'
import type { Route, SecureDoor } from '../http/index.ts'

export interface Tls extends Part {
  readonly routes: readonly Route[]
  /** What the HTTPS server shows to whom; null with `TLS_MODE=disabled`. */
  readonly door: SecureDoor | null
  /** SHA-256 of the root, colon-separated hex. */
  fingerprint(): string
  /** Names and addresses this box answers to. */
  hosts(): readonly string[]
  /** Whether browsers may be told to use nothing but HTTPS under this name for a year. */
  promisesHttps(name: string): boolean
  /** Addresses at which the server answers, likeliest first; never empty. */
  addresses(): readonly string[]
  /** The root alone, PEM: for programs of this box that call it. */
  rootPem(): string
  /** Answers the trust page and its downloads on the plain port; false when the request is not for it. */
  trustHandler(request: IncomingMessage, response: ServerResponse): boolean
  /** Answers certificate authorities on the plain port, whatever name they ask for. */
  challengeHandler(request: IncomingMessage, response: ServerResponse): boolean
  /** False while the clock shows a time that cannot be. */
  clockTrusted(): boolean
  /** After the addresses changed: a certificate that is good for them, now instead of within the minute. */
  lookAgain(): Promise<void>
}
