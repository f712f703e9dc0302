import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import type { IncidentDetail, IncidentsReply } from '../../appliance/src/api/incidents.ts'
import { walkInClip } from '../fakes/clip.ts'
import { startPushService, type PushService } from '../fakes/push-service.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { noChromium, openPhone, type Phone } from '../harness/chromium.ts'
import { connectPush } from '../harness/phone-push.ts'
import { sharedData, startProduct, type Product } from '../harness/product.ts'
import { OWNER, totpCode } from '../harness/setup.ts'

const CAMERA = { username: 'viewer', password: 'p@ss/w:rd' } as const
const CLIP_WAIT_MS = 60_000
const WATCHED_MS = 6_000

const options = { skip: noChromium(), timeout: 300_000 } as const

let push: PushService
let camera: RtspServer
let product: Product
let phone: Phone
let page: Page

before(async () => {
  if (noChromium() !== false) return
  push = await startPushService()
  camera = await startRtspServer({ file: await walkInClip(), ...CAMERA })
  const model = sharedData('models/yolox_nano_416.onnx')
  product = await startProduct({ env: { LARES_PUSH_CA: push.rootFile, ...(model && { LARES_MODEL: model }) } })
  phone = await openPhone({ rootPem: product.rootPem, notifyOrigin: product.httpsOrigin })
  page = phone.page
  await connectPush(phone, push, product.httpsOrigin)
})

after(async () => {
  await phone?.close()
  await product?.stop()
  await camera?.stop()
  await push?.stop()
})

const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name, exact: true }).click()
const type = (label: string | RegExp, text: string): Promise<void> => page.getByLabel(label, { exact: true }).fill(text)
const heading = (name: string): Promise<void> => page.getByRole('heading', { name, level: 1 }).waitFor()

/** What the signed-in page itself would get. */
const read = <T>(path: string): Promise<T> =>
  page.evaluate(async (url) => (await fetch(url)).json() as Promise<T>, path)

