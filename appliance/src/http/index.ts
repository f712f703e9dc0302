export { createApiDocument } from './openapi.ts'
export { createPathSigner, type PathSigner } from './signed-path.ts'
export { ANONYMOUS_OVERALL, LIMIT_TIERS, type Budget, type LimitTable, type TierBudgets } from './rate-limit.ts'
export {
  route,
  type FileReply,
  type LimitTier,
  type Needs,
  type Principal,
  type RequestContext,
  type Route,
} from './route.ts'
export { createHttpServer, type CertificateSource, type HttpServer, type HttpServerDeps } from './server.ts'
export { SESSION_COOKIE } from './session-cookie.ts'
export type { Authenticate } from './gate.ts'
export type { StreamBusEvents } from './stream/index.ts'
export type { Certificate, ClientTimeouts } from './listeners.ts'
