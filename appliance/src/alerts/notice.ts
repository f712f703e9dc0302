import type { CHANNEL_IDS, NOTICE_ACTIONS } from '../api/alerts.ts'
import type { Permission } from '../api/permissions.ts'
import type { Trx } from '../db/database.ts'

export type ChannelId = (typeof CHANNEL_IDS)[number]

/** What a person can do from the notice itself. */
export type NoticeAction = (typeof NOTICE_ACTIONS)[number]

/** Something that people shall be told, with everything that is needed to tell it by any channel. */
export interface AlertNotice {
  subject:
    { kind: 'incident'; incidentId: string; cameraId: string } | { kind: 'health'; code: string; cameraId?: string }
  /** `opened`, `escalated`, `closed` …: a later state of a subject takes the place of an earlier one, wherever it is shown. */
  state: string
  ruleId: string | null
  /** Why, in words, for the history. */
  reason: string
  title: string
  body: string
  urgency: 'normal' | 'high' | 'critical'
  /** Worth nothing after this many seconds. */
  ttlS: number
  pictureIncidentId?: string
  actions: readonly NoticeAction[]
  /** The plug that `light` switches on. */
  lightPlugId?: string
  /** Those who hold the permission and may see the camera; of these only `userIds` when given. */
  audience: { permission: Permission; userIds?: readonly string[] }
  channels: readonly ChannelId[] | 'all'
}

/**
 * Puts rows for every channel and target into the outbox, in the transaction of what caused it; the sender looks after
 * commit. Snoozes of people are applied here (not to `critical`). Resolves with how many are on their way.
 */
export type QueueNotice = (trx: Trx, notice: AlertNotice) => Promise<number>
