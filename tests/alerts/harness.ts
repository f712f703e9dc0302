import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import type { PushTarget, ToldReply } from '../../appliance/src/api/alerts.ts'
import type { Incident } from '../../appliance/src/api/incidents.ts'
import type { Notice } from '../../appliance/src/api/system.ts'
import { audience } from '../../appliance/src/accounts/people/people-store.ts'
import {
  createAlertRules,
  createAlerts,
  type AlertNotice,
  type AlertRules,
  type Alerts,
  type MqttOutlet,
} from '../../appliance/src/alerts/index.ts'
import { createBus, type Bus } from '../../appliance/src/core/bus.ts'
import { systemClock, type Clock } from '../../appliance/src/core/clock.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import type { Settings } from '../../appliance/src/settings/index.ts'
import { startPushService, type PushService, type PushSubscriptionJson } from '../fakes/push-service.ts'
import { callRoute, fakePrincipal } from '../fakes/routes.ts'
import { createFakeSettings } from '../fakes/settings.ts'

export interface AlertsHome {
  alerts: Alerts
  rules: AlertRules
  bus: Bus<Events>
  database: TestDatabase
  settings: Settings
  service: PushService
  notices: Map<string, Omit<Notice, 'since'>>
  masterKey: Buffer
  /** What notifications did, in order. */
  acted: string[]
  /** What the record was told of. */
  recorded: string[]
  call<T>(method: string, path: string, body?: unknown, userId?: string): Promise<T>
  subscribe(userId?: string): Promise<{ target: PushTarget; subscription: PushSubscriptionJson & { id: string } }>
  /** Opens an incident as incidents/ does: in one transaction with the hook. */
  open(incident?: Partial<Incident>): Promise<Incident>
  /** Tells something, as rules do. Resolves with how many are on their way. */
  tell(notice?: Partial<AlertNotice>): Promise<number>
  history(query: object, userId?: string, cameras?: ReadonlySet<string>): Promise<ToldReply>
  outbox(): Promise<{ state: string; attempts: number; reason: string | null }[]>
  stop(): Promise<void>
}

export interface AlertsHomeOptions {
  clock?: Clock
  /** Of an earlier home: the same database after a restart. */
  again?: Pick<AlertsHome, 'database' | 'service' | 'masterKey' | 'settings'>
  /** False: as in a home, where push services are on the internet. */
  allowHome?: boolean
  /** Do not start: what is queued stays queued. */
  asleep?: boolean
  pictures?: (incidentId: string) => Buffer | null
  mqtt?: MqttOutlet
}

export async function startAlertsHome(options: AlertsHomeOptions = {}): Promise<AlertsHome> {
  const { again, clock = systemClock } = options
  const database = again?.database ?? (await openTestDatabase())
  const service = again?.service ?? (await startPushService())
  const settings = again?.settings ?? createFakeSettings()
  const masterKey = again?.masterKey ?? randomBytes(32)
  const notices: AlertsHome['notices'] = new Map()
  const acted: string[] = []
  const recorded: string[] = []
  if (!again) await addUsers(database)
  const bus = createBus<Events>(silentLog())
  const alerts = createAlerts({
    database,
    secretBox: createSecretBox(masterKey),
    clock,
    log: silentLog(),
    bus,
    settings,
    accounts: { audience },
    notices: {
      raise: (notice) => void notices.set(notice.id, notice),
      clear: (id) => void notices.delete(id),
      list: () => [],
    },
    signPath: (path) => `${path}?signed=yes`,
    origin: () => 'https://lares.local:8443',
    picture: async (id) => options.pictures?.(id) ?? null,
    unreviewed: async () => 3,
    acts: {
      async markExpected(incidentId, userId) {
        acted.push(`expected ${incidentId} by ${userId}`)
      },
      async switchOn(plugId) {
        acted.push(`on ${plugId}`)
        return 'Porch light'
      },
    },
    mqtt: options.mqtt ?? { publish: () => Promise.reject(new Error('MQTT is switched off.')), state: () => null },
    recordChange: async (_, what) => void recorded.push(what),
    ...(options.allowHome !== false && { pushCa: service.rootFile }),
  })
  const rules = createAlertRules({
    ...{ database, clock, bus, settings, log: silentLog(), accounts: { audience } },
    audit: { record: async () => undefined },
    incidents: {
      get: () => Promise.reject(new Error('No incident waits in these tests.')),
      list: async () => ({ incidents: [], nextCursor: null, unreviewed: 0, preparing: false }),
    },
    modes: {
      state: () => ({ mode: 'home', since: 0, by: { cause: 'first', name: null }, next: null }),
      entryDelay: () => ({ delayMs: 0, cameras: [] }),
      modesSince: async () => [],
    },
    queueNotice: alerts.queueNotice,
    ...{ cameraName: () => null, zone: () => null },
  })
  if (!options.asleep) await alerts.start()
  const call = <T>(method: string, path: string, body?: unknown, userId = 'ada'): Promise<T> =>
    callRoute<T>([...alerts.routes, ...rules.routes], method, path, {
      body,
      principal: fakePrincipal(userId, userId === 'ada' ? undefined : []),
    })
  return {
    alerts,
    rules,
    bus,
    database,
    settings,
    service,
    notices,
    masterKey,
    acted,
    recorded,
    call,
    async subscribe(userId = 'ada') {
      const subscription = service.subscribe()
      const { endpoint, keys } = subscription
      return { subscription, target: await call<PushTarget>('POST', '/api/push/targets', { endpoint, keys }, userId) }
    },
    async open(change = {}) {
      const incident = { ...personAtFrontDoor(clock.now()), ...change }
      await database.transaction((trx) => rules.incidentHook(trx, 'opened', incident))
      return incident
    },
    tell: (change = {}) => database.transaction((trx) => alerts.queueNotice(trx, { ...someNotice(), ...change })),
    history: (query, userId = 'ada', cameras) =>
      callRoute<ToldReply>(alerts.routes, 'GET', '/api/alerts/history', {
        query,
        principal: {
          ...fakePrincipal(userId, userId === 'ada' ? undefined : ['incidents.view']),
          ...(cameras && { cameras }),
        },
      }),
    outbox: () => database.writer.selectFrom('outbox').select(['state', 'attempts', 'reason']).orderBy('id').execute(),
    async stop() {
      await alerts.stop()
      if (again) return
      await service.stop()
      await database.close()
    },
  }
}

