import type { Accounts } from '../accounts/types.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Notices } from '../health/types.ts'
import type { RequestContext } from '../http/route.ts'
import { homeName, homeTimeZone, type Settings } from '../settings/index.ts'
import { createChannelBook, type ChannelBook } from './channels/channel-book.ts'
import { createChannelRoutes } from './channels/channel-routes.ts'
import type { Channel, Channels } from './channels/channel.ts'
import { createEmailChannel } from './channels/email.ts'
import { createMqttChannel, type MqttOutlet } from './channels/mqtt-channel.ts'
import { createNtfyChannel } from './channels/ntfy.ts'
import type { BoxFacts } from './channels/told-things.ts'
import { createTryChannel } from './channels/try-channel.ts'
import { createWebhookChannel } from './channels/webhook.ts'
import { endEntries, listQueuedFor } from './outbox/outbox-store.ts'
import { createQueueNotice } from './outbox/queue.ts'
import { Sender } from './outbox/sender.ts'
import { createDeliverer, type Deliverer } from './push/deliver.ts'
import { createPushChannel } from './push/push-channel.ts'
import type { MessageLinks } from './push/push-message.ts'
import { deleteTargetsOfSession } from './push/target-store.ts'
import { createTargets } from './push/targets.ts'
import { createTestPush } from './push/test-push.ts'
import { createVapid } from './push/vapid.ts'
import { createAlertRoutes } from './routes.ts'
import { createActing, type ActDeps } from './told/act.ts'
import { createCanary } from './told/canary.ts'
import { createLinks } from './told/links.ts'
import { createToldRoutes } from './told/told-routes.ts'
import type { Alerts } from './types.ts'

export type { AlertNotice, Alerts, ChannelId, MqttOutlet, MqttSetup, NoticeAction, QueueNotice } from './types.ts'
export { alertSettings } from './settings.ts'
export { createOwnHealth, type OwnHealth } from './own-health/index.ts'
export { createAlertRules, type AlertRules } from './rules/index.ts'

export interface AlertsDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  accounts: Pick<Accounts, 'audience'>
  notices: Notices
  /** Signs a path of this server for `ttlMs`. */
  signPath(path: string, ttlMs: number): string
  /** File of a further root for push services; with it they may also stand in the home, and on this machine. */
  pushCa?: string | undefined
  /** Scheme, name and port under which the app is reached, for links in mails. */
  origin(): string
  /** JPEG of an incident; null when there is none. */
  picture(incidentId: string): Promise<Buffer | null>
  /** How many incidents wait for this person to look at; null: not theirs to know. No number is told when left out. */
  unreviewed?(userId: string): Promise<number | null>
  acts: Pick<ActDeps, 'markExpected' | 'switchOn'>
  mqtt: MqttOutlet
  recordChange(trx: Trx, what: string, request: RequestContext): Promise<void>
}

/** Reasons of `session.ended` by which nobody said that this phone shall hear nothing more. */
const STILL_TOLD: ReadonlySet<string> = new Set(['expired', 'idle', 'too-many-sessions', 'access-changed'])

interface Ways {
  book: ChannelBook
  channels: Channels
  deliverer: Deliverer
  links: MessageLinks
}

function createWays(deps: AlertsDeps, vapid: ReturnType<typeof createVapid>): Ways {
  const { database, secretBox, clock, settings, pushCa } = deps
  const links = createLinks(deps.signPath)
  const deliverer = createDeliverer({ secretBox, clock, vapid, pushCa })
  const book = createChannelBook({ database, secretBox, clock })
  const box: BoxFacts = {
    ...{ origin: () => deps.origin(), picture: (id) => deps.picture(id), homeName: () => settings.get(homeName) },
  }
  const http = { book, clock, box, links, allowSelf: pushCa !== undefined }
  const all: Channel[] = [
    createPushChannel({ deliverer, links, unreviewed: async (userId) => deps.unreviewed?.(userId) ?? null }),
    createEmailChannel({ book, box }),
    createWebhookChannel(http),
    createMqttChannel({ book, box, links, outlet: deps.mqtt }),
    createNtfyChannel(http),
  ]
  return { book, channels: new Map(all.map((channel) => [channel.id, channel])), deliverer, links }
}

export function createAlerts(deps: AlertsDeps): Alerts {
  const { database, secretBox, clock, bus, settings, notices } = deps
  const log = deps.log.child({ part: 'alerts' })
  const timeZone = (): string => settings.get(homeTimeZone)
  const vapid = createVapid({ settings, clock })
  const { book, channels, deliverer, links } = createWays(deps, vapid)
  const sender = new Sender({ database, clock, log, notices, channels })
  const queueNotice = createQueueNotice({ database, clock, bus, accounts: deps.accounts, channels })
  const canary = createCanary({ database, clock, log, notices, settings, queueNotice, timeZone })
  const targets = createTargets({ database, secretBox, clock, allowHome: deps.pushCa !== undefined })
  const sendTest = createTestPush({ database, clock, deliverer, timeZone, links })
  const acting = createActing({ ...deps, ...deps.acts, timeZone, onAnswer: () => canary.answered() })
  const tryChannel = createTryChannel({ database, clock, book, channels, timeZone })
  let stopListening: (() => void)[] = []

  return {
    name: 'alerts',
    routes: [
      ...createAlertRoutes({ targets, publicKey: () => vapid.publicKey(), sendTest }),
      ...createToldRoutes({ database, acting }),
      ...createChannelRoutes({
        ...{ database, book, tryChannel, recordChange: deps.recordChange },
        stateOf: (id) => (id === 'mqtt' ? deps.mqtt.state() : null),
      }),
    ],
    queueNotice,
    mqttSetup: {
      get() {
        const mqtt = book.working('mqtt')
        return mqtt && { settings: mqtt.settings, password: mqtt.secret }
      },
      onChange: (listener) => book.onChange('mqtt', listener),
    },
    async start() {
      // First of all: a root that cannot be read stops the start in words.
      deliverer.open()
      await book.load()
      await vapid.prepare()
      stopListening = [
        bus.on('alert.queued', 'alerts', () => sender.wake()),
        bus.on('account.changed', 'alerts', ({ userId }) => dropUnseen(deps, userId)),
        bus.on('session.ended', 'alerts', ({ sessionId, reason }) => forgetSession(database, log, sessionId, reason)),
      ]
      await sender.start()
      await canary.start()
    },
    async stop() {
      for (const stop of stopListening) stop()
      await canary.stop()
      await sender.stop()
    },
  }
}

/** What waits for somebody who may not see it any more is not sent (SEC-A10). */
async function dropUnseen({ database, accounts }: AlertsDeps, userId: string): Promise<void> {
  await database.transaction(async (trx) => {
    const unseen: string[] = []
    for (const { id, cameraId, permission } of await listQueuedFor(trx, userId)) {
      const people = await accounts.audience(trx, permission as never, cameraId)
      if (!people.includes(userId)) unseen.push(id)
    }
    await endEntries(trx, unseen, 'dropped', 'They may not see it any more.')
  })
}

/** Whoever signs a phone out wants it to hear nothing more. One that merely was not used for long goes on hearing. */
async function forgetSession(database: Database, log: Log, sessionId: string, reason: string): Promise<void> {
  if (STILL_TOLD.has(reason)) return
  const count = await database.transaction((trx) => deleteTargetsOfSession(trx, sessionId))
  if (count > 0) log.info({ sessionId, count }, 'Signed out: no more alerts to this browser')
}
