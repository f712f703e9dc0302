import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { accessOf } from './home-access.ts'
import { certificatesOf, makeClient, publicSource } from './home-certificates.ts'
import { livedInHome } from './home-data.ts'
import { visit } from './phone.ts'

async function visitCertificates(
  t: Parameters<typeof visit>[0],
  prepare: (home: ReturnType<typeof certificatesOf>) => void = () => undefined,
) {
  const visited = await visit(t, { data: livedInHome(), expected: /409 \(Conflict\)/ })
  visited.home.state.account.freshUntil = Date.now() + 3_600_000
  const home = certificatesOf(visited.home.state)
  prepare(home)
  await visited.go('/more/certificates')
  return { ...visited, page: visited.phone.page, served: home }
}

test(
  'SEC-B4 the page says what is served to whom, until when, what is wrong, and why a name leads nowhere',
  { skip: noChromium() },
  async (t) => {
    const { page } = await visitCertificates(t, ({ overview }) => {
      overview.mode = 'acme'
      overview.sources.push(publicSource('Port 80 cannot be reached from the internet.'))
      overview.publicNames.push({ name: 'home.example.org', leads: 'nowhere', addresses: [] })
    })
    const card = (name: string) => page.getByRole('article').filter({ hasText: name })
    await card('Private certificate').getByText('For everybody else').waitFor()
    await card('Private certificate').getByText('lares.local, pi.local, localhost').waitFor()
    await card('Public certificate').getByText('Port 80 cannot be reached from the internet.').waitFor()
    await card('Public certificate').getByText('Next try').waitFor()
    await page.getByText('Your router hides home.example.org').waitFor()
    await page.getByText('http://192.168.1.20:8080/trust').waitFor()
  },
)

test(
  'SEC-B4 a public certificate is switched on, its settings filled in, tried and renewed',
  { skip: noChromium() },
  async (t) => {
    const { page, served, home } = await visitCertificates(t)
    const list = accessOf(home.state).settings
    const text = {
      feature: 'acme',
      schema: { type: 'string' },
      initial: '',
      value: '',
      secret: false,
      env: null,
      setByEnv: false,
    }
    list.push({ ...text, key: 'acme.domains', words: 'Names that the certificate is for.' })
    list.push({ ...text, key: 'acme.cloudflareToken', words: 'Cloudflare: the token.', secret: true, value: null })
    await page.getByRole('button', { name: 'Use a public certificate too' }).click()
    await page.getByRole('article').filter({ hasText: 'Public certificate' }).waitFor()
    assert.equal(served.overview.mode, 'acme')
    await page.getByRole('button', { name: /Names that the certificate is for/ }).click()
    await page.getByLabel('Names that the certificate is for.').fill('home.example.org')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: /home\.example\.org/ }).waitFor()
    assert.equal(await page.getByText('Cloudflare: the token.').count(), 0, 'only what the chosen way needs')
    await page.getByRole('button', { name: 'Would Let’s Encrypt reach me?' }).click()
    await page.getByText('Port 80 of this name is closed.').waitFor()
    await page.getByRole('button', { name: 'Renew now' }).click()
    await page.getByText('Asked for.').waitFor()
    assert.equal(served.renewals, 1)
    await page.getByRole('button', { name: 'Stop using it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop using it' }).click()
    await page.getByRole('button', { name: 'Use a public certificate too' }).waitFor()
  },
)

test(
  'SEC-B5 a certificate for a phone is made, shown once and taken back; asking everybody says what that means',
  { skip: noChromium() },
  async (t) => {
    const { page, served } = await visitCertificates(t)
    const toggle = page.getByRole('switch', { name: 'Ask everybody for one' })
    await toggle.click()
    await page.getByText('only devices with a certificate come back').waitFor()
    await page.getByRole('button', { name: 'Ask everybody' }).click()
    await page.getByText('Issue a certificate for your own phone first').waitFor()

    await page.getByRole('button', { name: 'Make a certificate' }).click()
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByText('Give it a name.').waitFor()
    await page.getByLabel('Which device is it for?').fill('Anna’s phone')
    await page.getByRole('button', { name: 'Make it' }).click()
    const password = page.getByRole('group', { name: 'Password of the file' })
    assert.equal(await password.textContent(), 'kd7m-2xqp-wv9t-h4nc-r8ye')
    await page.getByRole('img', { name: 'iPhone, iPad, Mac' }).waitFor()
    await page.getByText('Android, Windows, Linux').first().click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download it here' }).click(),
    ])
    assert.equal(download.suggestedFilename(), 'lares-Anna-s-phone.p12')
    await page.getByRole('button', { name: 'I have it' }).click()

    await toggle.click()
    await page.getByRole('button', { name: 'Ask everybody' }).click()
    await page.getByText(/On trial until/).waitFor()
    assert.equal(served.overview.clients.required, true)
    await page.getByRole('button', { name: 'Take back the certificate of Anna’s phone' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('article').filter({ hasText: 'Anna’s phone' }).getByText('Taken back').waitFor()
  },
)

test('who may only look sees no button, and the environment has the last word', { skip: noChromium() }, async (t) => {
  const { page } = await visitCertificates(t, ({ overview, clients }) => {
    overview.modeSetBy = 'environment'
    overview.clients = { required: true, setBy: 'environment', trialEndsAt: null, otherAuthorities: ['CN=Office CA'] }
    clients.push(makeClient('Ben'), makeClient('Old tablet', { state: 'expired' }))
  })
  await page.getByText('TLS_VERIFY_CLIENT decides this').first().waitFor()
  await page.getByText('Certificates of these count too: CN=Office CA').waitFor()
  assert.equal(await page.getByRole('switch').getAttribute('aria-disabled'), 'true')
  assert.equal(await page.getByRole('button', { name: 'Use a public certificate too' }).count(), 0)
  await page.getByText('TLS_MODE=self_signed decides this').waitFor()
})
