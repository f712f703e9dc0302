// Whether this phone hears from Lares. A browser's push service may never answer, so every step has an end here.
import { signal } from '@preact/signals'
import * as client from '../client.ts'
import { ClientError } from '../client-error.ts'
import { t } from '../text/index.ts'
import { isAppleTouch, installed } from './install.ts'

export type PushState =
  | 'checking'
  /** Subscribed. */
  | 'on'
  /** Could be. */
  | 'off'
  /** The person or browser has said no; only the browser's settings can change it. */
  | 'blocked'
  /** An iPhone in the browser: only the installed app may. */
  | 'install-first'
  | 'unsupported'

export const pushState = signal<PushState>('checking')

const PATIENCE_MS = 20_000
const TARGET_KEY = 'lares.push-target'

/** The id under which the box knows this phone; null when it does not. */
export function ownTargetId(): string | null {
  return localStorage.getItem(TARGET_KEY)
}

export async function checkPush(): Promise<void> {
  pushState.value = await findState()
}

/** Asks for permission, subscribes at the browser's push service and tells the box. Throws a ClientError. */
export async function subscribe(): Promise<void> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') {
    await checkPush()
    throw new ClientError(
      'refused',
      permission === 'denied' ? t.more.notifications.blocked : t.more.notifications.refused,
      0,
    )
  }
  const { publicKey } = await client.readPushKey()
  await tellBox(await inTime(subscribeAt(publicKey)))
}

/**
 * After each sign-in: the box ties alerts to the sign-in, so that a phone that is signed out hears nothing more. A phone
 * that was subscribed before goes on without being asked again.
 */
export async function renewPush(): Promise<void> {
  if (ownTargetId() === null || !('Notification' in window) || Notification.permission !== 'granted') return
  const subscription = await currentSubscription()
  // It is tried again at the next start of the app; nobody waits for it.
  if (subscription) await tellBox(subscription).catch(() => undefined)
}

async function tellBox(subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON()
  if (!endpoint || !keys?.p256dh || !keys.auth) throw pushFailure()
  const target = await client.addPushTarget({
    endpoint,
    keys: { p256dh: keys.p256dh, auth: keys.auth },
    label: phoneName(navigator.userAgent),
  })
  localStorage.setItem(TARGET_KEY, target.id)
  pushState.value = 'on'
}

/** Ends it here and on the box. */
export async function unsubscribe(): Promise<void> {
  const subscription = await currentSubscription()
  await subscription?.unsubscribe()
  const id = ownTargetId()
  localStorage.removeItem(TARGET_KEY)
  pushState.value = 'off'
  if (id) await client.removePushTarget(id)
}

async function findState(): Promise<PushState> {
  if (!('PushManager' in window) || !('Notification' in window) || !('serviceWorker' in navigator)) {
    return isAppleTouch && !installed.value ? 'install-first' : 'unsupported'
  }
  if (Notification.permission === 'denied') return 'blocked'
  return (await currentSubscription()) && ownTargetId() ? 'on' : 'off'
}

async function currentSubscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration()
  return (await registration?.pushManager.getSubscription()) ?? null
}

async function subscribeAt(publicKey: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready
  const options = { userVisibleOnly: true, applicationServerKey: publicKey }
  try {
    return await pushManager.subscribe(options)
  } catch (error) {
    // A subscription made with another key is in the way, for example after the box was set up anew.
    const old = await pushManager.getSubscription()
    if (!old) throw pushFailure(error)
    await old.unsubscribe()
    return await pushManager.subscribe(options)
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(pushFailure()), PATIENCE_MS)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function pushFailure(cause?: unknown): ClientError {
  const body = cause instanceof Error ? { reason: `${cause.name}: ${cause.message}` } : undefined
  return new ClientError('push-service', t.more.notifications.tooSlow, 0, {
    error: 'push-service',
    message: '',
    error_code: 'PUSH_SERVICE',
    timestamp: new Date().toISOString(),
    ...(body ? { details: body } : {}),
  })
}

/** A name that its owner recognises in the list of phones. Pure. */
export function phoneName(userAgent: string): string {
  const device = [
    ['iPhone', /iPhone/],
    ['iPad', /iPad/],
    ['Android', /Android/],
    ['Mac', /Macintosh/],
    ['Windows', /Windows/],
    ['Linux', /Linux/],
  ] as const
  const browser = [
    ['Firefox', /Firefox|FxiOS/],
    ['Edge', /Edg/],
    ['Samsung Internet', /SamsungBrowser/],
    ['Chrome', /Chrome|CriOS/],
    ['Safari', /Safari/],
  ] as const
  const find = (list: readonly (readonly [string, RegExp])[]) =>
    list.find(([, pattern]) => pattern.test(userAgent))?.[0]
  return [find(browser) ?? t.more.notifications.browser, find(device)].filter(Boolean).join(t.more.notifications.on)
}
