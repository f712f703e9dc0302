import type { PowerCurve } from '../api/energy.ts'
import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'
import type { Measurement } from '../plugs/types.ts'

export interface Energy extends Part {
  readonly routes: readonly Route[]
  /** Takes a reading; on disk within about five minutes, or as soon as somebody asks for it. Never throws. */
  note(measurement: Measurement): void
  /** The last `hours` of one plug, oldest first. Throws `not-found`. */
  powerCurve(plugId: string, hours: number): Promise<PowerCurve>
}
