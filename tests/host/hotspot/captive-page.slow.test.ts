import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { createCaptiveServer } from '../../../appliance/src/host/hotspot/captive-server.ts'
import { noChromium, openPhone } from '../../harness/chromium.ts'

/** For looking at: LARES_TEST_LOOK=FOLDER. */
const folder = process.env['LARES_TEST_LOOK']

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

test('the page of the access point on a phone, light and dark, without scripts', { skip: noChromium() }, async () => {
  const port = await freePort()
  const server = createCaptiveServer({
    clock: systemClock,
    log: silentLog(),
    ownHost: '127.0.0.1',
    boxName: 'Lares-12AB',
  })
  const networks = [
    { ssid: 'Sparrow lane', strength: 71, security: 'password' as const },
    { ssid: 'The neighbours upstairs, long nm', strength: 48, security: 'password' as const },
    { ssid: 'Cafe', strength: 30, security: 'open' as const },
    { ssid: 'Office', strength: 22, security: 'unsupported' as const },
  ]
  const lastFailure = { ssid: 'Sparrow lane', failure: 'wrong-password' as const }
  for (const colorScheme of ['light', 'dark'] as const) {
    await server.open(
      { networks, lastFailure: colorScheme === 'light' ? null : lastFailure, country: null },
      { host: '127.0.0.1', port },
    )
    const phone = await openPhone({ colorScheme })
    const { page } = phone
    const look = async (name: string): Promise<void> => {
      if (folder === undefined) return
      await mkdir(folder, { recursive: true })
      await page.screenshot({ path: join(folder, `captive-${name}-${colorScheme}.png`), fullPage: true })
    }
    await page.route('**/*.js', (route) => route.abort())
    await page.goto(`http://127.0.0.1:${String(port)}/`)
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
    assert.ok(wide <= 360, `as wide as ${String(wide)}`)
    if (colorScheme === 'dark') await page.getByText(/did not accept the password/).waitFor()
    assert.equal(await page.getByLabel('Country').inputValue(), 'GB', 'as the phone speaks')
    await look('choose')
    for (const control of await page.locator('button, select, input[type=text], label.network').all())
      assert.ok(((await control.boundingBox())?.height ?? 0) >= 44, 'a thumb finds it')
    await page.getByRole('radio', { name: /Sparrow lane/ }).check()
    await page.getByLabel('Password of the Wi-Fi').fill('short')
    await page.getByRole('button', { name: 'Join this Wi-Fi' }).click()
    await page.getByText(/8 to 63 characters/).waitFor()
    assert.equal(await page.getByRole('radio', { name: /Sparrow lane/ }).isChecked(), true)
    await page.getByLabel('Password of the Wi-Fi').fill('hunter22')
    await page.getByRole('button', { name: 'Join this Wi-Fi' }).click()
    await page.getByText(/What comes next/).waitFor()
    await look('trying')
    const wanted = { ssid: 'Sparrow lane', password: 'hunter22', hidden: false }
    assert.deepEqual(await server.nextRequest(1, new AbortController().signal), { kind: 'join', country: 'GB', wanted })
    assert.deepEqual(
      phone.complaints.filter((each) => !/favicon|422/.test(each)),
      [],
    )
    await phone.close()
    await server.close()
  }
})
