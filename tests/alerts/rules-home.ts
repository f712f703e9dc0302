// Modes, rules and own health with a clock that the test owns, over a real database; what they tell is kept in a list.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Incident } from '../../appliance/src/api/incidents.ts'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import type { AuditEntry } from '../../appliance/src/api/audit.ts'
import { audience } from '../../appliance/src/accounts/people/people-store.ts'
import { createAlertRules, createOwnHealth, type AlertNotice } from '../../appliance/src/alerts/index.ts'
import { createAudit } from '../../appliance/src/audit/index.ts'
import { createBus, type Bus } from '../../appliance/src/core/bus.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createNotices, type Notices } from '../../appliance/src/health/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { createModes, type Modes } from '../../appliance/src/modes/index.ts'
import type { Settings } from '../../appliance/src/settings/index.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { callRoute, fakePrincipal } from '../fakes/routes.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { personAtFrontDoor } from './harness.ts'

export const ADA = '01900000-0000-7000-8000-0000000000a1'
export const BEN = '01900000-0000-7000-8000-0000000000b1'

export interface RulesHome {
  clock: FakeClock
  database: TestDatabase
  dataDir: string
  settings: Settings
  bus: Bus<Events>
  modes: Modes
  notices: Notices
  /** What people were told, oldest first. */
  told: AlertNotice[]
  /** Addresses of phones that answer on the Wi-Fi. */
  onWifi: Set<string>
  liveCameras: Set<string>
  plugs: Map<string, Plug>
  /** What is drawn, by id. */
  zones: Map<string, { name: string; cameraId: string }>
  recorded: AuditEntry[]
  /** Somebody signed in, in a session that is there. */
  signIn(sessionId: string): Promise<void>
  failSignIn(address: string): void
  call<T>(method: string, path: string, body?: unknown, userId?: string): Promise<T>
  /** Something is seen: in one transaction with the hook. */
  see(change?: Partial<Incident>, how?: 'opened' | 'updated' | 'closed'): Promise<Incident>
  decisions(incidentId: string): Promise<{ code: string; outcome: string; reason: string; people: string[] }[]>
  /** Moves the clock in small steps until `ask` holds. */
  pass(words: string, ask: () => boolean | Promise<boolean>, mostMs?: number): Promise<void>
  /** Everything stops; the database stays. */
  stop(): Promise<void>
  remove(): Promise<void>
}

export type Again = Pick<RulesHome, 'database' | 'dataDir' | 'clock' | 'settings'>

async function addPeople(database: TestDatabase): Promise<void> {
  for (const [id, name, role] of [
    [ADA, 'Ada', 'admin'],
    [BEN, 'Ben', 'viewer'],
  ] as const)
    await database.writer
      .insertInto('users')
      .values({
        ...{ id, username: name.toLowerCase(), display_name: name, role, active: 1, cameras_limited: 0 },
        ...{ password_hash: '', password_changed_at: 0, totp_secret: null, totp_last_step: 0, created_at: 0 },
      })
      .execute()
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 4))

export async function startRulesHome(again?: Again): Promise<RulesHome> {
  const database = again?.database ?? (await openTestDatabase())
  const dataDir = again?.dataDir ?? mkdtempSync(join(tmpdir(), 'lares-rules-'))
  if (!again) await addPeople(database)
  const clock = again?.clock ?? createFakeClock()
  const settings = again?.settings ?? createFakeSettings()
  const log = silentLog()
  const bus = createBus<Events>(log)
  const notices = createNotices({ bus, clock })
  const audit = createAudit({ database, clock, log })
  const world = {
    onWifi: new Set<string>(),
    liveCameras: new Set<string>(),
    plugs: new Map<string, Plug>(),
    zones: new Map<string, { name: string; cameraId: string }>(),
  }

  const told: AlertNotice[] = []
  const recorded: AuditEntry[] = []
  audit.onEntry((entry) => recorded.push(entry))
  const people = [
    { id: ADA, displayName: 'Ada' },
    { id: BEN, displayName: 'Ben' },
  ]
  const modes = createModes({
    ...{ database, clock, log, bus, settings, audit },
    accounts: { listPeople: async () => people as never },
    probe: async (address) => world.onWifi.has(address),
  })
  const seen = new Map<string, Incident>()
  const queueNotice = async (_: unknown, notice: AlertNotice): Promise<number> => told.push(notice)
  const rules = createAlertRules({
    ...{ database, clock, log, bus, settings, audit, modes, queueNotice, accounts: { audience } },
    incidents: {
      async get(id) {
        const incident = seen.get(id)
        if (!incident) throw new LaresError('not-found', 'There is no such incident.')
        return { ...incident, tracks: [], dwellMs: 0, parts: [], plugs: [], assessment: null } as never
      },
      list: async () => ({
        incidents: [...seen.values()].reverse(),
        nextCursor: null,
        unreviewed: 0,
        preparing: false,
      }),
    },
    ...{ cameraName: () => 'Front door', zone: (id) => world.zones.get(id) ?? null },
  })
  const ownHealth = createOwnHealth({
    ...{ database, dataDir, clock, log, bus, notices, settings, audit, modes, queueNotice },
    isCameraLive: (id) => world.liveCameras.has(id),
    async findPlug(id) {
      const plug = world.plugs.get(id)
      if (!plug) throw new LaresError('not-found', 'There is no such plug.')
      return plug
    },
    clockTrusted: () => true,
  })
  const routes: Route[] = [...modes.routes, ...rules.routes, ...ownHealth.routes]
  await modes.start()
  await rules.start()
  await ownHealth.start()
  const call = <T>(method: string, path: string, body?: unknown, userId = ADA): Promise<T> =>
    callRoute<T>(routes, method, path, { body, principal: fakePrincipal(userId) })
  const home: RulesHome = {
    ...{ clock, database, dataDir, settings, bus, modes, notices, told, recorded, call, ...world },
    signIn: (sessionId) =>
      database.transaction((trx) =>
        audit.record(trx, { type: 'login_success', who: { userId: ADA, username: 'ada', role: 'admin', sessionId } }),
      ),
    failSignIn: (address) => audit.note({ type: 'login_failure', address }),
    async see(change = {}, how = 'opened') {
      const incident = { ...personAtFrontDoor(clock.now()), ...change }
      seen.set(incident.id, incident)
      await database.transaction((trx) => rules.incidentHook(trx, how, incident))
      return incident
    },
    async decisions(incidentId) {
      const path = `/api/incidents/${incidentId}/alerts`
      return (await call<{ decisions: Awaited<ReturnType<RulesHome['decisions']>> }>('GET', path)).decisions
    },
    async pass(words, ask, mostMs = 24 * 60 * 60_000) {
      for (let passedMs = 0; passedMs <= mostMs; passedMs += 1_000) {
        for (let calm = 0; calm < 3; calm++) {
          if (await ask()) return
          await turn()
        }
        await clock.advance(1_000)
      }
      throw new Error(`Not within ${mostMs} ms of the test's clock: ${words}`)
    },
    async stop() {
      await ownHealth.stop()
      await rules.stop()
      await modes.stop()
      await audit.stop()
    },
    async remove() {
      await database.close()
      rmSync(dataDir, { recursive: true })
    },
  }
  return home
}
