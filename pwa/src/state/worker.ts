// The service worker from the page's side: registration, "a new version is ready", and what it tells us.
import { signal } from '@preact/signals'

/** What the service worker posts to open pages. */
export type WorkerMessage = { type: 'navigate'; path: string } | { type: 'push-received'; kind: string; at: number }

const waiting = signal<ServiceWorker | null>(null)
export const updateReady = waiting
/** The tap was given: the new version is taking over, and the page reloads when it has. */
export const updating = signal(false)
/** The last push that reached this phone; null until one has. */
export const lastPush = signal<{ kind: string; at: number } | null>(null)

/** Registers the worker. `navigate` opens a path when a notification was tapped. */
export function startWorker(navigate: (path: string) => void): void {
  if (!('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  serviceWorker.addEventListener('controllerchange', () => updating.value && location.reload())
  serviceWorker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.type === 'navigate') navigate(data.path)
    if (data.type === 'push-received') lastPush.value = { kind: data.kind, at: data.at }
  })
  if (import.meta.env.PROD) serviceWorker.register('/sw.js').then(watchUpdates, () => undefined)
}

/** Lets the new version take over. */
export function acceptUpdate(): void {
  updating.value = true
  if (waiting.value?.state === 'installed') waiting.value.postMessage({ type: 'skip-waiting' })
  // Another window has let it take over already; this page only has to catch up.
  else location.reload()
}

function watchUpdates(registration: ServiceWorkerRegistration): void {
  const offer = () => {
    // The very first worker has nothing to replace: no question then.
    if (!registration.waiting || !navigator.serviceWorker.controller) return
    waiting.value = registration.waiting
    // A still newer one came after the tap, which was for that one too.
    if (updating.value) acceptUpdate()
  }
  offer()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer)
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined)
  })
}
