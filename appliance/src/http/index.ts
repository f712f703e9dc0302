export { budgetAddress } from './client-address.ts'
export { createApiDocument } from './openapi.ts'
export { createPathSigner, type PathSigner } from './signed-path.ts'
export {
  LIMIT_TIERS,
  limitBudgets,
  type Budget,
  type BudgetKeeper,
  type LimitBudgets,
  type LimitTable,
  type TierBudgets,
} from './rate-budgets.ts'
export { httpSettings, limitsFromSettings, securityContact } from './settings.ts'
export {
  clientOf,
  maySeeCamera,
  route,
  type FileReply,
  type LimitTier,
  type Needs,
  type Principal,
  type RequestContext,
  type Route,
} from './route.ts'
export { createHttpServer, type HttpServer, type HttpServerDeps, type TlsServing } from './server.ts'
export { DEVICE_COOKIE, REFRESH_COOKIE, SESSION_COOKIE } from './cookies.ts'
export { requireFresh, type AskingClient, type Authenticate, type Refusal } from './gate.ts'
export type { StreamBusEvents } from './stream/index.ts'
export { matchesName } from './hosts.ts'
export type { ClientTimeouts } from './listeners.ts'
export type { Certificate, SecureDoor } from './secure-listener.ts'