/** Ada sees everything, Gus is a guest, Vic may look, Ina is no longer active. */
async function addUsers(database: TestDatabase): Promise<void> {
  const people = [
    { id: 'ada', role: 'admin', active: 1 },
    { id: 'gus', role: 'guest', active: 1 },
    { id: 'vic', role: 'viewer', active: 1 },
    { id: 'ina', role: 'admin', active: 0 },
  ] as const
  for (const { id, role, active } of people) {
    const row = {
      id,
      username: id,
      display_name: id,
      role,
      active,
      password_hash: '',
      password_changed_at: 0,
      totp_secret: null,
      cameras_limited: 0 as const,
    }
    await database.writer
      .insertInto('users')
      .values({ ...row, totp_last_step: 0, created_at: 0 })
      .execute()
  }
}

export function personAtFrontDoor(at: number): Incident {
  return {
    id: newId(at),
    camera: { id: newId(at), name: 'Front door' },
    state: 'open',
    openedAt: at,
    lastSeenAt: at,
    closedAt: null,
    classes: [{ class: 'person', count: 1, bestScore: 0.91 }],
    zones: [],
    snapshot: { url: '/x.jpg', width: 640, height: 360, takenAt: at, boxes: [] },
    clip: { state: 'recording' },
    ...{ partOf: null, verdict: 'confirmed', risk: { score: 34, band: 'medium' } },
    feedback: null,
    reviewedAt: null,
    ...{ reviewedBy: null, starred: false, notes: '', reviewCount: 0 },
  }
}

export function someNotice(): AlertNotice {
  return {
    subject: { kind: 'incident', incidentId: newId(1), cameraId: newId(2) },
    ...{ state: 'opened', ruleId: null, reason: 'A test.', title: 'Person at Front door', body: 'Tap to look.' },
    ...{ urgency: 'high', ttlS: 300, actions: [], audience: { permission: 'incidents.view' }, channels: 'all' },
  }
}

const endings = new WeakMap<TestContext, (() => Promise<unknown>)[]>()

/** Runs at the end of the test, the last given first: what was built on something goes before it. */
export function atEnd(t: TestContext, run: () => Promise<unknown>): void {
  const known = endings.get(t)
  if (known) return void known.unshift(run)
  const all = [run]
  endings.set(t, all)
  t.after(async () => {
    for (const end of all) await end()
  })
}

export async function until(words: string, ask: () => boolean | Promise<boolean>, limitMs = 5_000): Promise<void> {
  const endAt = performance.now() + limitMs
  while (!(await ask())) {
    if (performance.now() > endAt) throw new Error(`Not within ${limitMs} ms: ${words}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
