import { auditQuery, auditReply, type AuditPage, type AuditQuery } from '../api/audit.ts'
import { route, type Route } from '../http/route.ts'

export function auditRoutes(list: (query: AuditQuery) => Promise<AuditPage>): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/audit',
      summary: 'Who did what, newest first, a page at a time.',
      needs: 'system.view',
      limit: 'search',
      query: auditQuery,
      reply: auditReply,
      run: ({ query }) => list(query),
    }),
  ]
}
