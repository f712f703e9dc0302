import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createBus } from '../../appliance/src/core/bus.ts'
import type { Bus } from '../../appliance/src/core/bus.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createHttpServer, createPathSigner } from '../../appliance/src/http/index.ts'
import { makeTestCertificates } from '../fakes/certificates.ts'
import { fakeDoor, fakeServing } from '../fakes/tls-serving.ts'
import { authenticate, makeAccount } from './home-account.ts'
import { emptyHome } from './home-data.ts'
import type { HomeData } from './home-data.ts'
import { CLIP_PATH } from './home-cameras.ts'
import { homeRoutes } from './home-routes.ts'
import type { HomeState } from './home-state.ts'
import { drawClip } from './scene.ts'

/** Built elsewhere while several work on the app at once: name the folder in LARES_TEST_APP. */
export const builtApp = process.env['LARES_TEST_APP'] ?? fileURLToPath(new URL('../../pwa/dist', import.meta.url))

export interface Home {
  readonly origin: string
  readonly rootPem: string
  readonly state: HomeState
  readonly bus: Bus<Events>
  /** From now on the made incidents have their clip: ten seconds in which somebody crosses. */
  makeClip(): Promise<void>
  /** A cookie of somebody who is signed in. */
  signedIn(): { name: string; value: string; url: string }
  /** A path that works without a session. */
  sign(path: string): string
  stop(): Promise<void>
}

export interface HomeOptions {
  data?: HomeData
  setupDone?: boolean
  /** Another folder with a built app in it. */
  app?: string
}

/** The product's HTTP door and the built app, with a home of plain objects behind it. */
export async function startHome({
  data = emptyHome(),
  setupDone = true,
  app = builtApp,
}: HomeOptions = {}): Promise<Home> {
  if (!existsSync(join(builtApp, 'index.html'))) throw new Error('The app is not built: npm run build -w pwa')
  const certificates = makeTestCertificates()
  const dataDir = await mkdtemp(join(tmpdir(), 'lares-app-'))
  const log = createLog({ level: 'silent', destination: { write: () => undefined } })
  const bus = createBus<Events>(log)
  const state: HomeState = {
    data,
    setupDone,
    sessions: new Set(),
    account: makeAccount(),
    knobs: { switchFails: false, switchDelayMs: 0, waitingPlugs: 0, cameraAnswers: 'picture', clip: false },
    testPushes: 0,
  }
  const signer = createPathSigner({ key: Buffer.alloc(32, 3), clock: systemClock })
  const server = createHttpServer({
    routes: homeRoutes({ state, bus }),
    log,
    clock: systemClock,
    bus,
    signer,
    tls: fakeServing(
      fakeDoor(() => certificates),
      { hosts: () => ['localhost'] },
    ),
    authenticate: ({ credentials: { accessToken } }) => authenticate(state, accessToken),
    isInForce: async ({ sessionId }) => state.sessions.has(sessionId),
    isSetupDone: () => state.setupDone,
    dataDir,
    staticDir: app,
    version: '0.1.0',
    host: '127.0.0.1',
    httpsPort: 0,
    httpPort: 0,
  })
  await server.start()
  const origin = `https://localhost:${String(server.httpsPort())}`
  return {
    origin,
    rootPem: certificates.rootPem,
    state,
    bus,
    async makeClip() {
      await mkdir(join(dataDir, 'media'), { recursive: true })
      await writeFile(join(dataDir, CLIP_PATH), await drawClip())
      state.knobs.clip = true
    },
    signedIn() {
      const token = `signed-in-${'0'.repeat(24)}`
      state.sessions.add(token)
      return { name: '__Host-lares', value: token, url: origin }
    },
    sign: (path) => signer.sign(path, 3_600_000),
    async stop() {
      await server.stop()
      certificates.remove()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
