import type { MessageLinks } from '../push/push-message.ts'

/** Pictures in a notification are looked at late: the whole day. */
const PICTURE_TTL_MS = 24 * 60 * 60 * 1000
/** What was asked of somebody in the morning is not done in their name a day later. */
const ACTION_TTL_MS = 12 * 60 * 60 * 1000
const REPORT_TTL_MS = 7 * 24 * 60 * 60 * 1000

/** Signed for one purpose each: who has the message can do what it offers, and nothing else. */
export function createLinks(signPath: (path: string, ttlMs: number) => string): MessageLinks {
  return {
    picture: (incidentId) => signPath(`/api/pictures/incidents/${incidentId}.jpg`, PICTURE_TTL_MS),
    report: (entryId, what) => signPath(`/api/alerts/told/${entryId}/${what}`, REPORT_TTL_MS),
    act: (entryId, action) => signPath(`/api/alerts/told/${entryId}/act/${action}`, ACTION_TTL_MS),
  }
}
