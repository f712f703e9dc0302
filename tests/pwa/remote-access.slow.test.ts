import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { makePeer, remoteAccessOf } from './home-remote-access.ts'
import { visit } from './phone.ts'

const noScanner = spawnSync('zbarimg', ['--version']).error ? 'skipped: zbarimg (zbar-tools) is not installed' : false

async function visitRemote(t: Parameters<typeof visit>[0]) {
  const visited = await visit(t, { data: livedInHome(), expected: /400 \(Bad Request\)/ })
  visited.home.state.account.freshUntil = Date.now() + 3_600_000
  return { ...visited, page: visited.phone.page, remote: remoteAccessOf(visited.home.state) }
}

test(
  'SEC-C6 remote access is switched on, a phone added by its QR picture, shown once, and shut out',
  { skip: noChromium() || noScanner },
  async (t) => {
    const { page, go, remote } = await visitRemote(t)
    await go('/more/remote-access')
    await page.getByRole('button', { name: 'Switch remote access on' }).click()
    await page.getByText('Enter the name or address under which').waitFor()
    await page.getByLabel('Name or address of your home').fill('not a name')
    await page.getByRole('button', { name: 'Switch remote access on' }).click()
    await page
      .getByText(/neither a name such as/)
      .first()
      .waitFor()
    await page.getByLabel('Name or address of your home').fill('home.example.org')
    await page.getByRole('button', { name: 'Switch remote access on' }).click()
    await page.getByText('On. The phones below can come in.').waitFor()
    assert.deepEqual([remote.on, remote.host], [true, 'home.example.org'])

    await page.getByRole('button', { name: 'Add a phone' }).click()
    await page.getByLabel('Whose is it?').fill('Anna’s phone')
    await page.getByRole('button', { name: 'Add it' }).click()
    const picture = page.getByRole('img', { name: 'Configuration of the phone' })
    await picture.waitFor()
    const config = await page.getByRole('group', { name: 'The same as text' }).innerText()
    const folder = mkdtempSync(join(tmpdir(), 'lares-qr-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'qr.png')
    await picture.screenshot({ path: file })
    const scanned = spawnSync('zbarimg', ['--raw', '--quiet', file], { encoding: 'utf8' }).stdout
    assert.equal(scanned.trim(), config.trim())
    assert.match(scanned, /^PrivateKey = .{44}$/m)
    await page.getByRole('button', { name: 'I have it' }).click()
    assert.equal(await page.getByText(/PrivateKey/).count(), 0)

    await page.getByRole('button', { name: 'Shut out Anna’s phone' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Shut out' }).click()
    await page.getByText('No phone yet').waitFor()
    assert.deepEqual(remote.peers, [])
  },
)

test(
  'SEC-C6 where another machine runs the tunnel the page says so and hands out the file',
  { skip: noChromium() },
  async (t) => {
    const { page, go, remote } = await visitRemote(t)
    Object.assign(remote, { on: true, way: 'elsewhere', state: 'unknown', host: '192.168.1.9', hostIsPrivate: true })
    remote.peers.push(makePeer('Ben’s phone'))
    await go('/more/remote-access')
    await page.getByText('Another machine has to run the tunnel').waitFor()
    await page.getByText('From outside it leads nowhere.').waitFor()
    await page.getByRole('button', { name: 'Get the file for it' }).click()
    await page.getByText('ListenPort = 51820').waitFor()
  },
)
