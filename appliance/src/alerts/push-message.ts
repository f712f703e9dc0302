import type { PushMessage } from '../api/alerts.ts'
import type { Incident } from '../api/incidents.ts'

export interface MessageContext {
  /** Scheme, name and port under which phones reach this box. */
  origin: string
  timeZone: string
  /** Path of the picture with its signature, if there is a picture. */
  image: string | null
}

/** Pictures in a notification are looked at late: the whole day. */
export const PICTURE_LINK_TTL_MS = 24 * 60 * 60 * 1000

export function incidentMessage(incident: Incident, context: MessageContext): PushMessage {
  const { id, camera, openedAt, classes } = incident
  const path = `/incidents/${id}`
  const [first] = classes
  return {
    web_push: 8030,
    notification: {
      title: `${whatWasSeen(classes.map((each) => each.class))} at ${camera.name}`,
      body: `Seen at ${localTime(openedAt, context.timeZone)}. Tap to look.`,
      navigate: context.origin + path,
      tag: `incident:${id}`,
      lang: 'en',
      silent: false,
      data: {
        kind: 'incident',
        path,
        at: openedAt,
        cameraName: camera.name,
        ...(context.image !== null && { image: context.image }),
        ...(first && { class: first.class }),
      },
    },
  }
}

export function testMessage(at: number, context: Omit<MessageContext, 'image'>): PushMessage {
  const path = '/more/notifications'
  return {
    web_push: 8030,
    notification: {
      title: 'Lares can reach you here',
      body: `Test at ${localTime(at, context.timeZone)}. Real alerts look like this, with a picture.`,
      navigate: context.origin + path,
      tag: 'test',
      lang: 'en',
      silent: false,
      data: { kind: 'test', path, at },
    },
  }
}

/** person → "Person"; person, dog → "Person and dog"; more → "Person, dog and car". */
function whatWasSeen(classes: readonly string[]): string {
  const names = classes.length === 0 ? ['something'] : [...new Set(classes)]
  const last = names.at(-1) ?? ''
  const text = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function localTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
}

/** At most 32 characters of the base64url alphabet (RFC 8030): what is undelivered is replaced by what comes later. */
export function topicOf(incidentId: string): string {
  return incidentId.replaceAll('-', '').slice(0, 32)
}
