// The service worker from the page's side: registration, "a new version is ready", and what it tells us.
import { signal } from '@preact/signals'

/** What the service worker posts to open pages. */
export type WorkerMessage = { type: 'navigate'; path: string } | { type: 'push-received'; kind: string; at: number }

const waiting = signal<ServiceWorker | null>(null)
export const updateReady = waiting
/** The last push that reached this phone; null until one has. */
export const lastPush = signal<{ kind: string; at: number } | null>(null)

let accepted = false

/** Registers the worker. `navigate` opens a path when a notification was tapped. */
export function startWorker(navigate: (path: string) => void): void {
  if (!('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  serviceWorker.addEventListener('controllerchange', () => accepted && location.reload())
  serviceWorker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.type === 'navigate') navigate(data.path)
    if (data.type === 'push-received') lastPush.value = { kind: data.kind, at: data.at }
  })
  if (import.meta.env.PROD) serviceWorker.register('/sw.js').then(watchUpdates, () => undefined)
}

/** Lets the new version take over; the page reloads when it has. */
export function acceptUpdate(): void {
  accepted = true
  waiting.value?.postMessage({ type: 'skip-waiting' })
}

function watchUpdates(registration: ServiceWorkerRegistration): void {
  const offer = () => {
    // The very first worker has nothing to replace: no question then.
    if (registration.waiting && navigator.serviceWorker.controller) waiting.value = registration.waiting
  }
  offer()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer)
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined)
  })
}
