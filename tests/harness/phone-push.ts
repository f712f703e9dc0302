import type { Phone } from './chromium.ts'
import type { PushService } from '../fakes/push-service.ts'

/**
 * Chromium subscribes only with Google's push service, which nothing here may reach. So the page's subscription is one of
 * `push`, and what the product sends there (encrypted, signed) is decrypted and handed to the service worker by
 * Chromium's own developer tools, as a message of Google's would be. Call before the first page of `origin` is opened.
 */
export async function connectPush(phone: Phone, push: PushService, origin: string): Promise<void> {
  const { id, endpoint, keys } = push.subscribe()
  await phone.context.addInitScript(useSubscription, { endpoint, keys })
  const cdp = await phone.cdp()
  let registrationId: string | null = null
  cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    registrationId = registrations.find(({ scopeURL }) => scopeURL.startsWith(origin))?.registrationId ?? registrationId
  })
  await cdp.send('ServiceWorker.enable')
  push.deliverTo(id, (message) => {
    if (registrationId === null) throw new Error('The app has no service worker that could take a push')
    void cdp.send('ServiceWorker.deliverPushMessage', {
      origin,
      registrationId,
      data: JSON.stringify(push.read(message)),
    })
  })
}

/** Runs in the page: the browser's end of a subscription, kept for as long as the browser lives. */
function useSubscription(json: { endpoint: string; keys: { p256dh: string; auth: string } }): void {
  if (!('PushManager' in window)) return
  const KEPT = 'test.push-subscription'
  const subscription = {
    endpoint: json.endpoint,
    expirationTime: null,
    options: { userVisibleOnly: true },
    toJSON: () => json,
    getKey: () => null,
    unsubscribe: async () => {
      localStorage.removeItem(KEPT)
      return true
    },
  }
  PushManager.prototype.subscribe = async () => {
    localStorage.setItem(KEPT, '1')
    return subscription as unknown as PushSubscription
  }
  PushManager.prototype.getSubscription = async () =>
    localStorage.getItem(KEPT) === null ? null : (subscription as unknown as PushSubscription)
}
