import type { Accounts } from '../accounts/types.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { Notices } from '../health/types.ts'
import type { IncidentHook } from '../incidents/types.ts'
import { homeTimeZone, type Settings } from '../settings/index.ts'
import { createDeliverer } from './deliver.ts'
import { incidentMessage, PICTURE_LINK_TTL_MS, topicOf } from './push-message.ts'
import { createAlertRoutes } from './routes.ts'
import { Sender } from './sender.ts'
import { deleteTargetsOfSession, dropEntries, listQueuedFor, listTargetsOfPeople, queueEntries } from './store.ts'
import { createTargets } from './targets.ts'
import { createTestPush } from './test-push.ts'
import type { Alerts } from './types.ts'
import { createVapid } from './vapid.ts'

export type { Alerts } from './types.ts'
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
  /** File of a further root for push services; with it they may also stand in the home. */
  pushCa?: string | undefined
}

const INCIDENT_TTL_S = 5 * 60
/** Reasons of `session.ended` by which nobody said that this phone shall hear nothing more. */
const STILL_TOLD: ReadonlySet<string> = new Set(['expired', 'idle', 'too-many-sessions', 'access-changed'])

export function createAlerts(deps: AlertsDeps): Alerts {
  const { database, secretBox, clock, bus, settings, notices } = deps
  const log = deps.log.child({ part: 'alerts' })
  const allowHome = deps.pushCa !== undefined
  const vapid = createVapid({ settings, clock })
  const deliverer = createDeliverer({ secretBox, clock, vapid, pushCa: deps.pushCa })
  const sender = new Sender({ database, clock, log, notices, deliverer })
  const targets = createTargets({ database, secretBox, clock, allowHome })
  const timeZone = (): string => settings.get(homeTimeZone)
  const sendTest = createTestPush({ database, clock, deliverer, timeZone })
  let stopListening: (() => void)[] = []

  return {
    name: 'alerts',
    routes: createAlertRoutes({ targets, publicKey: () => vapid.publicKey(), sendTest }),
    incidentHook: createIncidentHook(deps),
    async start() {
      deliverer.open()
      await vapid.prepare()
      stopListening = [
        bus.on('alert.queued', 'alerts', () => sender.wake()),
        bus.on('account.changed', 'alerts', ({ userId }) => dropUnseen(deps, userId)),
        bus.on('session.ended', 'alerts', ({ sessionId, reason }) => forgetSession(database, log, sessionId, reason)),
      ]
      await sender.start()
    },
    async stop() {
      for (const stop of stopListening) stop()
      await sender.stop()
    },
  }
}

/** Letters into the letterbox, in the incident's own transaction; the bell rings after commit. */
function createIncidentHook({ database, clock, bus, settings, accounts, signPath }: AlertsDeps): IncidentHook {
  return async (trx, change, incident) => {
    if (change !== 'opened') return
    const people = await accounts.audience(trx, 'incidents.view', incident.camera.id)
    const alerted = await listTargetsOfPeople(trx, people)
    if (alerted.length === 0) return
    const picture = `/api/pictures/incidents/${incident.id}.jpg`
    const image = incident.snapshot === null ? null : signPath(picture, PICTURE_LINK_TTL_MS)
    const payloadFor = (origin: string): string =>
      JSON.stringify(incidentMessage(incident, { origin, timeZone: settings.get(homeTimeZone), image }))
    const now = clock.now()
    const entry = {
      incidentId: incident.id,
      kind: 'incident',
      urgency: 'high',
      topic: topicOf(incident.id),
      ttlS: INCIDENT_TTL_S,
      createdAt: now,
    }
    await queueEntries(
      trx,
      alerted.map(({ id, origin }) => ({ ...entry, id: newId(now), targetId: id, payload: payloadFor(origin) })),
    )
    database.afterCommit(trx, () => bus.emit('alert.queued', { count: alerted.length }))
  }
}

/** What waits for somebody who may not see it any more is not sent (SEC-A10). */
async function dropUnseen({ database, accounts }: AlertsDeps, userId: string): Promise<void> {
  await database.transaction(async (trx) => {
    const unseen: string[] = []
    for (const { id, cameraId } of await listQueuedFor(trx, userId)) {
      const people = await accounts.audience(trx, 'incidents.view', cameraId)
      if (!people.includes(userId)) unseen.push(id)
    }
    if (unseen.length > 0) await dropEntries(trx, unseen, 'May not see it any more.')
  })
}

/** Whoever signs a phone out wants it to hear nothing more. One that merely was not used for long goes on hearing. */
async function forgetSession(database: Database, log: Log, sessionId: string, reason: string): Promise<void> {
  if (STILL_TOLD.has(reason)) return
  const count = await deleteTargetsOfSession(database.writer, sessionId)
  if (count > 0) log.info({ sessionId, count }, 'Signed out: no more alerts to this browser')
}
