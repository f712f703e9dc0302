import type { Audit } from '../audit/types.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Database, Db } from '../db/index.ts'
import type { Events } from '../events.ts'
import type { Principal, Route } from '../http/route.ts'
import { createDays } from './days/days.ts'
import { daysRoutes } from './days/days-routes.ts'
import { learningRoutes } from './learning/learning-routes.ts'
import { createLearning, type Learning } from './learning/learning.ts'
import { reviewRoutes } from './review/review-routes.ts'
import { createReviews, type Reviewer } from './review/reviews.ts'
import { createIndexer, type Indexer } from './search/indexer.ts'
import { countUnreviewed } from './search/search-store.ts'
import type { VisibleCameras } from './types.ts'

export interface HistoryDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  audit: Pick<Audit, 'record'>
  timeZone(): string
}

/** What becomes of incidents afterwards: people review them, search them, and their marks teach. */
export interface History {
  readonly routes: readonly Route[]
  readonly indexer: Indexer
  readonly feedbackAdjustment: Learning['adjustment']
  countUnreviewed(db: Db, visible: VisibleCameras): Promise<number>
  /** Says in somebody's name, who did it from a notification, that it was expected. Throws `not-found`. */
  markExpected(id: string, userId: string): Promise<void>
}

export function createHistory(deps: HistoryDeps): History {
  const { database } = deps
  const indexer = createIndexer(deps)
  const learning = createLearning(deps)
  const reviews = createReviews({ ...deps, indexer })
  return {
    routes: [
      ...reviewRoutes({
        reviews,
        countUnreviewed: (visible) => countUnreviewed(database.reader, visible),
      }),
      ...learningRoutes(learning),
      ...daysRoutes(createDays(deps)),
    ],
    indexer,
    feedbackAdjustment: (trx, asked) => learning.adjustment(trx, asked),
    countUnreviewed,
    markExpected: async (id, userId) =>
      void (await reviews.review(id, { feedback: 'expected' }, byNotification(userId))),
  }
}

/** Whoever asks has looked up that they may. */
function byNotification(userId: string): Reviewer {
  const principal: Principal = {
    ...{ kind: 'session', userId, username: 'from a notification', role: '', sessionId: '', freshUntil: 0 },
    ...{ permissions: new Set(['incidents.review'] as const), cameras: null },
  }
  return { principal, address: '', userAgent: '' }
}
