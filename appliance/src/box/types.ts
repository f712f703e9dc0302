import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'

/** Restart, power off, and the way back to a new box. */
export interface Box extends Part {
  readonly routes: readonly Route[]
}
