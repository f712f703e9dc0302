import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccounts, type Accounts } from '../../appliance/src/accounts/index.ts'
import type { TlsBoot } from '../../appliance/src/api/certificates.ts'
import type { ImportedKey } from '../../appliance/src/api/keys.ts'
import { createAudit, type Audit } from '../../appliance/src/audit/index.ts'
import { allSettings } from '../../appliance/src/all-settings.ts'
import { createBus, type Bus } from '../../appliance/src/core/bus.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import type { NoticeBoard } from '../../appliance/src/core/notices.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import {
  createHttpServer,
  createPathSigner,
  limitBudgets,
  LIMIT_TIERS,
  type LimitTable,
  type Route,
} from '../../appliance/src/http/index.ts'
import { createSettings, settingsRoutes, type Settings } from '../../appliance/src/settings/index.ts'
import { createSetup, type Setup } from '../../appliance/src/setup/index.ts'
import { createTls, type OwnNetwork, type Tls } from '../../appliance/src/tls/index.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { NO_TLS } from '../fakes/tls-serving.ts'
import { createHttpsClient, type HttpsClient } from '../harness/https-client.ts'
import { totpCode, type SetUpHome } from '../harness/setup.ts'

/** Accounts, setup and TLS behind the real HTTPS server; only the clock is a fake (it starts at the real time). */
export interface Access {
  clock: FakeClock
  bus: Bus<Events>
  audit: Audit
  database: TestDatabase
  settings: Settings
  tls: Tls
  accounts: Accounts
  setup: Setup
  dataDir: string
  logLines: string[]
  ended: Events['session.ended'][]
  httpPort: number
  origin: string
  /** A browser of its own that trusts the root. */
  browser(): HttpsClient
  /** Stops the server and keeps what is stored, for `again`. */
  stopServer(): Promise<void>
  stop(): Promise<void>
}

const PLENTY = { count: 100_000, perS: 60, burst: 100_000 }
const plenty = { anonymous: PLENTY, signedIn: PLENTY }
/** So that tests meet the delays of accounts and not the rate limits, which have tests of their own. */
const NO_LIMITS: LimitTable = { ...LIMIT_TIERS, general: plenty, media: plenty, login: plenty }

const budgetsOf = ({ limits }: AccessOptions) =>
  limits
    ? { limitTiers: limits }
    : { limitBudgets: () => ({ ...limitBudgets(), tiers: NO_LIMITS, anonymousOverall: [] }) }

export interface AccessOptions {
  limits?: LimitTable
  startMs?: number
  jwtSecret?: string
  /** `API_KEYS` of the environment. */
  importedKeys?: readonly ImportedKey[]
  /** Of an earlier one: the same box after a restart. */
  again?: Pick<Access, 'database' | 'dataDir'>
  /** The built app, for tests in a browser. */
  staticDir?: string
  /** What the environment says about TLS. */
  tls?: Partial<TlsBoot>
  network?: OwnNetwork
  notices?: NoticeBoard
  /** Further routes, for tests of the gate. */
  routes?: readonly Route[]
}

