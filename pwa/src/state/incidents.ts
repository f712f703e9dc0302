// The newest incidents: for Now, and the first page of the list.
import { readIncidents } from '../client.ts'
import { listen } from '../stream.ts'
import type { Incident } from '../wire.ts'
import { createResource } from './resource.ts'

const NEWEST = 3

export const newest = createResource(async () => await readIncidents({}, NEWEST))

/** Puts a changed incident in its place in a list that is ordered newest first; a new one goes where it belongs. */
export function withIncident(list: readonly Incident[], incident: Incident): Incident[] {
  if (list.some(({ id }) => id === incident.id)) return list.map((each) => (each.id === incident.id ? incident : each))
  const at = list.findIndex((each) => each.openedAt < incident.openedAt)
  return at === -1 ? [...list, incident] : [...list.slice(0, at), incident, ...list.slice(at)]
}

listen('incident.changed', (incident) =>
  newest.patch((reply) => ({ ...reply, incidents: withIncident(reply.incidents, incident).slice(0, NEWEST) })),
)
