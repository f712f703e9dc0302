import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { OWNER, RECOVERY_CODES, SETUP_CODE, TOTP_CODE } from './home-state.ts'
import { visit } from './phone.ts'

const REFUSED = /status of (40[013]|503)/

test(
  'SEC-A1 J1 from the code on the console to a home with a camera, on a phone',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visit(t, { setupDone: false, expected: REFUSED })
    const { page } = phone
    const next = () => page.getByRole('button', { name: 'Continue', exact: true }).click()
    await go('/')
    await page.waitForURL('**/setup/code')
    await page.getByLabel('One-time code').fill('AAAA-AAAA')
    await next()

    await page.getByRole('heading', { name: 'Who are you?' }).waitFor()
    await page.getByLabel('Your name').fill('Ada')
    assert.equal(await page.getByLabel('User name').inputValue(), 'ada')
    await page.getByLabel('Password').fill('too short')
    await next()
    await page.getByText('The password still lacks something').waitFor()
    await page.getByLabel('Password').fill(OWNER.password)
    await next()
    await page.getByText('That is not the code the box shows.').waitFor()
    await page.getByLabel('One-time code').fill(SETUP_CODE)
    await next()
    await next()

    await page.getByRole('img', { name: /QR picture/ }).waitFor()
    await page.reload()
    await page.getByRole('img', { name: /QR picture/ }).waitFor()
    await page.getByLabel('Six digits from the app').fill('000000')
    await next()
    await page.getByText('That code is not right. Wait for the next one.').waitFor()
    await page.getByLabel('Six digits from the app').fill(TOTP_CODE)
    await next()

    await page.getByRole('heading', { name: 'Keep these codes safe' }).waitFor()
    assert.deepEqual(
      await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts(),
      RECOVERY_CODES,
    )
    assert.equal(home.state.data.settings.timeZone, 'Europe/Berlin')
    assert.equal(home.state.data.settings.currency, 'GBP')
    await page.getByRole('button', { name: 'I have kept them' }).click()

    await page.getByLabel('Name of your home').fill('Casa Lindgren')
    await page.getByLabel('Currency').selectOption('SEK')
    await next()
    await page.getByRole('button', { name: 'Add a camera' }).click()
    await page.getByRole('button', { name: 'Not found? Type its address' }).click()
    await page.getByRole('button', { name: 'I know the address of its stream' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Front door')
    await page.getByLabel('Address', { exact: true }).fill('192.168.1.20/stream')
    home.state.knobs.cameraAnswers = 'wrong-password'
    await page.getByRole('button', { name: 'Test' }).click()
    await page.getByText('Type the user name and password that you set').waitFor()
    home.state.knobs.cameraAnswers = 'picture'
    await page.getByRole('button', { name: 'Test' }).click()
    await page.getByText('It works: 1280 × 720').waitFor()
    await page.getByRole('button', { name: 'Add camera' }).click()
    await page.getByRole('heading', { name: 'It watches now' }).waitFor()
    await next()
    await page.getByRole('listitem').filter({ hasText: 'Front door' }).waitFor()
    assert.equal(home.state.data.cameras[0]?.source.address, 'rtsp://192.168.1.20/stream')
    await next()

    await page.getByText('No new plug answered.').waitFor()
    for (const heading of ['Plugs', 'Keep Lares at hand', 'Hear it when it matters', 'Try it']) {
      await page.getByRole('heading', { name: heading }).waitFor()
      await page.getByRole('button', { name: 'Skip for now' }).click()
    }
    await page.getByRole('button', { name: 'Open Lares' }).click()
    await page.getByText('Casa Lindgren').waitFor()
    await page.getByText('All quiet.').waitFor()
    assert.deepEqual(home.state.data.settings, {
      homeName: 'Casa Lindgren',
      timeZone: 'Europe/Berlin',
      currency: 'SEK',
    })
  },
)

test(
  'SEC-A1 the code of the link is filled in and leaves the address bar; the password is never kept',
  { skip: noChromium() },
  async (t) => {
    const { phone, go } = await visit(t, { setupDone: false, expected: REFUSED })
    const { page } = phone
    await go(`/setup#code=${SETUP_CODE}`)
    await page.getByLabel('One-time code').waitFor()
    assert.equal(await page.getByLabel('One-time code').inputValue(), SETUP_CODE)
    assert.equal(new URL(page.url()).hash, '')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Your name').fill('Ada')
    await page.getByLabel('Password').fill(OWNER.password)
    await page.reload()
    await page.getByLabel('Your name').waitFor()
    assert.equal(await page.getByLabel('Your name').inputValue(), 'Ada')
    assert.equal(await page.getByLabel('Password').inputValue(), '')
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage }))
    assert.ok(!kept.includes(OWNER.password))
  },
)

test('a home that is set up sends newcomers to the sign-in page', { skip: noChromium() }, async (t) => {
  const { phone, go } = await visit(t, { signedIn: false, expected: REFUSED })
  await go('/setup')
  await phone.page.getByRole('heading', { name: 'Lares is already set up' }).waitFor()
  await phone.page.getByRole('link', { name: 'Sign in' }).click()
  await phone.page.waitForURL('**/sign-in')
})
