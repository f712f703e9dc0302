/// <reference lib="webworker" />
// The service worker: the app opens without the box, and a push becomes a notification. It never keeps anything of /api.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import type { PrecacheEntry } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { notificationOf } from './notification.ts'
import { keepSubscription } from './subscription.ts'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] }

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/trust/] }))

// A later version waits until the person says so; the first of a phone has nothing to wait for, and takes over at once.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'skip-waiting') void self.skipWaiting()
})

self.addEventListener('push', (event) => {
  const { title, options, kind } = notificationOf(event.data?.text() ?? '', self.location.origin)
  event.waitUntil(
    Promise.all([
      self.registration.showNotification(title, options),
      tellPages({ type: 'push-received', kind, at: Date.now() }),
    ]),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = (event.notification.data ?? {}) as { path?: string }
  event.waitUntil(openApp(path ?? '/'))
})

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(keepSubscription(self.registration, event as PushSubscriptionChangeEvent))
})

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
