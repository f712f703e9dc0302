import type { Updates as UpdatesView } from '../api/updates.ts'
import type { PartWithLateWork } from '../core/part.ts'
import type { Route } from '../http/route.ts'

export type { Fitness } from './proof.ts'

/** New systems for this box, and how they prove themselves. */
export interface Updates extends PartWithLateWork {
  readonly routes: readonly Route[]
  state(): UpdatesView
}
