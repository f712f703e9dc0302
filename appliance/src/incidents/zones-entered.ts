import type { Incident, Track } from '../api/incidents.ts'
import type { ZoneVisit } from '../vision/types.ts'
import type { OpenIncident } from './open-incident.ts'
import { WEIGHTS } from './risk/weights.ts'

/** A zone that was entered during an incident, by its name of then. */
export type IncidentZone = Incident['zones'][number]

/** Stays of a track that reach into the incident. */
export function visitsSince(visits: readonly ZoneVisit[], openedAt: number): ZoneVisit[] {
  return visits.filter(({ leftAt }) => leftAt === null || leftAt >= openedAt)
}

/** How long each zone was stayed in by the one who stayed longest, in the order in which they were entered. */
export function zonesOf({ tracks, zonesBefore }: Pick<OpenIncident, 'tracks' | 'zonesBefore'>): IncidentZone[] {
  const found = new Map(zonesBefore.map((zone) => [zone.id, zone]))
  const ways = [...tracks.values()].map(({ visits }) => visits)
  for (const { zone } of ways.flat().toSorted((a, b) => a.enteredAt - b.enteredAt)) {
    const stays = ways.map((visits) => stayedMs(visits, zone.id))
    const known = found.get(zone.id)?.stayedMs ?? 0
    found.set(zone.id, { ...zone, stayedMs: Math.max(known, ...stays) })
  }
  return [...found.values()]
}

const stayedMs = (visits: readonly ZoneVisit[], zoneId: string): number =>
  visits
    .filter(({ zone }) => zone.id === zoneId)
    .reduce((sum, { enteredAt, lastSeenAt, leftAt }) => sum + Math.max(0, (leftAt ?? lastSeenAt) - enteredAt), 0)

/** The one that says most about a scene; null where none was entered. */
export function gravestZone(zones: readonly IncidentZone[]): IncidentZone | null {
  return zones.toSorted((a, b) => (WEIGHTS.zones[b.kind] ?? 0) - (WEIGHTS.zones[a.kind] ?? 0))[0] ?? null
}

/** Stays as they are kept and shown. One that was never seen to end ends with the track. */
export function asTrackZones(visits: readonly ZoneVisit[]): Track['zones'] {
  return visits.map(({ zone, what, enteredAt, lastSeenAt, leftAt, loiteredAt }) => ({
    ...{ ...zone, what, enteredAt, leftAt: leftAt ?? lastSeenAt, loitered: loiteredAt !== null },
  }))
}