describe('J1 the first evening, on a phone, with real video', options, () => {
  it('J1 SEC-B3 the trust page shows the fingerprint of the console and that this phone trusts Lares', async () => {
    await page.goto(product.httpOrigin)
    const shown = await page.getByRole('list', { name: 'Fingerprint' }).getByRole('listitem').allInnerTexts()
    const printed = product.output().replaceAll(/\s/g, '')
    assert.equal(shown.length, 16)
    assert.ok(printed.includes(shown.join('')), 'the console shows another fingerprint')
    await page.getByText('This device trusts Lares').waitFor()
    await page.getByRole('link', { name: 'Continue to Lares' }).click()
    await heading('Let’s make this yours')
  })

  it('SEC-A1 a wrong one-time code opens nothing', async () => {
    await type('One-time code', 'AAAA-AAAA')
    await press('Continue')
    await heading('Who are you?')
    await fillInOwner()
    await heading('Let’s make this yours')
    assert.equal(await page.getByLabel('One-time code').getAttribute('aria-invalid'), 'true')
    const { status } = await product.client().call('GET', '/api/cameras')
    assert.equal(status, 503)
  })

  async function fillInOwner(): Promise<void> {
    await type('Your name', OWNER.displayName)
    await type('User name', OWNER.username)
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
    await press('Continue')
  }

  it('J1 SEC-A1 SEC-A4 the code of the console, password and authenticator make the administrator', async () => {
    await page.goto(`${product.httpsOrigin}/setup/code`)
    await type('One-time code', product.setupCode ?? '')
    await press('Continue')
    await fillInOwner()
    await heading('Add your phone as a key')
    await page.getByText('Can’t scan? Type this key').click()
    const secret = (await page.locator('.secret').innerText()).replaceAll(/\s/g, '')
    await type('Six digits from the app', totpCode(secret))
    await press('Continue')
    await heading('Keep these codes safe')
    assert.equal(await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').count(), 10)
    await press('I have kept them')
  })

  it('J1 the home, then a camera with a picture before it is added', async () => {
    await heading('Your home')
    await type('Name of your home', 'Lighthouse')
    await press('Continue')
    await heading('Cameras')
    await press('Add a camera')
    await press('Not found? Type its address')
    await press('I know the address of its stream')
    const url = new URL(camera.url)
    url.username = CAMERA.username
    url.password = 'wrong'
    await type('Name', 'Front door')
    await type('Address', url.href)
    await press('Test')
    await page
      .getByText('Type the user name and password that you set in the camera’s own app.')
      .waitFor({ timeout: 20_000 })
    url.password = encodeURIComponent(CAMERA.password)
    await type('Address', url.href)
    await press('Test')
    await page.getByText(/It works: 640 × \d+/).waitFor({ timeout: 20_000 })
    await press('Add camera')
    await page.getByRole('heading', { name: 'It watches now' }).waitFor()
    await press('Continue')
    await page.getByRole('listitem').filter({ hasText: 'Front door' }).waitFor()
    await press('Continue')
  })

  it('J1 plugs and installing can be left for later; a test alert arrives', async () => {
    await heading('Plugs')
    await press('Skip for now')
    await heading('Keep Lares at hand')
    await press(/^(Skip for now|Continue)$/)
    await heading('Hear it when it matters')
    await press('Allow notifications')
    await heading('Try it')
    await press('Send a test notification')
    await page.getByText('It arrived. You will hear from Lares.').waitFor()
    await press('Continue')
    await press('Open Lares')
    await page.getByText('Lighthouse').first().waitFor()
  })
})

/** One person in the clip of ../shared/data, several in that of Debian. */
const WHO = /^(Person|\d+ people) at Front door$/

describe('J2 somebody walks up', options, () => {
  it('J2 a person in the picture becomes a notification with camera, class and picture', async () => {
    const shown = await notificationOf(page, 'incident:')
    assert.match(shown.title, WHO)
    assert.match(shown.path, /^\/incidents\/[0-9a-f-]{36}$/)
    const picture = await page.evaluate(async (url) => {
      const reply = await fetch(url, { credentials: 'omit' })
      return { status: reply.status, type: reply.headers.get('content-type'), bytes: (await reply.blob()).size }
    }, shown.image)
    assert.equal(picture.status, 200)
    assert.equal(picture.type, 'image/jpeg')
    assert.ok(picture.bytes > 5_000, `only ${picture.bytes} bytes of picture`)
  })

  it('J2 a tap opens the incident: picture, box, what and where', async () => {
    const { path } = await notificationOf(page, 'incident:')
    await tap(phone, 'incident:')
    await page.waitForURL(`**${path}`)
    await page.getByRole('heading', { name: WHO, level: 1 }).waitFor()
    const image = page.getByRole('img', { name: /^Picture: / })
    await image.waitFor()
    assert.ok(await image.evaluate((element) => !(element instanceof HTMLImageElement) || element.naturalWidth >= 640))
    const { snapshot, tracks } = await read<IncidentDetail>(`/api${path}`)
    assert.equal(snapshot?.boxes[0]?.class, 'person')
    assert.equal(tracks[0]?.class, 'person')
  })

  it('J2 marking it as expected is kept', async () => {
    await press('Expected')
    await page.getByText('Marked as expected.').waitFor()
    const { incidents, unreviewed } = await read<IncidentsReply>('/api/incidents')
    assert.equal(incidents[0]?.feedback, 'expected')
    assert.equal(unreviewed, 0)
  })

  it('J2 once it is over, the clip plays in the page', async () => {
    const { incidents } = await read<IncidentsReply>('/api/incidents')
    const { openedAt } = incidents[0] ?? assert.fail('no incident')
    // Long enough that there is something to play; then the scene goes quiet.
    await page.waitForTimeout(Math.max(0, openedAt + WATCHED_MS - Date.now()))
    camera.pause()
    const video = page.locator('video')
    await video.waitFor({ timeout: CLIP_WAIT_MS })
    const clip = await video.evaluate(async (element: HTMLVideoElement) => {
      element.muted = true
      await element.play()
      await new Promise((resolve) => element.addEventListener('timeupdate', resolve, { once: true }))
      return { width: element.videoWidth, durationS: element.duration }
    })
    assert.equal(clip.width, 640)
    assert.ok(clip.durationS > 5, `the clip lasts only ${clip.durationS} s`)
    camera.resume()
  })
})

describe('the app on the phone', options, () => {
  it('the app is installable, and opens without the box', async () => {
    await page.goto(`${product.httpsOrigin}/`)
    const cdp = await phone.cdp()
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
    assert.deepEqual(
      installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
      [],
    )
    await phone.context.setOffline(true)
    await page.reload()
    await page.getByRole('navigation').first().waitFor()
    await phone.context.setOffline(false)
    await page.reload()
    await page.getByText('Lighthouse').first().waitFor()
  })

  it('every place is free of axe violations, and nothing complained on the way', async () => {
    for (const path of ['/', '/incidents', '/cameras', '/plugs', '/more', '/more/hardware', '/more/notifications']) {
      await page.goto(product.httpsOrigin + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      const { violations } = await new AxeBuilder({ page }).analyze()
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.html ?? ''}`),
        [],
      )
    }
    // Refusals on purpose: the wrong code, and whatever was asked while offline.
    const meant = /status of (400|401|403|503)|ERR_INTERNET_DISCONNECTED|Failed to fetch|WebSocket/
    assert.deepEqual(
      phone.complaints.filter((line) => !meant.test(line)),
      [],
    )
  })
})

interface Shown {
  title: string
  image: string
  path: string
}

/** The notification whose tag begins with `tag`, once the service worker shows it. */
async function notificationOf(page: Page, tag: string): Promise<Shown> {
  const limit = Date.now() + 40_000
  for (;;) {
    const shown = await page.evaluate(async (wanted) => {
      const registration = await navigator.serviceWorker.ready
      const found = (await registration.getNotifications()).find((one) => one.tag.startsWith(wanted))
      const image = (found as { image?: string } | undefined)?.image ?? ''
      return found ? { title: found.title, image, path: (found.data as { path: string }).path } : null
    }, tag)
    if (shown) return shown
    if (Date.now() > limit) throw new Error(`No notification ${tag}… within 40 s`)
    await page.waitForTimeout(200)
  }
}

/** What a service worker has beside a page's things; the two type libraries cannot be mixed. */
interface WorkerScope extends EventTarget {
  registration: ServiceWorkerRegistration
  NotificationEvent: new (type: string, init: { notification: Notification }) => Event
}

/** Headless Chromium has no notification to tap on: the service worker gets the same event. */
async function tap(phone: Phone, tag: string): Promise<void> {
  const worker = phone.context.serviceWorkers()[0]
  if (!worker) throw new Error('The app has no service worker')
  await worker.evaluate(async (wanted) => {
    const scope = globalThis as unknown as WorkerScope
    const notification = (await scope.registration.getNotifications()).find((one) => one.tag.startsWith(wanted))
    if (!notification) throw new Error(`no notification ${wanted}`)
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }))
  }, tag)
}
