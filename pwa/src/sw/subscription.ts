interface Change {
  readonly oldSubscription?: PushSubscription | null
  readonly newSubscription?: PushSubscription | null
}

/** The browser has replaced the subscription (or dropped it): tell the box the new one. */
export async function keepSubscription(registration: ServiceWorkerRegistration, change: Change): Promise<void> {
  const subscription = change.newSubscription ?? (await subscribeAgain(registration))
  const { endpoint, keys } = subscription.toJSON()
  await call('POST', '/api/push/targets', { endpoint, keys: { p256dh: keys?.['p256dh'], auth: keys?.['auth'] } })
}

async function subscribeAgain(registration: ServiceWorkerRegistration): Promise<PushSubscription> {
  const response = await call('GET', '/api/push/key')
  const { publicKey } = (await response.json()) as { publicKey: string }
  return await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const content =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  return await fetch(path, { method, ...content })
}
