// The app driven hard, before the real limits. Both clocks are the test's: every simulated second the box's clock (which the
// budgets are counted by) and the clocks of all open pages move on by one second, every timer of the pages runs, and the
// test waits until all they asked for is answered. Answers take no simulated time, so pages ask as often as they ever could.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext, Page, Response } from 'playwright-core'
import { LIMIT_TIERS } from '../../appliance/src/http/index.ts'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome, type HomeData } from './home-data.ts'
import { visitReal } from './real-home.ts'

const skip = noChromium()
const SECONDS = 300
const CAMERAS = 6
const PATHS = [
  ...['/', '/incidents', '/cameras', '/plugs', '/more', '/more/account', '/more/people', '/more/roles', '/more/keys'],
  ...[
    '/more/settings',
    '/more/record',
    '/more/home',
    '/more/notifications',
    '/more/certificates',
    '/more/remote-access',
    '/more/health',
  ],
]

function largeHome(): HomeData {
  const home = livedInHome()
  const [first] = home.cameras
  assert.ok(first)
  const more = Array.from({ length: CAMERAS }, (_, index) => ({
    ...{ ...first, id: `0197c1de-4b7a-7c3e-9d55-1b2c3d4e${String(5_000 + index)}`, name: `Camera ${String(index)}` },
  }))
  return { ...home, cameras: more }
}

/** What all pages of a browser asked, and how far down each budget went. */
function watch(context: BrowserContext) {
  const found = { requests: 0, streams: 0, refused: [] as string[], least: new Map<string, number>(), open: 0 }
  const onResponse = (response: Response): void => {
    const headers = response.headers()
    const policy = headers['ratelimit-policy']
    if (policy === undefined) return
    found.requests += 1
    if (response.status() === 429) found.refused.push(new URL(response.url()).pathname)
    const share = Number(headers['ratelimit-remaining']) / Number(headers['ratelimit-limit'])
    found.least.set(policy, Math.min(share, found.least.get(policy) ?? 1))
  }
  const onPage = (page: Page): void => {
    page.on('websocket', (socket) => {
      found.streams += 1
      socket.on('socketerror', (error) => found.refused.push(`stream: ${error}`))
    })
  }
  context.on('request', () => (found.open += 1))
  context.on('requestfinished', () => (found.open -= 1))
  context.on('requestfailed', () => (found.open -= 1))
  context.on('response', onResponse)
  context.on('page', onPage)
  context.pages().forEach(onPage)
  return found
}

test(
  "SEC-C1 the app's own traffic never meets a limit: five minutes, three pages, six cameras",
  { skip },
  async (t) => {
    const { at, phone, page, origin, signIn } = await visitReal(t, {
      ...{ desktop: true, data: largeHome(), limits: LIMIT_TIERS },
    })
    const { context } = phone
    await signIn({ trusted: true, path: '/' })
    const found = watch(context)
    const settled = async (): Promise<void> => {
      const end = Date.now() + 2_000
      do await new Promise((resolve) => setTimeout(resolve, 15))
      while (found.open > 0 && Date.now() < end)
    }
    // Two that hang on a wall and show everything; the third is in the hand of somebody who cannot wait.
    for (const path of ['/cameras', '/']) {
      const wall = await context.newPage()
      await wall.setViewportSize({ width: 900, height: 1_400 })
      await wall.goto(origin + path)
    }
    await page.bringToFront()
    for (let second = 0; second < SECONDS; second++) {
      await at.clock.advance(1_000)
      await context.clock.runFor(1_000)
      const path = PATHS[second % PATHS.length] ?? '/'
      // Now and then the whole page is loaded again, and with it the stream.
      if (second % 10 === 0) await page.goto(origin + path)
      else
        await page.evaluate((to) => {
          history.pushState(null, '', to)
          dispatchEvent(new PopStateEvent('popstate'))
        }, path)
      await settled()
    }
    t.diagnostic(`${String(found.requests)} requests, ${String(found.streams)} streams in ${String(SECONDS)} s`)
    for (const [policy, share] of found.least) t.diagnostic(`${policy}: at least ${(share * 100).toFixed(0)} % left`)
    assert.deepEqual(found.refused, [])
    assert.ok(!at.logLines.some((line) => line.includes('"status":429')))
    assert.ok(found.requests > 2_000, `only ${String(found.requests)} requests: the app was not driven hard`)
    assert.ok(found.streams >= SECONDS / 10)
    // Room for a second person's worth of all this.
    for (const [policy, share] of found.least) assert.ok(share > 0.5, `${policy}: only ${String(share)} left`)
  },
)
