import type { Incident } from '../wire.ts'

/**
 * Puts a changed incident in its place in a list that is ordered newest first; a new one goes where it belongs. One that carries
 * on a visit stands in the list as its first incident.
 */
export function withIncident(list: readonly Incident[], incident: Incident): Incident[] {
  if (incident.partOf !== null && list.some(({ id }) => id === incident.partOf)) return [...list]
  if (list.some(({ id }) => id === incident.id)) return list.map((each) => (each.id === incident.id ? incident : each))
  const at = list.findIndex((each) => each.openedAt < incident.openedAt)
  return at === -1 ? [...list, incident] : [...list.slice(0, at), incident, ...list.slice(at)]
}