export async function startAccess(options: AccessOptions = {}): Promise<Access> {
  const dataDir = options.again?.dataDir ?? (await mkdtemp(join(tmpdir(), 'lares-access-')))
  await mkdir(join(dataDir, 'media'), { recursive: true })
  const clock = createFakeClock(options.startMs ?? Date.now())
  const logLines: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line) => void logLines.push(line) } })
  const bus = createBus<Events>(log)
  const database = options.again?.database ?? (await openTestDatabase())
  const secretBox = createSecretBox(Buffer.alloc(32, 9))
  const settings = createSettings({ database, secretBox, clock, log, definitions: allSettings })
  await settings.load()
  const ports = (): { httpsPort: number; httpPort: number } => ({
    httpsPort: server.httpsPort(),
    httpPort: server.httpPort(),
  })
  const notices = options.notices ?? { raise: () => undefined, clear: () => undefined }
  const base = { clock, log, settings, notices }
  const audit = createAudit({ database, clock, log })
  const tls = createTls({
    ...{ ...base, dataDir, name: 'lares', host: '127.0.0.1', ports, database, audit },
    boot: { ...NO_TLS, ...options.tls },
    ...(options.network && { network: options.network }),
  })
  const accounts = createAccounts({
    ...{ ...base, dataDir, database, secretBox, bus, audit, clockTrusted: () => tls.clockTrusted() },
    ...(options.jwtSecret !== undefined && { jwtSecret: options.jwtSecret }),
    ...(options.importedKeys && { importedKeys: options.importedKeys }),
  })
  const setup = createSetup({ ...base, accounts, tls, database, name: 'lares', version: '1.2.3' })
  const server = createHttpServer({
    ...{ log, clock, bus, tls, dataDir, staticDir: options.staticDir ?? join(dataDir, 'app'), version: '1.2.3' },
    ...{ host: '127.0.0.1', httpsPort: 0, httpPort: 0, ...budgetsOf(options) },
    routes: [
      ...[...tls.routes, ...audit.routes, ...accounts.routes, ...setup.routes, ...(options.routes ?? [])],
      ...settingsRoutes({ settings, database, audit }),
    ],
    authenticate: (asking) => accounts.authenticate(asking),
    isInForce: (principal) => accounts.isInForce(principal),
    isSetupDone: () => setup.isDone(),
    signer: createPathSigner({ key: Buffer.alloc(32, 7), clock }),
  })
  const parts = [tls, accounts, setup, server]
  for (const part of parts) await part.start()
  const ended: Events['session.ended'][] = []
  bus.on('session.ended', 'test', (event) => void ended.push(event))
  const origin = `https://127.0.0.1:${server.httpsPort()}`
  const browsers: HttpsClient[] = []
  let isStopped = false
  async function stopServer(): Promise<void> {
    if (isStopped) return
    isStopped = true
    for (const client of browsers) client.close()
    for (const part of [...parts].reverse()) await part.stop()
    await audit.stop()
  }
  return {
    ...{ clock, bus, audit, database, settings, tls, accounts, setup, dataDir, logLines, ended, origin },
    httpPort: server.httpPort(),
    browser() {
      const client = createHttpsClient(origin, () => tls.rootPem())
      browsers.push(client)
      return client
    },
    stopServer,
    async stop() {
      await stopServer()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export interface Owner extends SetUpHome {
  /** The code an authenticator shows now, or `steps` steps of 30 s away. */
  totp(steps?: number): string
}

/** Setup over the API; the returned browser is signed in. The clock moves on by a step, so that the next code is fresh. */
export async function setUpOwner(at: Access): Promise<{ owner: Owner; browser: HttpsClient }> {
  const browser = at.browser()
  const { totpSecret } = await browser.must<{ totpSecret: string }>('POST', '/api/setup/begin', {
    ...{ setupCode: at.setup.code(), username: 'Ada', displayName: 'Ada L', password: PASSWORD },
  })
  const totp = (steps = 0): string => totpCode(totpSecret, at.clock.now() + steps * 30_000)
  const home = { homeName: 'Test home', timeZone: 'Europe/Berlin', currency: 'EUR' }
  const reply = await browser.must<{ recoveryCodes: string[] }>('POST', '/api/setup/finish', {
    ...{ setupCode: at.setup.code(), code: totp(), ...home },
  })
  await at.clock.advance(60_000)
  return {
    owner: { username: 'ada', password: PASSWORD, totpSecret, recoveryCodes: reply.recoveryCodes, totp },
    browser,
  }
}

export const PASSWORD = 'Tulpe-9-Kanone-Ofen'

/** Signs a new browser in with a fresh code. */
export async function signIn(at: Access, owner: Owner): Promise<HttpsClient> {
  await at.clock.advance(30_000)
  const browser = at.browser()
  await browser.must('POST', '/api/session', { username: owner.username, password: owner.password, code: owner.totp() })
  return browser
}
