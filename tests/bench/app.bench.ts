// How much the app weighs on the wire, and how soon it answers a tap.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openPhone } from '../harness/chromium.ts'
import { livedInHome } from '../pwa/home-data.ts'
import { builtApp, startHome } from '../pwa/home.ts'
import type { Home } from '../pwa/home.ts'
import { isQuick, quantile, report } from './report.ts'
import { lighthouseScores } from './support/lighthouse.ts'

const TAPS = isQuick ? 20 : 60
const KB = 1_024

/** Kilobytes of JavaScript as sent: the brotli copy beside each file, the file itself where there is none. */
function sentKb(paths: Iterable<string>): number {
  const bytes = [...paths].map((path) => {
    const file = join(builtApp, path)
    try {
      return readFileSync(`${file}.br`).length
    } catch {
      return readFileSync(file).length
    }
  })
  return bytes.reduce((sum, each) => sum + each, 0) / KB
}

/** Every script of the app that the page asks for from now on; the service worker and its precache are not part of a first load. */
function watchScripts(page: Page): Set<string> {
  const paths = new Set<string>()
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.endsWith('.js') && request.serviceWorker() === null && pathname !== '/sw.js') paths.add(pathname)
  })
  return paths
}

async function scriptsOf(home: Home, path: string, heading: string, signedIn: boolean): Promise<Set<string>> {
  const phone = await openPhone({ rootPem: home.rootPem })
  try {
    if (signedIn)
      await phone.context.addCookies([{ ...home.signedIn(), secure: true, httpOnly: true, sameSite: 'Strict' }])
    const scripts = watchScripts(phone.page)
    await phone.page.goto(home.origin + path)
    await phone.page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    return scripts
  } finally {
    await phone.close()
  }
}

/** From the tap until the next picture that shows it, as the browser itself measures. */
async function tapDurationsMs(home: Home): Promise<number[]> {
  const phone = await openPhone({ rootPem: home.rootPem })
  try {
    await phone.context.addCookies([{ ...home.signedIn(), secure: true, httpOnly: true, sameSite: 'Strict' }])
    const { page } = phone
    await page.goto(`${home.origin}/plugs`)
    const light = page.getByRole('switch', { name: 'Porch light' })
    await light.waitFor()
    await page.evaluate(() => {
      const kept: number[] = []
      Object.assign(globalThis, { kept })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (entry.name === 'click') kept.push(entry.duration)
      }).observe({ type: 'event', durationThreshold: 16 } as never)
    })
    for (let tap = 0; tap < TAPS; tap++) {
      await light.click()
      await page.waitForTimeout(60)
    }
    await page.waitForTimeout(300)
    const slow = await page.evaluate(() => (globalThis as unknown as { kept: number[] }).kept)
    // The browser reports only those of 16 ms or more; the others were faster.
    return [...slow, ...Array.from({ length: Math.max(0, TAPS - slow.length) }, () => 16)]
  } finally {
    await phone.close()
  }
}

const home = await startHome({ data: livedInHome() })
try {
  const signIn = await scriptsOf(home, '/sign-in', 'Welcome home', false)
  const first = await scriptsOf(home, '/', 'Casa Lindgren', true)
  const shell = [...signIn].filter((path) => first.has(path))
  const taps = await tapDurationsMs(home)
  const scores = await lighthouseScores(home, isQuick ? 1 : 3)
  report({
    bench: 'app',
    figures: {
      first_load_kb: sentKb(first),
      sign_in_kb: sentKb([...signIn].filter((path) => !first.has(path))),
      shell_kb: sentKb(shell),
      interaction_p95_ms: quantile(taps, 0.95),
      lighthouse_performance: scores.performance,
      lighthouse_accessibility: scores.accessibility,
      lighthouse_best_practices: scores['best-practices'],
    },
    conditions: {
      what: 'brotli; first_load: all scripts until Now stands; sign_in: what it needs beyond those',
      taps: TAPS,
      lighthouse: `mobile, signed in, Now; ${scores.version}`,
    },
    goals: {
      first_load_kb: { atMost: 60 },
      sign_in_kb: { atMost: 12 },
      interaction_p95_ms: { atMost: 100 },
      lighthouse_performance: { atLeast: 0.95 },
      lighthouse_accessibility: { atLeast: 0.95 },
      lighthouse_best_practices: { atLeast: 0.95 },
    },
  })
} finally {
  await home.stop()
}
