import type { Route } from '../http/route.ts'

/** Restart, power off, and the way back to a new box. */
export interface Box {
  readonly routes: readonly Route[]
}
