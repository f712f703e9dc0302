import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { IssueClientReply } from '../../appliance/src/api/certificates.ts'
import { createLeaf } from '../../appliance/src/tls/local-ca/certificates.ts'
import { verifyClient } from '../../appliance/src/tls/settings.ts'
import { setUpOwner, startAccess, type Access } from '../accounts/access.ts'
import { noChromium, openPhone, type Phone, type PhoneOptions } from '../harness/chromium.ts'
import { noFirefox, openFirefox } from '../harness/firefox.ts'
import { until } from '../tls/wire.ts'

const LIMIT_MS = 60_000

let at: Access
before(async () => {
  at = await startAccess()
})
after(() => at.stop())

const trustPage = (): string => `http://localhost:${at.httpPort}/trust`
const appOrigin = (): string => `https://localhost:${new URL(at.origin).port}`

async function withPhone(options: PhoneOptions, look: (phone: Phone) => Promise<void>): Promise<void> {
  const phone = await openPhone(options)
  try {
    await look(phone)
  } finally {
    await phone.close()
  }
}

describe('SEC-B3, J1 the trust page in a real browser', { skip: noChromium() }, () => {
  test('says "not yet" where the root is not installed, and waits', async () => {
    await withPhone({}, async ({ page }) => {
      await page.goto(trustPage())
      await page.getByText('Not yet. Follow the steps').waitFor({ timeout: LIMIT_MS })
      await page.getByRole('button', { name: 'Check again' }).click()
      await page.getByText('Not yet. Follow the steps').waitFor({ timeout: LIMIT_MS })
      assert.equal(page.url(), trustPage())
    })
  })

  test('says that the device trusts Lares where it is, and one tap leads to the app', async () => {
    await withPhone({ rootPem: at.tls.rootPem() }, async ({ page }) => {
      await page.goto(trustPage())
      await page.getByText('This device trusts Lares. You can go on.').waitFor({ timeout: LIMIT_MS })
      await page.getByRole('link', { name: 'Continue to Lares' }).click()
      await page.waitForURL(`${appOrigin()}/`, { timeout: LIMIT_MS })
    })
  })

  test('takes whoever has just installed it on to the app', async () => {
    await withPhone({ rootPem: at.tls.rootPem() }, async ({ page, context }) => {
      const picture = `${appOrigin()}/api/trust/check.png**`
      await context.route(picture, (route) => route.abort())
      await page.goto(trustPage())
      await page.getByText('Not yet.').waitFor({ timeout: LIMIT_MS })
      await context.unroute(picture)
      await page.getByRole('button', { name: 'Check again' }).click()
      await page.waitForURL(`${appOrigin()}/`, { timeout: LIMIT_MS })
    })
  })

  test('tells the two apart without any script, and leads on', async () => {
    await withPhone({ withoutScript: true }, async ({ page }) => {
      await page.goto(trustPage())
      const words = page.locator('object.check .status span')
      await words.waitFor({ timeout: LIMIT_MS })
      assert.match(await words.innerText(), /^Not yet\. Follow the steps/)
    })
    await withPhone({ withoutScript: true, rootPem: at.tls.rootPem() }, async ({ page }) => {
      await page.goto(trustPage())
      const pictureOf = () => page.frames().find((frame) => frame.url().endsWith('/check.svg'))
      await until(() => pictureOf() !== undefined, 'the picture is loaded')
      const inside = pictureOf()!
      await page.locator('object.check').scrollIntoViewIfNeeded()
      await inside.getByText('This device trusts Lares now.').waitFor({ timeout: LIMIT_MS })
      assert.equal(await page.locator('object.check .status').isVisible(), false)
      await inside.getByText('Go on to Lares').click()
      await page.waitForURL(`${appOrigin()}/`, { timeout: LIMIT_MS })
    })
  })

  test('the same in Firefox', { skip: noFirefox() }, async () => {
    for (const [rootsPem, words] of [
      [[], 'Not yet. Follow the steps'],
      [[at.tls.rootPem()], 'This device trusts Lares. You can go on.'],
    ] as const) {
      const firefox = await openFirefox({ rootsPem })
      try {
        await firefox.page.goto(trustPage())
        await firefox.reads(words)
      } finally {
        await firefox.close()
      }
    }
  })
})

describe('SEC-B2 a certificate of the root for somebody on the internet', () => {
  let good: Server
  let forged: Server
  const portOf = (server: Server): number => (server.address() as AddressInfo).port
  before(async () => {
    const [, keyPem = ''] = /(-----BEGIN PRIVATE[^]+)/.exec(readFileSync(join(at.dataDir, 'tls', 'root.pem'), 'utf8')) ?? []
    const serve = async (names: string[]): Promise<Server> => {
      const leaf = await createLeaf({ certPem: at.tls.rootPem(), keyPem }, names, Date.now())
      const server = createServer({ cert: leaf.certPem, key: leaf.keyPem }, (_request, response) => response.end('in'))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }
    good = await serve(['localhost'])
    forged = await serve(['localhost', 'bank.example.com'])
  })
  after(() => {
    for (const server of [good, forged]) {
      server.closeAllConnections()
      server.close()
    }
  })

  test('is refused by Chromium', { skip: noChromium() }, async () => {
    await withPhone({ rootPem: at.tls.rootPem() }, async ({ page }) => {
      assert.equal((await page.goto(`https://localhost:${portOf(good)}/`))?.status(), 200)
      await assert.rejects(page.goto(`https://localhost:${portOf(forged)}/`), /ERR_CERT_INVALID/)
    })
  })

  test('is refused by Firefox, which also shows a client certificate where it is asked for (SEC-B5)', { skip: noFirefox() }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lares-identity-'))
    const { browser } = await setUpOwner(at)
    const issued = await browser.must<IssueClientReply>('POST', '/api/certificates/clients', { name: 'Firefox' })
    const file = join(folder, 'phone.p12')
    writeFileSync(file, Buffer.from(issued.pkcs12, 'base64'))
    const rootsPem = [at.tls.rootPem()]
    const firefox = await openFirefox({ rootsPem, identity: { file, password: issued.password } })
    try {
      assert.equal((await firefox.page.goto(`https://localhost:${portOf(good)}/`))?.status(), 200)
      await assert.rejects(firefox.page.goto(`https://localhost:${portOf(forged)}/`))
      await at.settings.set(verifyClient, true)
      assert.equal((await firefox.page.goto(`${appOrigin()}/api/setup`))?.status(), 200)
      const [client] = at.logLines.filter((line) => line.includes('Client certificates work'))
      assert.ok(client, 'it came in with its certificate')
    } finally {
      await firefox.close()
      await at.settings.set(verifyClient, false)
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
