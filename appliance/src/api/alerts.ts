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
    lastShownAt: epochMs.nullable().describe('When it last said that it showed something.'),
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
export const NOTICE_ACTIONS = ['expected', 'snooze', 'light'] as const
export const noticeAction = z.enum(NOTICE_ACTIONS)
export const pushAction = z.strictObject({
  action: noticeAction,
  title: z.string(),
  navigate: z.string().describe('Opened where the browser cannot do the action itself.'),
  run: z.string().describe('Signed path of this box: a POST there does it, and nothing else.'),
})
export type PushAction = z.infer<typeof pushAction>

export const pushMessage = z.strictObject({
  web_push: z.literal(8030),
  mutable: z.literal(true).describe('The service worker may show more than what stands here.'),
  notification: z.strictObject({
    title: z.string(),
    body: z.string(),
    navigate: z.string().describe('Absolute address that a tap opens.'),
    tag: z.string(),
    lang: z.string(),
    silent: z.boolean(),
    app_badge: z.string().optional(),
    actions: z.array(pushAction.omit({ run: true })).optional(),
    data: z.strictObject({
      kind: z.enum(['incident', 'health', 'test']),
      path: z.string().describe('Path in the app that a tap opens, for example /incidents/<id>.'),
      image: z.string().optional().describe('Signed path of the picture on this box.'),
      at: epochMs,
      renotify: z.boolean().optional().describe('Rings again although it replaces what is shown.'),
      stays: z.boolean().optional().describe('Stays on the screen until somebody deals with it.'),
      report: z
        .strictObject({ shown: z.string(), opened: z.string() })
        .optional()
        .describe('Signed paths: a POST there says what became of it.'),
      actions: z.array(pushAction.pick({ action: true, run: true })).optional(),
    }),
  }),
})
export type PushMessage = z.infer<typeof pushMessage>

/** What the box did at the tap of an action, in words for the notification that follows. */
export const actReply = z.strictObject({ title: z.string(), body: z.string() }).meta({ id: 'NoticeActed' })

export const CHANNEL_IDS = ['push', 'email', 'webhook', 'mqtt', 'ntfy'] as const
export const channelId = z.enum(CHANNEL_IDS)

export const DELIVERY_STATES = ['queued', 'sent', 'failed', 'dropped', 'replaced', 'snoozed'] as const
export const noticeDelivery = z
  .strictObject({
    id,
    channel: channelId,
    label: z.string().describe('Phone, address or program, as it was called then.'),
    person: z.string().nullable().describe('Name of whom it tells; null for machines and people who are gone.'),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int(),
    sentAt: epochMs.nullable(),
    shownAt: epochMs.nullable().describe('When the phone said that it showed it.'),
    openedAt: epochMs.nullable(),
    acted: noticeAction.nullable(),
    actedAt: epochMs.nullable(),
    reason: z.string().nullable().describe('Why it failed, waits, or was not sent.'),
  })
  .meta({ id: 'NoticeDelivery' })
export type NoticeDelivery = z.infer<typeof noticeDelivery>

export const toldNotice = z
  .strictObject({
    id,
    at: epochMs,
    kind: z.enum(['incident', 'health']),
    state: z.string(),
    incidentId: id.nullable(),
    cameraId: id.nullable(),
    title: z.string(),
    body: z.string(),
    reason: z.string().describe('Why it was told.'),
    urgency: z.enum(['normal', 'high', 'critical']),
    deliveries: z.array(noticeDelivery),
  })
  .meta({ id: 'ToldNotice' })
export type ToldNotice = z.infer<typeof toldNotice>

export const toldQuery = z.strictObject({
  before: id.optional().describe('Only what was told before this one.'),
  incident: id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type ToldQuery = z.infer<typeof toldQuery>
export const toldReply = z
  .strictObject({ notices: z.array(toldNotice), next: id.nullable() })
  .meta({ id: 'ToldNotices' })
export type ToldReply = z.infer<typeof toldReply>
