import { z } from 'zod'
import { epochMs, id } from './common.ts'

/** Public half of the push key pair; the app subscribes with it. */
export const pushKeyReply = z
  .strictObject({ publicKey: z.string().describe('VAPID key, base64url.') })
  .meta({ id: 'PushKey' })

export const subscribeBody = z
  .strictObject({
    endpoint: z.url().max(2_048),
    keys: z.strictObject({ p256dh: z.string().min(1).max(256), auth: z.string().min(1).max(64) }),
    label: z.string().trim().max(64).optional().describe('Name of the phone or browser.'),
  })
  .meta({ id: 'PushSubscription' })

export const pushTarget = z
  .strictObject({
    id,
    label: z.string(),
    createdAt: epochMs,
    lastDeliveredAt: epochMs.nullable(),
    problem: z.string().nullable(),
    own: z.boolean(),
  })
  .meta({ id: 'PushTarget' })
export const pushTargetsReply = z.strictObject({ targets: z.array(pushTarget) }).meta({ id: 'PushTargets' })
export type PushTarget = z.infer<typeof pushTarget>

export const testPushReply = z
  .strictObject({ sent: z.int(), failed: z.array(z.strictObject({ label: z.string(), reason: z.string() })) })
  .meta({ id: 'TestPush' })

/**
 * What travels in a push, in the shape of Declarative Web Push (iOS 18.4+); our service worker reads the same object.
 * Kept under 3 KB; the push service only sees it encrypted.
 */
export const pushMessage = z.strictObject({
  web_push: z.literal(8030),
  notification: z.strictObject({
    title: z.string(),
    body: z.string(),
    navigate: z.string().describe('Absolute address that a tap opens.'),
    tag: z.string(),
    lang: z.string(),
    silent: z.boolean(),
    app_badge: z.string().optional(),
    data: z.strictObject({
      kind: z.enum(['incident', 'test']),
      path: z.string().describe('Path in the app that a tap opens, for example /incidents/<id>.'),
      image: z.string().optional().describe('Signed path of the picture on this box.'),
      at: epochMs,
      cameraName: z.string().optional(),
      class: z.string().optional(),
    }),
  }),
})
export type PushMessage = z.infer<typeof pushMessage>
