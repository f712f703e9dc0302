import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'

export interface Admin extends Part {
  /** None where the endpoints are switched off: they do not exist then. */
  readonly routes: readonly Route[]
  /** For the gate; undefined where the endpoints are switched off. Throws `unauthenticated` ADMIN_KEY_INVALID. */
  readonly checkKey: ((key: string | null, client: { address: string; userAgent: string }) => void) | undefined
}
