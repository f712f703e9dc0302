/// <reference lib="webworker" />
// The service worker: the app opens without the box, and a push becomes a notification. It never keeps anything of /api.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import type { PrecacheEntry } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { act, report } from './answer.ts'
import { notificationOf } from './notification.ts'
import type { TapData } from './notification.ts'
import { keepSubscription } from './subscription.ts'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] }

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/trust/] }))

// What is asked of the box goes past the worker, which has no answer to it anyway. Chromium stops the old version to let
// a new one take over; a request that reaches the old one in that moment starts it again, and from then on a camera's
// picture each second kept it running: the new version came five minutes after the tap. By the specification, which
// browsers without routes follow, a new version waits only for requests that are under way.
self.addEventListener('install', (event: InstallEvent) => {
  event.addRoutes?.({ condition: { urlPattern: { pathname: '/api/*' } }, source: 'network' }).catch(() => undefined)
})

// A later version waits until the person says so; the first of a phone has nothing to wait for, and takes over at once.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'skip-waiting') void self.skipWaiting()
})

self.addEventListener('push', (event) => {
  const { title, options, kind, reportShown, badge } = notificationOf(event.data?.text() ?? '', self.location.origin)
  event.waitUntil(
    Promise.all([
      self.registration.showNotification(title, options).then(() => report(reportShown)),
      showBadge(badge),
      tellPages({ type: 'push-received', kind, at: Date.now() }),
    ]),
  )
})

self.addEventListener('notificationclick', (event) => {
  const { notification, action } = event
  notification.close()
  const { path = '/', reportOpened, run } = (notification.data ?? {}) as Partial<TapData>
  const doing = action === '' ? undefined : run?.[action]
  event.waitUntil(
    doing === undefined
      ? Promise.all([openApp(path), report(reportOpened)])
      : act(self.registration, notification, doing),
  )
})

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(keepSubscription(self.registration, event as PushSubscriptionChangeEvent))
})

/** The number on the icon of the app, where there is one. */
async function showBadge(count: number | null): Promise<void> {
  const { setAppBadge } = navigator as { setAppBadge?: (count: number) => Promise<void> }
  if (count !== null) await setAppBadge?.call(navigator, count).catch(() => undefined)
}

/** With what TypeScript does not know of yet. */
interface InstallEvent extends ExtendableEvent {
  addRoutes?(rule: { condition: { urlPattern: { pathname: string } }; source: 'network' }): Promise<void>
}

interface PushSubscriptionChangeEvent extends ExtendableEvent {
  readonly oldSubscription?: PushSubscription | null
  readonly newSubscription?: PushSubscription | null
}

async function pages(): Promise<readonly WindowClient[]> {
  return await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
}

async function tellPages(message: unknown): Promise<void> {
  for (const page of await pages()) page.postMessage(message)
}

/** Goes to the path in a window that is already open, or opens one. */
async function openApp(path: string): Promise<void> {
  const open = await pages()
  const page = open.find(({ visibilityState }) => visibilityState === 'visible') ?? open[0]
  if (!page) {
    await self.clients.openWindow(path)
    return
  }
  page.postMessage({ type: 'navigate', path })
  await page.focus().catch(() => undefined)
}
