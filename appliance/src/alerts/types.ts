import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'
import type { IncidentHook } from '../incidents/types.ts'

export interface Alerts extends Part {
  readonly routes: readonly Route[]
  /** Writes outbox rows for every push target of everybody who may see incidents. */
  readonly incidentHook: IncidentHook
}
