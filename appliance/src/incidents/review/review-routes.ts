import { idParams } from '../../api/common.ts'
import {
  bulkReviewBody,
  bulkReviewReply,
  reviewBody,
  reviewHistoryReply,
  reviewReply,
  undoReply,
  unreviewedReply,
} from '../../api/review.ts'
import { LaresError } from '../../core/errors.ts'
import { route, type RequestContext, type Route } from '../../http/route.ts'
import type { VisibleCameras } from '../types.ts'
import type { Reviewer, Reviews } from './reviews.ts'

/** Throws `unauthenticated`: the gate lets nobody through without a name. */
export function reviewerOf({ principal, address, userAgent }: RequestContext): Reviewer {
  if (!principal) throw new LaresError('unauthenticated', 'Nobody is signed in.')
  return { principal, address, userAgent }
}

export function reviewRoutes({
  reviews,
  countUnreviewed,
}: {
  reviews: Reviews
  countUnreviewed(visible: VisibleCameras): Promise<number>
}): readonly Route[] {
  const may = { needs: 'incidents.review', limit: 'general' } as const
  return [
    route({
      ...{ method: 'PUT', path: '/api/incidents/:id/review', ...may, params: idParams },
      summary: 'Says what it was (expected, false, threat or unsure), gives it a star or notes.',
      ...{ body: reviewBody, reply: reviewReply },
      run: ({ params, body, request }) => reviews.review(params.id, body, reviewerOf(request)),
    }),
    route({
      ...{ method: 'POST', path: '/api/incidents/review', ...may, body: bulkReviewBody, reply: bulkReviewReply },
      summary: 'Marks many at once: these, or all that match. What somebody called a threat is left alone.',
      run: ({ body, request }) => reviews.reviewMany(body, reviewerOf(request)),
    }),
    route({
      ...{ method: 'POST', path: '/api/incidents/reviews/:id/undo', ...may, params: idParams, reply: undoReply },
      summary: 'Takes back what one did within the last ten minutes, exactly as it was.',
      run: ({ params, request }) => reviews.undo(params.id, reviewerOf(request)),
    }),
    route({
      ...{ method: 'GET', path: '/api/incidents/:id/reviews', needs: 'incidents.view', limit: 'general' },
      ...{ params: idParams, reply: reviewHistoryReply, summary: 'Who said what about it, newest first.' },
      run: ({ params, request }) => reviews.history(params.id, reviewerOf(request)),
    }),
    route({
      ...{ method: 'GET', path: '/api/incidents/unreviewed', needs: 'incidents.view', limit: 'general' },
      ...{ reply: unreviewedReply, summary: 'How many wait to be looked at, of the cameras that one may see.' },
      run: async ({ request }) => ({ unreviewed: await countUnreviewed(reviewerOf(request).principal.cameras) }),
    }),
  ]
}
