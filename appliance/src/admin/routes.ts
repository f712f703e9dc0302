import { done } from '../api/common.ts'
import { adminRuntime, logLevelBody, type AdminRuntime } from '../api/system.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'

interface Deps {
  runtime(): AdminRuntime
  setLogLevel(level: string): void
  /** Writes down that somebody used one. */
  used(resource: string, request: RequestContext, details?: Record<string, unknown>): void
}

export function adminRoutes({ runtime, setLogLevel, used }: Deps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/admin/runtime',
      summary: 'Memory, event loop and connections of the running process. Only where admin endpoints are switched on.',
      needs: 'admin-key',
      limit: 'costly',
      reply: adminRuntime,
      async run({ request }) {
        used('runtime', request)
        return runtime()
      },
    }),
    route({
      method: 'PUT',
      path: '/api/admin/log-level',
      summary: 'Changes how much is logged, until the next start. Only where admin endpoints are switched on.',
      needs: 'admin-key',
      limit: 'costly',
      body: logLevelBody,
      reply: done,
      async run({ body, request }) {
        used('log-level', request, { level: body.level })
        setLogLevel(body.level)
        return { ok: true as const }
      },
    }),
  ]
}
