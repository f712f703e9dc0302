// An incident in a line. Pure.
import { t } from '../text/index.ts'
import type { Incident } from '../wire.ts'

/** "Person", "2 people and Dog" → "2 people and dog". */
export function whatWasSeen(incident: Pick<Incident, 'classes'>): string {
  const words = incident.classes.map(({ class: kind, count }) =>
    count > 1 ? t.incidents.several[kind](count) : t.incidents.classes[kind],
  )
  if (words.length === 0) return t.incidents.something
  const [first = '', ...rest] = words
  return [first, ...rest.map((word) => word.toLowerCase())].join(t.incidents.and)
}

/** "Person at Front door" */
export function incidentLine(incident: Pick<Incident, 'classes' | 'camera'>): string {
  return t.incidents.at(whatWasSeen(incident), incident.camera.name)
}
