// Pushes as the browser's push service hands them over, and taps on what they show.
import type { Visit } from './phone.ts'

/** Gives the service worker a push, as the browser's push service would. */
export async function push({ home, phone }: Visit, data: string): Promise<void> {
  const cdp = await phone.cdp()
  const registered = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId)
    })
  })
  await cdp.send('ServiceWorker.enable')
  await cdp.send('ServiceWorker.deliverPushMessage', { origin: home.origin, registrationId: await registered, data })
}

export const shown = ({ phone }: Visit) =>
  phone.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({
      title,
      body,
      tag,
      data: data as unknown,
    }))
  })

export async function untilShown(visited: Visit, count: number) {
  for (let tries = 0; tries < 100; tries++) {
    const list = await shown(visited)
    if (list.length >= count) return list
    await visited.phone.page.waitForTimeout(100)
  }
  return await shown(visited)
}

/** A tap on the first notification, or on one of its buttons. */
export async function tap({ phone }: Visit, action = ''): Promise<void> {
  await phone.context.serviceWorkers()[0]?.evaluate(async (button) => {
    const worker = globalThis as unknown as {
      registration: ServiceWorkerRegistration
      NotificationEvent: new (type: string, init: { notification: Notification; action: string }) => Event
      dispatchEvent(event: Event): boolean
    }
    const [notification] = await worker.registration.getNotifications()
    if (!notification) throw new Error('There is no notification to tap.')
    worker.dispatchEvent(new worker.NotificationEvent('notificationclick', { notification, action: button }))
  }, action)
}
