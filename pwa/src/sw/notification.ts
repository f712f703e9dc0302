import type { PushMessage } from '../../../appliance/src/api/alerts.ts'

export interface ShownNotification {
  title: string
  options: NotificationOptions
  kind: string
  /** How many incidents wait to be looked at; null: the push does not say. */
  badge: number | null
}

/** `image` and `renotify` are in browsers, but not in the standard's types. */
interface FullOptions extends NotificationOptions {
  image?: string
  renotify?: boolean
}

/**
 * What a push shows. A browser punishes a push that shows nothing, so a damaged one still says that something happened.
 * Only paths and pictures of this box are followed.
 */
export function notificationOf(text: string, origin: string): ShownNotification {
  const message = parse(text)
  const look: FullOptions = { icon: '/icons/icon-192.png', badge: '/icons/badge-96.png' }
  if (!message) {
    const options: FullOptions = { ...look, body: 'Open Lares to see what.', tag: 'unknown', data: { path: '/' } }
    return { title: 'Something happened at home', options, kind: 'unknown', badge: null }
  }
  const { title, body, tag, lang, silent, data } = message
  const options: FullOptions = {
    ...look,
    body,
    tag,
    lang,
    silent: silent === true,
    data: { path: ownPath(data?.path, origin) ?? '/' },
  }
  const image = ownPath(data?.image, origin)
  if (image) options.image = image
  // A retried push replaces itself without ringing twice; another incident has another tag and rings.
  options.renotify = false
  return { title, options, kind: data?.kind ?? 'unknown', badge: badgeOf(message.app_badge) }
}

function badgeOf(text: unknown): number | null {
  const count = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN
  return Number.isSafeInteger(count) && count >= 0 ? count : null
}

type Notice = Partial<PushMessage['notification']> & { title: string; body: string; tag: string; lang: string }

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
