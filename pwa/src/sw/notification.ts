import type { PushMessage } from '../../../appliance/src/api/alerts.ts'

export interface ShownNotification {
  title: string
  options: NotificationOptions
  kind: string
  /** Path that tells the box that it was shown; null when there is none. */
  reportShown: string | null
  /** How many incidents wait to be looked at; null: the push does not say. */
  badge: number | null
}

/** What a notification remembers for the tap. */
export interface TapData {
  path: string
  reportOpened?: string
  /** Action → path that does it. */
  run?: Record<string, string>
}

/** In browsers, but not in the standard's types. */
export interface FullOptions extends NotificationOptions {
  image?: string
  renotify?: boolean
  actions?: { action: string; title: string }[]
}

export const LOOK: FullOptions = { icon: '/icons/icon-192.png', badge: '/icons/badge-96.png' }

/**
 * What a push shows. A browser punishes a push that shows nothing, so a damaged one still says that something happened.
 * Only paths and pictures of this box are followed.
 */
export function notificationOf(text: string, origin: string): ShownNotification {
  const message = parse(text)
  if (!message) {
    const options: FullOptions = { ...LOOK, body: 'Open Lares to see what.', tag: 'unknown', data: { path: '/' } }
    return { title: 'Something happened at home', options, kind: 'unknown', reportShown: null, badge: null }
  }
  const { title, body, tag, lang, silent, data } = message
  const options: FullOptions = { ...LOOK, body, tag, lang, silent: silent === true, data: tapData(message, origin) }
  const image = ownPath(data?.image, origin)
  if (image) options.image = image
  const actions = message.actions?.map(({ action, title: words }) => ({ action, title: words })) ?? []
  if (actions.length > 0) options.actions = actions
  // What is critical stays until somebody deals with it.
  if (data?.stays === true) options.requireInteraction = true
  // What takes another's place rings again only where the box says so; a silent one must not.
  options.renotify = data?.renotify === true && silent !== true
  const reportShown = ownPath(data?.report?.shown, origin)
  return { title, options, kind: data?.kind ?? 'unknown', reportShown, badge: badgeOf(message.app_badge) }
}

function badgeOf(text: unknown): number | null {
  const count = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN
  return Number.isSafeInteger(count) && count >= 0 ? count : null
}

type Notice = Partial<PushMessage['notification']> & { title: string; body: string; tag: string; lang: string }

function tapData({ data }: Notice, origin: string): TapData {
  const reportOpened = ownPath(data?.report?.opened, origin)
  const run = (data?.actions ?? []).flatMap(({ action, run: path }) => {
    const own = ownPath(path, origin)
    return own === null ? [] : [[action, own] as const]
  })
  return {
    path: ownPath(data?.path, origin) ?? '/',
    ...(reportOpened !== null && { reportOpened }),
    ...(run.length > 0 && { run: Object.fromEntries(run) }),
  }
}

function parse(text: string): Notice | null {
  try {
    const { notification } = JSON.parse(text) as { notification?: Partial<PushMessage['notification']> }
    const { title, body = '', tag = 'lares', lang = 'en' } = notification ?? {}
    return typeof title === 'string' && title !== '' ? { ...notification, title, body, tag, lang } : null
  } catch {
    return null
  }
}

/** The path of an address on this box; null for one that leads elsewhere. */
function ownPath(address: string | undefined, origin: string): string | null {
  if (!address) return null
  const url = URL.parse(address, origin)
  return url?.origin === origin ? url.pathname + url.search : null
}
