import { dayQuery, dayReply, heatQuery, heatReply } from '../../api/review.ts'
import { route, type Route } from '../../http/route.ts'
import { reviewerOf } from '../review/review-routes.ts'
import type { Days } from './days.ts'

export function daysRoutes(days: Days): readonly Route[] {
  const may = { method: 'GET', needs: 'incidents.view', limit: 'search' } as const
  return [
    route({
      ...{ ...may, path: '/api/incidents/day', query: dayQuery, reply: dayReply },
      summary: 'A day in numbers, with what stands out.',
      run: ({ query, request }) => days.day(query.day, reviewerOf(request).principal.cameras),
    }),
    route({
      ...{ ...may, path: '/api/incidents/heat', query: heatQuery, reply: heatReply },
      summary: 'How often something is seen, by weekday and hour.',
      run: ({ query, request }) => days.heat(query, reviewerOf(request).principal.cameras),
    }),
  ]
}
