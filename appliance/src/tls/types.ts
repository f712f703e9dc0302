import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'

export interface Tls extends Part {
  readonly routes: readonly Route[]
  /** Leaf and root as one PEM chain, with the leaf's key. Throws `internal` before start. */
  current(): { certPem: string; keyPem: string }
  /** Called when `current` gives another certificate. */
  onChange(listener: () => void): () => void
  /** SHA-256 of the root, colon-separated hex. */
  fingerprint(): string
  /** Names and addresses this box answers to. */
  hosts(): readonly string[]
  /** Addresses at which the server answers, likeliest first; never empty. */
  addresses(): readonly string[]
  /** The root alone, PEM: for programs of this box that call it. */
  rootPem(): string
  /** Answers the trust page and its downloads on the plain port; false when the request is not for it. */
  trustHandler(request: IncomingMessage, response: ServerResponse): boolean
  /** False while the clock shows a time that cannot be. */
  clockTrusted(): boolean
}
