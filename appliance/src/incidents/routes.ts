import { z } from 'zod'
import { idParams } from '../api/common.ts'
import { incidentDetail, incidentsQuery, incidentsReply } from '../api/incidents.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'
import type { IncidentReading } from './reading.ts'
import type { VisibleCameras } from './types.ts'

const NOTHING: ReadonlySet<string> = new Set()

const visibleTo = ({ principal }: RequestContext): VisibleCameras => (principal === null ? NOTHING : principal.cameras)

/** `v` only makes the address new when a better picture replaced an earlier one. */
const pictureQuery = z.strictObject({ v: z.string().max(20).optional() })

/** A whole part of the address, because the address ends like a file for those who show it. */
const pictureParams = z.strictObject({ file: z.string().regex(/^[0-9a-f-]{36}\.jpg$/) })

export function incidentRoutes(incidents: Omit<IncidentReading, 'find'>): readonly Route[] {
  const view = { needs: 'incidents.view', limit: 'general' } as const
  const media = { needs: 'incidents.view', limit: 'media', reply: 'bytes' } as const
  return [
    route({
      ...{ method: 'GET', path: '/api/incidents', summary: 'Incidents, newest first, a page at a time.', ...view },
      ...{ limit: 'search', query: incidentsQuery, reply: incidentsReply },
      run: ({ query, request }) => incidents.list(query, visibleTo(request)),
    }),
    route({
      ...{ method: 'GET', path: '/api/incidents/:id', summary: 'One incident with what was followed.', ...view },
      ...{ params: idParams, reply: incidentDetail },
      run: ({ params, request }) => incidents.get(params.id, visibleTo(request)),
    }),
    route({
      ...{ method: 'GET', path: '/api/incidents/:id/snapshot.jpg', summary: 'Its best picture.', ...media },
      ...{ params: idParams, query: pictureQuery },
      run: ({ params, request }) => incidents.snapshot(params.id, visibleTo(request)),
    }),
    route({
      ...{ method: 'GET', path: '/api/incidents/:id/clip.mp4', summary: 'Its clip.', ...media, params: idParams },
      run: ({ params, request }) => incidents.clip(params.id, visibleTo(request)),
    }),
    route({
      ...{ method: 'GET', path: '/api/pictures/incidents/:file', summary: 'Its best picture, for notifications.' },
      ...{ needs: 'signed-link', limit: 'media', reply: 'bytes', params: pictureParams },
      // Whoever was sent the link may see it: alerts go only to those who may see the camera.
      run: ({ params }) => incidents.snapshot(params.file.slice(0, -'.jpg'.length), null),
    }),
  ]
}
