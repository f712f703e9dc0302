import webPush from 'web-push'
import type { Clock } from '../../core/clock.ts'
import type { Settings } from '../../settings/types.ts'
import { contact, vapidKeys, type VapidKeys } from '../settings.ts'

/** Who this box is to push services. */
export interface Vapid {
  /** Makes the key pair at the very first start. Subscriptions are bound to it: it never changes after. */
  prepare(): Promise<void>
  publicKey(): Promise<string>
  /** The Authorization header for a push service; signed once and used again for hours. */
  authorization(audience: string): string
}

/** The signature is good for 12 hours; half of that leaves room for clocks that disagree. */
const REUSED_FOR_MS = 6 * 60 * 60 * 1000

export function createVapid({ settings, clock }: { settings: Settings; clock: Clock }): Vapid {
  const signed = new Map<string, { header: string; signedAt: number }>()
  let making: Promise<VapidKeys> | null = null

  async function make(): Promise<VapidKeys> {
    const keys = webPush.generateVAPIDKeys()
    await settings.set(vapidKeys, keys)
    return keys
  }

  async function keys(): Promise<VapidKeys> {
    const known = settings.get(vapidKeys)
    if (known !== null) return known
    making ??= make().finally(() => (making = null))
    return making
  }

  return {
    prepare: async () => void (await keys()),
    publicKey: async () => (await keys()).publicKey,
    authorization(audience) {
      const subject = settings.get(contact)
      const { publicKey = '', privateKey = '' } = settings.get(vapidKeys) ?? {}
      const cacheKey = `${audience} ${subject} ${publicKey}`
      const cached = signed.get(cacheKey)
      if (cached && clock.monotonic() - cached.signedAt < REUSED_FOR_MS) return cached.header
      const headers = webPush.getVapidHeaders(audience, subject, publicKey, privateKey, 'aes128gcm')
      signed.set(cacheKey, { header: headers.Authorization, signedAt: clock.monotonic() })
      return headers.Authorization
    },
  }
}
