import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as soon } from 'node:timers/promises'
import { readBootConfig } from '../../appliance/src/boot-config.ts'
import { compose } from '../../appliance/src/compose.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import type { Part } from '../../appliance/src/core/part.ts'
import { createHost, type Host } from '../../appliance/src/host/index.ts'
import type { HttpServer, Route } from '../../appliance/src/http/index.ts'
import { openHome, type OpenHome } from '../../appliance/src/open-home.ts'
import { setupCodeSetting } from '../../appliance/src/setup/settings.ts'
import type { Tls } from '../../appliance/src/tls/index.ts'
import type { Vision } from '../../appliance/src/vision/index.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { createHttpsClient, type HttpsClient, type Identity } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'

export const ADMIN_KEY = 'a-long-admin-key-for-tests'
export const PASSWORD = 'Tulpe-9-Kanone-Ofen'

/** The whole product in this process, composed as main does, on free loopback ports; only the clock is a fake. */
export interface WholeHome {
  readonly clock: FakeClock
  readonly home: OpenHome
  readonly origin: string
  readonly rootPem: string
  readonly logLines: readonly string[]
  /** Everything that is mounted. */
  readonly routes: readonly Route[]
  browser(identity?: Identity): HttpsClient
  stop(): Promise<void>
}

export interface WholeHomeOptions {
  /** Stays when given; a new one that goes with the home otherwise. */
  dataDir?: string
  /** Where the clock begins; now when left out. */
  startAt?: number
  host?: Host
  leave?(): void
  beforeOpening?(clock: FakeClock): Promise<void>
}

/** `env` goes on top of: no rate limits, admin endpoints on. */
export async function startWholeHome(
  env: Readonly<Record<string, string>> = {},
  options: WholeHomeOptions = {},
): Promise<WholeHome> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'lares-whole-')))
  const clock = createFakeClock(options.startAt ?? Date.now())
  const logLines: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line) => void logLines.push(line) } })
  const variables = { RATE_LIMIT_ENABLED: 'false', DEBUG: 'true', ADMIN_ENABLED: 'true', ADMIN_API_KEY: ADMIN_KEY }
  const ports = ['--host', '127.0.0.1', '--https-port', '0', '--http-port', '0']
  const config = readBootConfig({ ...variables, ...env }, ['--data', dataDir, ...ports])
  const beforeOpening = async (): Promise<void> => options.beforeOpening?.(clock)
  const home = await openHome({ ...config, clock, log, beforeOpening })
  const host = options.host ?? createHost({ clock, socketPath: join(dataDir, 'no-host.sock') })
  const leave = options.leave ?? (() => undefined)
  const { parts, late } = compose({ config, home, clock, log, host, leave })
  for (const part of parts) await part.start()
  for (const part of late) await part.startLate()
  const named = <P extends Part>(name: string): P => parts.find((part) => part.name === name) as P
  const http = named<HttpServer>('http')
  // Its patience runs on the same clock: a test that moves it must not end a model that is still being opened.
  const vision = named<Vision>('vision')
  while (vision.detector().state === 'starting') await soon(20)
  const origin = `https://127.0.0.1:${http.httpsPort()}`
  const rootPem = named<Tls>('tls').rootPem()
  const browsers: HttpsClient[] = []
  return {
    ...{ clock, home, origin, rootPem, logLines, routes: http.routes },
    browser(identity) {
      const client = createHttpsClient(origin, rootPem, identity)
      browsers.push(client)
      return client
    },
    async stop() {
      for (const client of browsers) client.close()
      for (const part of [...parts].reverse()) await part.stop()
      await home.close()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Somebody who is signed in, in a browser of their own. */
export interface SignedIn {
  readonly browser: HttpsClient
  readonly userId: string
  /** null: they have no second factor. */
  readonly totpSecret: string | null
}

const codeNow = ({ clock }: WholeHome, secret: string): string => totpCode(secret, clock.now())

/** Setup over the API: the administrator, signed in with a fresh second factor. */
export async function setUpAdministrator(at: WholeHome): Promise<SignedIn> {
  const browser = at.browser()
  const setupCode = at.home.settings.get(setupCodeSetting)
  const { totpSecret } = await browser.must<{ totpSecret: string }>('POST', '/api/setup/begin', {
    ...{ setupCode, username: 'ada', displayName: 'Ada', password: PASSWORD },
  })
  const { user } = await browser.must<{ user: { id: string } }>('POST', '/api/setup/finish', {
    ...{ setupCode, code: codeNow(at, totpSecret), homeName: 'Home', timeZone: 'Europe/Berlin', currency: 'EUR' },
  })
  await at.clock.advance(30_000)
  return { browser, userId: user.id, totpSecret }
}

/** Somebody of a role, by invitation. `by` needs a fresh second factor. */
export async function addPerson(at: WholeHome, by: HttpsClient, role: string, username = role): Promise<SignedIn> {
  const { link } = await by.must<{ link: string }>('POST', '/api/invitations', { displayName: username, role })
  const browser = at.browser()
  const who = { token: link.split('#')[1], username, displayName: username, password: PASSWORD }
  const { enrolment } = await browser.must<{ enrolment: { ticket: string; totpSecret: string } | null }>(
    ...(['POST', '/api/invitations/accept/begin', who] as const),
  )
  const proof = enrolment ? { ticket: enrolment.ticket, code: codeNow(at, enrolment.totpSecret) } : {}
  const { user } = await browser.must<{ user: { id: string } }>('POST', '/api/invitations/accept', { ...who, ...proof })
  return { browser, userId: user.id, totpSecret: enrolment?.totpSecret ?? null }
}

/** The second factor counts as fresh again; for somebody without one, the password does. */
export async function confirm(at: WholeHome, { browser, totpSecret }: SignedIn): Promise<void> {
  await at.clock.advance(30_000)
  await browser.must('POST', '/api/session/refresh')
  const proof = totpSecret === null ? { password: PASSWORD } : { code: codeNow(at, totpSecret) }
  await browser.must('POST', '/api/session/sudo', proof)
}
