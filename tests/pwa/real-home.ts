// The built app before the real accounts: only the house around them (cameras, plugs …) is made of plain objects. The clock
// of the box and the clock of the phone are both in the test's hand, and go together.
import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import type { CDPSession, Page } from 'playwright-core'
import type { LimitTable } from '../../appliance/src/http/index.ts'
import { readRoutes } from '../../scripts/reference/read-code.ts'
import { setUpOwner, startAccess } from '../accounts/access.ts'
import type { Access, Owner } from '../accounts/access.ts'
import { openPhone } from '../harness/chromium.ts'
import type { Phone } from '../harness/chromium.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { makeAccount } from './home-account.ts'
import { livedInHome } from './home-data.ts'
import type { HomeData } from './home-data.ts'
import { placeRoutes } from './home-routes.ts'
import type { HomeState } from './home-state.ts'
import { builtApp } from './home.ts'

export interface RealVisit {
  at: Access
  owner: Owner
  /** The owner's first browser, over the API. */
  browser: HttpsClient
  phone: Phone
  page: Page
  origin: string
  go(path: string): Promise<void>
  /** Name, password and code, up to the page that was asked for. */
  signIn(options?: { trusted?: boolean; path?: string }): Promise<void>
  /** Why sessions ended, but for that of the owner's first browser. */
  ended(): string[]
  /** Time goes by, for the box and for the phone; timers that are due run once, as after a phone has slept. */
  pass(ms: number): Promise<void>
}

export const MINUTE_MS = 60_000

export interface RealVisitOptions {
  desktop?: boolean
  data?: HomeData
  /** No limits when left out. */
  limits?: LimitTable
}

export async function visitReal(t: TestContext, options: RealVisitOptions = {}): Promise<RealVisit> {
  const { data = livedInHome(), limits, desktop = false } = options
  const at = await startAccess({ staticDir: builtApp, routes: await houseRoutes(data), ...(limits && { limits }) })
  const { owner, browser } = await setUpOwner(at)
  const first = await browser.must<{ session: { id: string } }>('GET', '/api/me')
  const phone = await openPhone({ rootPem: at.tls.rootPem(), desktop })
  t.after(async () => {
    await phone.close()
    await at.stop()
    const unexpected = phone.complaints.filter((line) => !/status of (40\d|429)|WebSocket connection/.test(line))
    assert.deepEqual(unexpected, [], 'the console stays silent')
  })
  const { page } = phone
  followCalls(page)
  phone.context.on('page', followCalls)
  phone.context.setDefaultTimeout(15_000)
  await phone.context.clock.install()
  const origin = at.origin.replace('127.0.0.1', 'localhost')
  const go = async (path: string): Promise<void> => void (await page.goto(origin + path))
  return {
    ...{ at, owner, browser, phone, page, origin, go },
    async signIn({ trusted = false, path = '/more/account' } = {}) {
      await at.clock.advance(30_000)
      await go(path)
      await page.getByLabel('User name').fill(owner.username)
      await page.getByLabel('Password', { exact: true }).fill(owner.password)
      if (trusted) await page.getByLabel('This is my own phone').check()
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByLabel('Six-digit code').fill(owner.totp())
      const homeRead = page.waitForResponse((response) => response.url().endsWith('/api/settings/home'))
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('navigation', { name: 'Places' }).waitFor()
      await homeRead
      await allRead(page)
    },
    ended: () => at.ended.filter(({ sessionId }) => sessionId !== first.session.id).map(({ reason }) => reason),
    async pass(ms) {
      await at.clock.advance(ms)
      await phone.context.clock.fastForward(ms)
    },
  }
}

/** Tenths of a second without any call, and how many of them it may take until then. */
const STILL_ROUNDS = 5
const MOST_ROUNDS = 300

/** The calls of each page that are under way. */
const underWay = new WeakMap<Page, Set<unknown>>()

function followCalls(page: Page): void {
  const calls = new Set<unknown>()
  underWay.set(page, calls)
  page.on('request', (request) => request.url().includes('/api/') && calls.add(request))
  page.on('requestfinished', (request) => calls.delete(request))
  page.on('requestfailed', (request) => calls.delete(request))
}

/** Waits until the page has all it asked for: what is still under way when time jumps would count as use at the later time. */
export async function allRead(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const nothing = document.querySelector('.skeleton')
    return nothing === null && document.querySelector('main h1') !== null
  })
  const calls = underWay.get(page)
  for (let rounds = 0, still = 0; still < STILL_ROUNDS; rounds++) {
    assert.ok(rounds < MOST_ROUNDS, 'the page comes to rest')
    await page.waitForTimeout(100)
    still = calls?.size === 0 ? still + 1 : 0
  }
}

/** The house of plain objects, with the budgets of the product's own routes. */
async function houseRoutes(data: HomeData) {
  const real = new Map((await readRoutes()).map(({ method, path, limit }) => [`${method} ${path}`, limit]))
  const state: HomeState = {
    data,
    setupDone: true,
    sessions: new Set(),
    account: makeAccount(),
    knobs: { switchFails: false, switchDelayMs: 0, waitingPlugs: 0, cameraAnswers: 'picture', clip: false },
    testPushes: 0,
  }
  const silent = { emit: () => undefined } as never
  // The box's own parts answer for themselves.
  return placeRoutes({ state, bus: silent })
    .filter(({ path }) => !/^\/api\/(trust$|settings\/home$|certificates\b|remote-access\b)/.test(path))
    .map((route) => ({ ...route, limit: real.get(`${route.method} ${route.path}`) ?? route.limit }))
}

/** A phone that has a lock: it makes and shows passkeys without asking a person. */
export async function addLock({ phone }: RealVisit): Promise<CDPSession> {
  const cdp = await phone.cdp()
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return cdp
}
