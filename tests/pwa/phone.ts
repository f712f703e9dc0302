import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { openPhone } from '../harness/chromium.ts'
import type { Phone, PhoneOptions } from '../harness/chromium.ts'
import { startHome } from './home.ts'
import type { Home, HomeOptions } from './home.ts'

export interface Visit {
  home: Home
  phone: Phone
  /** Opens a path of the app. */
  go(path: string): Promise<void>
  /** Opens a path and waits until the live channel has greeted: what is emitted from then on reaches the page. */
  goLive(path: string): Promise<void>
}

export interface VisitOptions extends HomeOptions {
  phone?: Omit<PhoneOptions, 'rootPem' | 'notifyOrigin'>
  signedIn?: boolean
  notify?: boolean
  /** What may appear in the console: a refused call is logged there by the browser itself. */
  expected?: RegExp
}

/** A home and a phone that trusts it, both gone after the test. Fails when the console complained about anything else. */
export async function visit(t: TestContext, options: VisitOptions = {}): Promise<Visit> {
  const home = await startHome(options)
  const notify = options.notify ? { notifyOrigin: home.origin } : {}
  const phone = await openPhone({ ...options.phone, ...notify, rootPem: home.rootPem })
  t.after(async () => {
    await phone.close()
    await home.stop()
    const unexpected = phone.complaints.filter((line) => !options.expected?.test(line))
    assert.deepEqual(unexpected, [], 'the console stays silent')
  })
  if (options.signedIn !== false && options.setupDone !== false) {
    await phone.context.addCookies([{ ...home.signedIn(), secure: true, httpOnly: true, sameSite: 'Strict' }])
  }
  const go = async (path: string): Promise<void> => void (await phone.page.goto(home.origin + path))
  const goLive = async (path: string): Promise<void> => {
    const greeted = phone.page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'))
    await go(path)
    await greeted
  }
  return { home, phone, go, goLive }
}

/** Waits until the service worker serves this page. */
export async function underWorker({ phone }: Visit): Promise<void> {
  await phone.page.evaluate(() => navigator.serviceWorker.ready)
  await phone.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
}
