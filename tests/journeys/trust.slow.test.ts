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
import { noChromium, openPhone, type Phone } from '../harness/chromium.ts'
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

/** Without one there is no script on the page that it loads next. */
async function switchScripts(phone: Phone, on: boolean): Promise<void> {
  const cdp = await phone.cdp()
  await cdp.send('Emulation.setScriptExecutionDisabled', { value: !on })
}

describe('SEC-B3, J1 the trust page in a browser that does not know the root', { skip: noChromium() }, () => {
  let phone: Phone
  before(async () => {
    phone = await openPhone()
  })
  after(() => phone.close())

  test('says "not yet" and waits', async () => {
    const { page } = phone
    await page.goto(trustPage())
    await page.getByText('Not yet. Follow the steps').waitFor({ timeout: LIMIT_MS })
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText('Not yet. Follow the steps').waitFor({ timeout: LIMIT_MS })
    assert.equal(page.url(), trustPage())
  })

  test('says it without any script too', async () => {
    await switchScripts(phone, false)
    await phone.page.goto(trustPage())
    const words = phone.page.locator('object.check .status span')
    await words.waitFor({ timeout: LIMIT_MS })
    assert.match(await words.innerText(), /^Not yet\. Follow the steps/)
  })
})

describe('SEC-B3, J1 the trust page in a browser that has the root', { skip: noChromium() }, () => {
  let phone: Phone
  before(async () => {
    phone = await openPhone({ rootPem: at.tls.rootPem() })
  })
  after(() => phone.close())

  test('says that the device trusts Lares, and one tap leads to the app', async () => {
    const { page } = phone
    await page.goto(trustPage())
    await page.getByText('This device trusts Lares. You can go on.').waitFor({ timeout: LIMIT_MS })
    await page.getByRole('link', { name: 'Continue to Lares' }).click()
    await page.waitForURL(`${appOrigin()}/`, { timeout: LIMIT_MS })
  })

  test('takes whoever has just installed it on to the app', async () => {
    const { page, context } = phone
    const picture = `${appOrigin()}/api/trust/check.png**`
    await context.route(picture, (route) => route.abort())
    await page.goto(trustPage())
    await page.getByText('Not yet.').waitFor({ timeout: LIMIT_MS })
    await context.unroute(picture)
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.waitForURL(`${appOrigin()}/`, { timeout: LIMIT_MS })
  })

  test('tells it without any script, and leads on', async () => {
    const { page } = phone
    await switchScripts(phone, false)
    await page.goto(trustPage())
    const pictureOf = () => page.frames().find((frame) => frame.url().endsWith('/check.svg'))
    await until(() => pictureOf() !== undefined, 'the picture is loaded')
    const inside = pictureOf()!
    await page.locator('object.check').scrollIntoViewIfNeeded()
    const said = inside.locator('text').first()
    await said.waitFor({ timeout: LIMIT_MS })
    assert.equal(await said.textContent(), 'This device trusts Lares now.')
    assert.equal(await page.locator('object.check .status').isVisible(), false)
    await inside.getByText('Go on to Lares').click()
    await page.waitForURL(`${appOrigin()}/`, { timeout: LIMIT_MS })
    await switchScripts(phone, true)
  })

  test('SEC-B2 a certificate of the root for somebody on the internet is refused', async () => {
    const [good, forged] = [await serve(['localhost']), await serve(['localhost', 'bank.example.com'])]
    assert.equal((await phone.page.goto(good))?.status(), 200)
    await assert.rejects(phone.page.goto(forged), /ERR_CERT_INVALID/)
  })
})

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server with a certificate of the root for these names; its address under localhost. */
async function serve(names: string[]): Promise<string> {
  const file = readFileSync(join(at.dataDir, 'tls', 'root.pem'), 'utf8')
  const keyPem = file.slice(file.indexOf('-----BEGIN PRIVATE'))
  const leaf = await createLeaf({ certPem: at.tls.rootPem(), keyPem }, names, Date.now())
  const server = createServer({ cert: leaf.certPem, key: leaf.keyPem }, (_request, response) => response.end('in'))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://localhost:${(server.address() as AddressInfo).port}/`
}

describe('SEC-B3, J1 the same in Firefox', { skip: noFirefox() }, () => {
  test('not yet', async () => {
    const firefox = await openFirefox({ rootsPem: [] })
    try {
      await firefox.page.goto(trustPage())
      await firefox.reads('Not yet. Follow the steps')
    } finally {
      await firefox.close()
    }
  })

  test('SEC-B5 trusted, a forged certificate refused, and a client certificate shown where it is asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lares-identity-'))
    const { browser } = await setUpOwner(at)
    const issued = await browser.must<IssueClientReply>('POST', '/api/certificates/clients', { name: 'Firefox' })
    const file = join(folder, 'phone.p12')
    writeFileSync(file, Buffer.from(issued.pkcs12, 'base64'))
    const [good, forged] = [await serve(['localhost']), await serve(['localhost', 'bank.example.com'])]
    const identity = { file, password: issued.password }
    const firefox = await openFirefox({ rootsPem: [at.tls.rootPem()], identity })
    try {
      await firefox.page.goto(trustPage())
      await firefox.reads('This device trusts Lares. You can go on.')
      assert.equal((await firefox.page.goto(good))?.status(), 200)
      await assert.rejects(firefox.page.goto(forged))
      await at.settings.set(verifyClient, true)
      assert.equal((await firefox.page.goto(`${appOrigin()}/api/setup`))?.status(), 200)
      const came = (): boolean => at.logLines.some((line) => line.includes('Client certificates work'))
      await until(came, 'it came in with its certificate')
    } finally {
      await firefox.close()
      await at.settings.set(verifyClient, false)
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
