import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { addAutopush, type Autopush } from '../fakes/autopush.ts'
import { startPushService, type PushService } from '../fakes/push-service.ts'
import { noFirefox, openFirefox, type Firefox } from '../harness/firefox.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { startProduct, type Product } from '../harness/product.ts'
import { setUpHome, signInOnPage } from '../harness/setup.ts'

const DECRYPTED = 100

interface Shown {
  title: string
  body: string
  tag: string
  path: string
}

describe('J2 stock Firefox hears from the running product', { skip: noFirefox(), timeout: 120_000 }, () => {
  let push: PushService
  let autopush: Autopush
  let product: Product
  let client: HttpsClient
  let firefox: Firefox
  let origin: string

  before(async () => {
    push = await startPushService()
    autopush = addAutopush(push)
    product = await startProduct({ env: { LARES_PUSH_CA: push.rootFile } })
    origin = `https://localhost:${new URL(product.httpsOrigin).port}`
    client = product.client()
    const owner = await setUpHome(client, product.setupCode ?? '')
    firefox = await openFirefox({ rootsPem: [product.rootPem, push.rootPem], pushServerUrl: autopush.url })
    await firefox.page.goto(`${origin}/sign-in`)
    await signInOnPage(firefox.page, owner)
  })

  after(async () => {
    await firefox?.close()
    await product?.stop()
    await autopush?.stop()
    await push?.stop()
  })

  it('subscribes through the app', async () => {
    await firefox.page.goto(`${origin}/more/notifications`)
    await firefox.page.waitForFunction(async () => (await navigator.serviceWorker.ready).active !== null, {
      timeout: 30_000,
    })
    await firefox.press('Allow notifications')
    await firefox.reads('This phone hears from Lares.')
    assert.equal(autopush.channels.length, 1)
    const { targets } = await client.must<{ targets: { label: string; own: boolean }[] }>('GET', '/api/push/targets')
    assert.deepEqual(
      targets.map(({ label, own }) => [label.startsWith('Firefox'), own]),
      [[true, true]],
    )
  })

  it('decrypts the test push of the button and shows it', async () => {
    await firefox.press('Send a test')
    await firefox.reads('Sent to 1 phone.')
    await firefox.reads('It arrived on this phone.')
    const [shown] = await notifications(firefox, 1)
    assert.equal(shown?.title, 'Lares can reach you here')
    assert.equal(shown.tag, 'test')
    assert.equal(shown.path, '/more/notifications')
    assert.deepEqual(
      autopush.acks.map(({ code }) => code),
      [DECRYPTED],
    )
  })

  it('hears it with no page of the app open', async () => {
    await firefox.page.goto('about:blank')
    const reply = await client.must<{ sent: number }>('POST', '/api/push/test')
    assert.equal(reply.sent, 1)
    await until(() => autopush.acks.length === 2)
    assert.ok(autopush.acks.every(({ code }) => code === DECRYPTED))
  })

  it('tells the box that it showed it, with no page open and by the signed path alone', async () => {
    type Phones = { targets: { lastShownAt: number | null }[] }
    const lastShownAt = async (): Promise<number | null | undefined> =>
      (await client.must<Phones>('GET', '/api/push/targets')).targets[0]?.lastShownAt
    const before = (await lastShownAt()) ?? 0
    await client.must('POST', '/api/push/test')
    await until(async () => ((await lastShownAt()) ?? 0) > before)
  })

  it('hears nothing after it unsubscribed, and the box forgets it', async () => {
    await firefox.page.goto(`${origin}/more/notifications`)
    await firefox.press('Stop on this phone')
    await firefox.reads('This phone no longer hears from Lares.')
    const { targets } = await client.must<{ targets: unknown[] }>('GET', '/api/push/targets')
    assert.deepEqual(targets, [])
  })
})

async function notifications(firefox: Firefox, count: number): Promise<Shown[]> {
  const read = async (): Promise<Shown[]> => {
    const registration = await navigator.serviceWorker.ready
    const all = await registration.getNotifications()
    return all.map(({ title, body, tag, data }) => ({ title, body, tag, path: (data as { path: string }).path }))
  }
  let shown: Shown[] = []
  await until(async () => {
    shown = await firefox.page.evaluate(read)
    return shown.length >= count
  })
  return shown
}

async function until(ask: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const endAt = Date.now() + limitMs
  while (!(await ask())) {
    if (Date.now() > endAt) throw new Error(`Not within ${limitMs} ms: ${ask.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
