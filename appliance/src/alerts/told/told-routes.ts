import { z } from 'zod'
import { actReply, noticeAction, toldQuery, toldReply, type ToldQuery, type ToldReply } from '../../api/alerts.ts'
import { done, id, idParams } from '../../api/common.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import { route, type Principal, type RequestContext, type Route } from '../../http/route.ts'
import type { Acting } from './act.ts'
import { listTold } from './history-store.ts'

export interface ToldRouteDeps {
  database: Database
  acting: Acting
}

const actParams = z.strictObject({ id, action: noticeAction })

export function createToldRoutes(deps: ToldRouteDeps): Route[] {
  return [...reportRoutes(deps), ...historyRoutes(deps)]
}

/** What a notification may ask of the box: by its signed path alone, without a session. */
function reportRoutes({ acting }: ToldRouteDeps): Route[] {
  const signed = { method: 'POST', needs: 'signed-link', limit: 'general' } as const
  const report = async (id: string, what: 'shown' | 'opened'): Promise<{ ok: true }> => {
    await acting.report(id, what)
    return { ok: true }
  }
  return [
    route({
      ...{ ...signed, path: '/api/alerts/told/:id/shown', params: idParams, reply: done },
      summary: 'A phone says that it showed a notice.',
      run: ({ params }) => report(params.id, 'shown'),
    }),
    route({
      ...{ ...signed, path: '/api/alerts/told/:id/opened', params: idParams, reply: done },
      summary: 'A phone says that somebody opened a notice.',
      run: ({ params }) => report(params.id, 'opened'),
    }),
    route({
      ...{ ...signed, path: '/api/alerts/told/:id/act/:action', params: actParams, reply: actReply },
      summary: 'Does what a notification offered, in the name of whom it was sent to.',
      run: ({ params }) => acting.act(params.id, params.action),
    }),
  ]
}

function historyRoutes({ database }: Pick<ToldRouteDeps, 'database'>): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/alerts/history', needs: 'incidents.view', limit: 'search' },
      summary: 'What was told, to whom, and what became of it, newest first.',
      ...{ query: toldQuery, reply: toldReply },
      run: ({ query, request }) => readHistory(database, query, whoAsks(request)),
    }),
  ]
}

async function readHistory(database: Database, query: ToldQuery, principal: Principal): Promise<ToldReply> {
  const { limit, before, incident } = query
  const found = await listTold(database.reader, {
    ...{ limit: limit + 1, before, incident, permissions: [...principal.permissions], cameras: principal.cameras },
    userId: principal.permissions.has('system.view') ? null : principal.userId,
  })
  const notices = found.slice(0, limit)
  return { notices, next: found.length > limit ? (notices.at(-1)?.id ?? null) : null }
}

function whoAsks({ principal }: RequestContext): Principal {
  if (principal === null) throw new LaresError('unauthenticated', 'Sign in first.')
  return principal
}
