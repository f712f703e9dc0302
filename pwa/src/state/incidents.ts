// The newest incidents: for Now, and the first page of the list.
import { readIncidents } from '../client.ts'
import { listen } from '../stream.ts'
import { withIncident } from './incident-list.ts'
import { createResource } from './resource.ts'

const NEWEST = 3

export const newest = createResource(async () => await readIncidents({}, NEWEST))

listen('incident.changed', (incident) =>
  newest.patch((reply) => ({ ...reply, incidents: withIncident(reply.incidents, incident).slice(0, NEWEST) })),
)
