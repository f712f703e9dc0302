import assert from 'node:assert/strict'
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { builtApp } from './home.ts'
import { underWorker, visit } from './phone.ts'
import { push, shown, tap, untilShown } from './pushes.ts'

const OFFLINE = /ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED)|WebSocket connection/

/** A copy of the app for one test, whose worker the test may change. */
async function ownApp(t: TestContext): Promise<{ app: string; worker: string }> {
  const app = await mkdtemp(join(tmpdir(), 'lares-built-'))
  t.after(() => rm(app, { recursive: true, force: true }))
  await cp(builtApp, app, { recursive: true })
  await rm(join(app, 'sw.js.br'))
  await rm(join(app, 'sw.js.gz'))
  return { app, worker: join(app, 'sw.js') }
}

test(
  'J2 a push becomes a notification, and a tap on it opens the incident in the open app',
  { skip: noChromium() },
  async (t) => {
    const visited = await visit(t, { data: livedInHome(), notify: true })
    const { home, phone, go } = visited
    const [incident] = home.state.data.incidents
    assert.ok(incident)
    await home.makeClip()
    await go('/plugs')
    await underWorker(visited)
    const path = `/incidents/${incident.id}`
    const notification = {
      title: 'Person at Front door',
      body: '14:02',
      navigate: home.origin + path,
      tag: `incident:${incident.id}`,
      lang: 'en',
      silent: false,
      data: { kind: 'incident', path, image: `/api/incidents/${incident.id}/snapshot.jpg`, at: Date.now() },
    }
    await push(visited, JSON.stringify({ web_push: 8030, notification }))
    assert.deepEqual(await untilShown(visited, 1), [
      { title: 'Person at Front door', body: '14:02', tag: `incident:${incident.id}`, data: { path } },
    ])
    // A retried push replaces the first one.
    await push(visited, JSON.stringify({ web_push: 8030, notification: { ...notification, body: '14:03' } }))
    await phone.page.waitForTimeout(300)
    assert.equal((await shown(visited)).length, 1)

    await tap(visited)
    await phone.page.getByRole('heading', { name: 'Person at Front door' }).waitFor()
    assert.equal(new URL(phone.page.url()).pathname, path)
    assert.equal((await shown(visited)).length, 0)
  },
)

test('a push that cannot be read still shows something, and never leads outside', { skip: noChromium() }, async (t) => {
  const visited = await visit(t, { data: livedInHome(), notify: true })
  await visited.go('/')
  await underWorker(visited)
  await push(visited, 'not JSON at all')
  await untilShown(visited, 1)
  await push(
    visited,
    JSON.stringify({ web_push: 8030, notification: { title: 'Elsewhere', data: { path: 'https://example.org/' } } }),
  )
  const list = await untilShown(visited, 2)
  assert.deepEqual(list.map(({ title }) => title).sort(), ['Elsewhere', 'Something happened at home'])
  for (const { data } of list) assert.deepEqual(data, { path: '/' })
})

test(
  'the app opens without the box: reload and deep link, with words that say so',
  { skip: noChromium() },
  async (t) => {
    const visited = await visit(t, { data: livedInHome(), expected: OFFLINE })
    const { home, phone, go } = visited
    const { page } = phone
    await go('/')
    await underWorker(visited)
    await home.stop()
    await page.reload()
    await page.getByRole('navigation', { name: 'Places' }).waitFor()
    await page.getByText('Lares can’t be reached.').waitFor()
    await page.getByText('Check that this phone is on your home network').waitFor()
    await go('/plugs')
    await page.getByRole('navigation', { name: 'Places' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
  },
)

test('the worker keeps nothing of the API, and is not even asked for it', { skip: noChromium() }, async (t) => {
  const { app, worker } = await ownApp(t)
  // Before the worker's own listener: nobody after the one that answers hears of it.
  const note = 'self.asked = []; addEventListener("fetch", (event) => asked.push(new URL(event.request.url).pathname));'
  await writeFile(worker, `${note}\n${await readFile(worker, 'utf8')}`)
  const visited = await visit(t, { data: livedInHome(), app })
  await visited.go('/')
  await underWorker(visited)
  await visited.phone.page.reload()
  await visited.phone.page.getByText('Hall sends no pictures.').waitFor()
  const kept = await visited.phone.page.evaluate(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async (name) => await (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
  assert.ok(kept.includes('/index.html'))
  assert.deepEqual(
    kept.filter((path) => path.startsWith('/api')),
    [],
  )
  const asked = await visited.phone.context
    .serviceWorkers()[0]
    ?.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)
  assert.ok(asked)
  assert.ok(asked.includes('/'), 'the page itself comes from the worker')
  assert.deepEqual(
    asked.filter((path) => path.startsWith('/api')),
    [],
  )
})

test('a new version waits for a tap, then takes over and reloads the page', { skip: noChromium() }, async (t) => {
  const { app, worker } = await ownApp(t)
  const visited = await visit(t, { data: livedInHome(), app })
  const { page } = visited.phone
  await visited.go('/')
  await underWorker(visited)
  await appendFile(worker, '\n// the next version')
  await page.evaluate(async () => {
    Object.assign(globalThis, { before: true })
    await (await navigator.serviceWorker.ready).update()
  })
  await page.getByText('A new version is ready.').waitFor()
  assert.ok(await page.evaluate(() => 'before' in globalThis), 'nothing happens before the tap')
  // Requests without a pause: one that reached the old version while it stops would start it again, for minutes.
  await page.evaluate(() => void setInterval(() => void fetch('/api/me').catch(() => undefined), 20))
  await page.getByRole('button', { name: 'Update' }).click()
  await page.waitForFunction(() => !('before' in globalThis))
  await page.getByText('Hall sends no pictures.').waitFor()
  assert.equal(await page.getByText('A new version is ready.').count(), 0)
})

test('the app can be installed', { skip: noChromium() }, async (t) => {
  const visited = await visit(t, { data: livedInHome() })
  await visited.go('/')
  await underWorker(visited)
  const cdp = await visited.phone.cdp()
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
  assert.deepEqual(installabilityErrors, [])
})
