import type { Incident } from '../api/incidents.ts'
import type { AlertNotice } from './notice.ts'
import { localTime } from './push/push-message.ts'

const INCIDENT_TTL_S = 5 * 60

/** What everybody who may see it is told when an incident opens. */
export function incidentNotice(incident: Incident, timeZone: string): AlertNotice {
  const { id, camera, openedAt, classes } = incident
  return {
    subject: { kind: 'incident', incidentId: id, cameraId: camera.id },
    state: 'opened',
    ruleId: null,
    reason: 'An incident opened.',
    title: `${whatWasSeen(classes.map((each) => each.class))} at ${camera.name}`,
    body: `Seen at ${localTime(openedAt, timeZone)}. Tap to look.`,
    urgency: 'high',
    ttlS: INCIDENT_TTL_S,
    ...(incident.snapshot !== null && { pictureIncidentId: id }),
    actions: ['expected', 'snooze'],
    audience: { permission: 'incidents.view' },
    channels: 'all',
  }
}

/** person → "Person"; person, dog → "Person and dog"; more → "Person, dog and car". */
function whatWasSeen(classes: readonly string[]): string {
  const names = classes.length === 0 ? ['something'] : [...new Set(classes)]
  const last = names.at(-1) ?? ''
  const text = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
  return text.charAt(0).toUpperCase() + text.slice(1)
}
