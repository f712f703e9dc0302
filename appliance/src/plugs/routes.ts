import type { Route } from '../http/route.ts'
import type { Arrangement } from './arrangement/arrangement.ts'
import { arrangementRoutes } from './arrangement/arrangement-routes.ts'
import { accountRoutes, type AccountActions } from './credentials/plug-account-routes.ts'
import { plugRoutes } from './plug-routes.ts'
import { controlRoutes } from './control-routes.ts'
import type { Recorder } from './recorder.ts'
import type { PlugActions } from './types.ts'

export interface PlugRoutesDeps {
  plugs: PlugActions
  arrangement: Arrangement
  accounts: AccountActions
  recorder: Recorder
}

export function createPlugRoutes(deps: PlugRoutesDeps): Route[] {
  return [...plugRoutes(deps), ...controlRoutes(deps), ...arrangementRoutes(deps), ...accountRoutes(deps.accounts)]
}
