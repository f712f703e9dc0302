import { z } from 'zod'
import { healthReply, type Health } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import { noticesSeenBy } from '../http/notices-seen.ts'
import { route, type Route } from '../http/route.ts'
import type { Notices } from './types.ts'

/** How one piece of the running product is, for the health page. */
export interface PartHealth {
  name: string
  /** One word: running, waiting, ready, failed … */
  state: string
  /** A few words more, or empty. */
  detail: string
}

export interface HealthDeps {
  notices: Notices
  clock: Clock
  version: string
  /** Asked on every request, so it must be cheap. */
  parts(): readonly PartHealth[]
}

export interface HealthPage {
  readonly routes: readonly Route[]
  read(): Health
}

const live = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Live' })

/** What the health page shows, and the plain sign of life that a container engine asks for. */
export function createHealth({ notices, clock, version, parts }: HealthDeps): HealthPage {
  const startedAt = clock.now()
  const read = (): Health => {
    const raised = notices.list()
    const needsAttention = raised.some((notice) => notice.level !== 'info')
    return {
      status: needsAttention ? 'attention' : 'ok',
      version,
      startedAt,
      boxTime: clock.now(),
      notices: raised,
      parts: [...parts()],
    }
  }
  return {
    read,
    routes: [
      route({
        method: 'GET',
        path: '/api/health',
        summary: 'How the box and its parts are, and what the owner should know.',
        needs: 'system.view',
        limit: 'general',
        reply: healthReply,
        run: async ({ request }) => {
          const all = read()
          return { ...all, notices: noticesSeenBy(request.principal, all.notices) }
        },
      }),
      route({
        method: 'GET',
        path: '/api/live',
        summary: 'Answers when the server answers. Says nothing else.',
        needs: 'public',
        limit: 'general',
        reply: live,
        run: async () => ({ status: 'ok' as const }),
      }),
    ],
  }
}
