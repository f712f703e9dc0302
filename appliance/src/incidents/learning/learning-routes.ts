import { done } from '../../api/common.ts'
import { forgetQuery, learnedReply } from '../../api/review.ts'
import { route, type Route } from '../../http/route.ts'
import { reviewerOf } from '../review/review-routes.ts'
import type { Learning } from './learning.ts'

export function learningRoutes(learning: Learning): readonly Route[] {
  const path = '/api/incidents/feedback'
  const may = { needs: 'incidents.review', limit: 'general' } as const
  return [
    route({
      ...{ method: 'GET', path, ...may, reply: learnedReply },
      summary: 'What marks have taught: which sights are scored higher or lower, by how much, and why.',
      run: ({ request }) => learning.learned(reviewerOf(request).principal.cameras),
    }),
    route({
      ...{ method: 'DELETE', path, ...may, query: forgetQuery, reply: done },
      summary: 'Forgets what was learned, of one pattern or of all; the marks themselves stay.',
      async run({ query, request }) {
        await learning.forget(query.pattern, reviewerOf(request))
        return { ok: true as const }
      },
    }),
  ]
}
