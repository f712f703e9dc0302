import type { PushAction, PushMessage } from '../../api/alerts.ts'
import { homeClock } from '../../core/home-time.ts'
import type { NoticeAction } from '../notice.ts'
import type { DueEntry, StoredNotice } from '../outbox/outbox-store.ts'

/** Paths of this box that work without a session, for what is in a message. */
export interface MessageLinks {
  picture(incidentId: string): string
  /** The browser says that it showed or opened the notice. */
  report(entryId: string, what: 'shown' | 'opened'): string
  act(entryId: string, action: NoticeAction): string
}

/** Of RFC 8030. There is nothing above high; what is critical rings by staying on the screen. */
export const PUSH_URGENCY: Readonly<Record<string, string>> = { normal: 'normal', high: 'high', critical: 'high' }

/** States that tell something to whoever looks, and are worth no sound. */
const QUIET_STATES: ReadonlySet<string> = new Set(['closed', 'quiet'])

export const isQuiet = ({ state }: Pick<StoredNotice, 'state'>): boolean => QUIET_STATES.has(state)

export const ACTION_WORDS: Readonly<Record<NoticeAction, string>> = {
  expected: 'Expected',
  snooze: 'Snooze 1 h',
  light: 'Switch light on',
}

/** Path in the app that a tap opens. */
export function pathOf({ incidentId, cameraId }: Pick<StoredNotice, 'incidentId' | 'cameraId'>): string {
  if (incidentId !== null) return `/incidents/${incidentId}`
  return cameraId === null ? '/more/health' : `/cameras/${cameraId}`
}

export interface ForBrowser {
  /** Under which the browser knows the box. */
  origin: string
  links: MessageLinks
  /** The number on the app's icon; null: it stays. */
  badge: number | null
}

/** One notice for one browser, in the JSON of Declarative Web Push that every browser gets. */
export function noticeMessage(entry: DueEntry, { origin, links, badge }: ForBrowser): PushMessage {
  const { id, notice, actions } = entry
  const path = pathOf(notice)
  const offered: PushAction[] = actions.map((action) => ({
    ...{ action, title: ACTION_WORDS[action], navigate: origin + path, run: links.act(id, action) },
  }))
  const silent = isQuiet(notice)
  return {
    web_push: 8030,
    mutable: true,
    notification: {
      ...{ title: clip(notice.title, 120), body: clip(notice.body, 400), navigate: origin + path, tag: notice.tag },
      ...{ lang: 'en', silent },
      ...(badge !== null && { app_badge: String(badge) }),
      ...(offered.length > 0 && { actions: offered.map(({ run: _, ...shown }) => shown) }),
      data: {
        ...{ kind: notice.kind === 'incident' ? 'incident' : 'health', path, at: notice.createdAt },
        ...(notice.pictureIncidentId !== null && { image: links.picture(notice.pictureIncidentId) }),
        renotify: !silent,
        ...(notice.urgency === 'critical' && { stays: true }),
        report: { shown: links.report(id, 'shown'), opened: links.report(id, 'opened') },
        ...(offered.length > 0 && { actions: offered.map(({ action, run }) => ({ action, run })) }),
      },
    },
  }
}

/** A test for one browser. `ref` names the browser to the box. */
export function testMessage(
  at: number,
  { origin, timeZone, ref, links }: { origin: string; timeZone: string; ref: string; links: MessageLinks },
): PushMessage {
  const path = '/more/notifications'
  return {
    web_push: 8030,
    mutable: true,
    notification: {
      title: 'Lares can reach you here',
      body: `Test at ${homeClock(at, timeZone)}. Real alerts look like this, with a picture.`,
      navigate: origin + path,
      tag: 'test',
      lang: 'en',
      silent: false,
      data: {
        ...{ kind: 'test', path, at },
        report: { shown: links.report(ref, 'shown'), opened: links.report(ref, 'opened') },
      },
    },
  }
}

const clip = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`)
