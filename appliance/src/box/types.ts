import type { PartWithLateWork } from '../core/part.ts'
import type { Route } from '../http/route.ts'

/** Restart, power off, and the way back to a new box. */
export interface Box extends PartWithLateWork {
  readonly routes: readonly Route[]
}
