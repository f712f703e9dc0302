import { z } from 'zod'
import { idParams } from '../api/common.ts'
import {
  incident,
  incidentDetail,
  incidentsQuery,
  incidentsReply,
  reviewBody,
  type Incident,
} from '../api/incidents.ts'
import { route, type FileReply, type Route } from '../http/route.ts'
import type { Incidents } from './types.ts'

export interface IncidentActions extends Pick<Incidents, 'list' | 'get'> {
  review(id: string, feedback: Incident['feedback'], userId: string): Promise<Incident>
  snapshot(id: string): Promise<FileReply>
  clip(id: string): Promise<FileReply>
}

/** `v` only makes the address new when a better picture replaced an earlier one. */
const pictureQuery = z.strictObject({ v: z.string().max(20).optional() })

/** A whole part of the address, because the address ends like a file for those who show it. */
const pictureParams = z.strictObject({ file: z.string().regex(/^[0-9a-f-]{36}\.jpg$/) })

export function incidentRoutes(incidents: IncidentActions): readonly Route[] {
  const view = { needs: 'incidents.view', limit: 'general' } as const
  const media = { needs: 'incidents.view', limit: 'media', reply: 'bytes' } as const
  return [
    route({
      ...{ method: 'GET', path: '/api/incidents', summary: 'Incidents, newest first, a page at a time.', ...view },
      ...{ query: incidentsQuery, reply: incidentsReply },
      run: ({ query }) => incidents.list(query),
    }),
    route({
      ...{ method: 'GET', path: '/api/incidents/:id', summary: 'One incident with what was followed.', ...view },
      ...{ params: idParams, reply: incidentDetail },
      run: ({ params }) => incidents.get(params.id),
    }),
    route({
      ...{
        method: 'PUT',
        path: '/api/incidents/:id/review',
        summary: 'Says what it was: expected, false or a threat.',
      },
      ...{ needs: 'incidents.review', limit: 'general', params: idParams, body: reviewBody, reply: incident },
      run: ({ params, body, request }) => incidents.review(params.id, body.feedback, request.principal?.userId ?? ''),
    }),
    route({
      ...{ method: 'GET', path: '/api/incidents/:id/snapshot.jpg', summary: 'Its best picture.', ...media },
      ...{ params: idParams, query: pictureQuery },
      run: ({ params }) => incidents.snapshot(params.id),
    }),
    route({
      ...{ method: 'GET', path: '/api/incidents/:id/clip.mp4', summary: 'Its clip.', ...media, params: idParams },
      run: ({ params }) => incidents.clip(params.id),
    }),
    route({
      ...{ method: 'GET', path: '/api/pictures/incidents/:file', summary: 'Its best picture, for notifications.' },
      ...{ needs: 'signed-link', limit: 'media', reply: 'bytes', params: pictureParams },
      run: ({ params }) => incidents.snapshot(params.file.slice(0, -'.jpg'.length)),
    }),
  ]
}
