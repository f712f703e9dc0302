// The event service of the fake camera: PullPoint subscriptions that wait until something happens.
import type { ServerResponse } from 'node:http'
import * as say from './answers.ts'

const MAX_PULL_S = 30

export interface FakeEvents {
  respond(operation: string, body: string, response: ServerResponse): Promise<string>
  tell(topic: string, name: string, value: string): void
  count(): number
  forget(): void
}

export function createEvents({ at, now, leaseS }: { at: string; now(): Date; leaseS: number }): FakeEvents {
  const subscriptions = new Map<string, { waiting: string[]; wake: () => void }>()
  let nextId = 1
  return {
    async respond(operation, body, response) {
      if (operation === 'CreatePullPointSubscription') {
        const id = String(nextId++)
        subscriptions.set(id, { waiting: [], wake: () => undefined })
        return say.envelope(say.subscribed(`${at}/onvif/event_service/${id}`, id, now(), leaseS))
      }
      const id = /SubscriptionId[^>]*>(\d+)</.exec(body)?.[1] ?? ''
      const subscription = subscriptions.get(id)
      if (!subscription) return say.fault('InvalidArgVal', 'The subscription is unknown')
      if (operation === 'Renew') return say.envelope(say.renewed(now(), leaseS))
      if (operation === 'Unsubscribe') {
        subscriptions.delete(id)
        subscription.wake()
        return say.envelope('<wsnt:UnsubscribeResponse/>')
      }
      if (operation !== 'PullMessages') return say.fault('ActionNotSupported', 'Not here')
      const seconds = Math.min(MAX_PULL_S, Number(/Timeout>PT(\d+)S</.exec(body)?.[1] ?? 1))
      if (subscription.waiting.length === 0) await somethingOrEnd(subscription, response, seconds * 1_000)
      return say.envelope(say.pulled(subscription.waiting.splice(0), now(), leaseS))
    },
    tell(topic, name, value) {
      for (const subscription of subscriptions.values()) {
        subscription.waiting.push(say.notification(topic, name, value, now()))
        subscription.wake()
      }
    },
    count: () => subscriptions.size,
    forget() {
      for (const { wake } of subscriptions.values()) wake()
      subscriptions.clear()
    },
  }
}

function somethingOrEnd(subscription: { wake: () => void }, response: ServerResponse, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    subscription.wake = () => {
      clearTimeout(timer)
      resolve()
    }
    response.once('close', subscription.wake)
  })
}
