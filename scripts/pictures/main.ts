// `node scripts/pictures/main.ts`: takes the README's picture of the running product, with a real clip and real plugs' protocol.
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import type { Page } from 'playwright-core'
import type { IncidentsReply } from '../../appliance/src/api/incidents.ts'
import { walkInClip } from '../../tests/fakes/clip.ts'
import { startRtspServer } from '../../tests/fakes/rtsp-server.ts'
import { openPhone, type Phone } from '../../tests/harness/chromium.ts'
import type { HttpsClient } from '../../tests/harness/https-client.ts'
import { repository, startProduct, type Product } from '../../tests/harness/product.ts'
import { setUpHome, signInOnPage, type SetUpHome } from '../../tests/harness/setup.ts'
import { startDemoPlugs } from '../demo/plugs.ts'

const OUTPUT = join(repository, 'docs', 'guide', 'pictures', 'app.jpg')
const WALL_COLOUR = '#efe7db'
const GAP_PX = 48
const SCREEN_WIDTH_PX = 540

async function main(): Promise<void> {
  const camera = await startRtspServer({ file: await walkInClip() })
  const plugs = await startDemoPlugs()
  const product = await startProduct()
  try {
    const client = product.client()
    const owner = await setUpHome(client, product.setupCode ?? '', undefined, { homeName: 'Our house' })
    await client.must('POST', '/api/cameras', { name: 'Front door', source: { kind: 'rtsp', url: camera.url } })
    for (const host of plugs.hosts) await client.must('POST', '/api/plugs', { host })
    const incidentId = await firstIncident(client)
    await mkdir(dirname(OUTPUT), { recursive: true })
    await hangSideBySide(await takeScreens(product, owner, incidentId))
    console.log(OUTPUT)
  } finally {
    await product.stop()
    await plugs.stop()
    await camera.stop()
  }
}

async function firstIncident(client: HttpsClient): Promise<string> {
  for (let tries = 0; tries < 120; tries++) {
    const { incidents } = await client.must<IncidentsReply>('GET', '/api/incidents')
    if (incidents[0]?.snapshot) return incidents[0].id
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error('Nobody walked in within a minute')
}

async function takeScreens(product: Product, owner: SetUpHome, incidentId: string): Promise<Buffer[]> {
  const phone = await openPhone({ rootPem: product.rootPem })
  try {
    await phone.page.goto(`${product.httpsOrigin}/sign-in`)
    await signInOnPage(phone.page, owner)
    return [
      await takeScreen(phone, 'light', `${product.httpsOrigin}/`),
      await takeScreen(phone, 'light', `${product.httpsOrigin}/incidents/${incidentId}`),
      await takeScreen(phone, 'dark', `${product.httpsOrigin}/plugs`),
    ]
  } finally {
    await phone.close()
  }
}

async function takeScreen({ page }: Phone, colorScheme: 'light' | 'dark', address: string): Promise<Buffer> {
  await page.emulateMedia({ colorScheme })
  await page.goto(address)
  await settle(page)
  return await page.screenshot()
}

async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await page.waitForTimeout(1_500)
}

/** Screens as pictures on a wall: same width, rounded, with air around them. */
async function hangSideBySide(screens: readonly Buffer[]): Promise<void> {
  const fitted = await Promise.all(
    screens.map((screen) => sharp(screen).resize({ width: SCREEN_WIDTH_PX }).png().toBuffer()),
  )
  const { height = 0 } = await sharp(fitted[0]).metadata()
  const corners = Buffer.from(
    `<svg width="${SCREEN_WIDTH_PX}" height="${height}"><rect width="100%" height="100%" rx="40"/></svg>`,
  )
  const rounded = await Promise.all(
    fitted.map((screen) =>
      sharp(screen)
        .composite([{ input: corners, blend: 'dest-in' }])
        .png()
        .toBuffer(),
    ),
  )
  const width = screens.length * SCREEN_WIDTH_PX + (screens.length + 1) * GAP_PX
  await sharp({ create: { width, height: height + 2 * GAP_PX, channels: 3, background: WALL_COLOUR } })
    .composite(rounded.map((input, n) => ({ input, left: GAP_PX + n * (SCREEN_WIDTH_PX + GAP_PX), top: GAP_PX })))
    .jpeg({ quality: 82, mozjpeg: true })
    .toFile(OUTPUT)
}

await main()
