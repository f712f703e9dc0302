import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { visit } from './phone.ts'

test(
  'a camera that sends: what to type into it, a password shown once, and the first picture when it comes',
  { skip: noChromium() },
  async (t) => {
    const { home, phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    const bodies: unknown[] = []
    page.on('request', (request) => request.method() === 'POST' && bodies.push(request.postDataJSON()))
    await go('/cameras/send?folder=front_gate')
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Front gate')
    assert.equal(await page.getByLabel('Folder').inputValue(), 'front_gate')
    await page.getByLabel('Say when nothing comes for').selectOption('A day')
    await page.getByRole('button', { name: 'Next: what the camera needs' }).click()
    await page.getByText('Waiting for the first picture…').waitFor()
    const created = bodies.find((body) => (body as { source?: { kind: string } } | null)?.source?.kind === 'upload')
    assert.deepEqual((created as { source: unknown }).source, {
      kind: 'upload',
      folder: 'front_gate',
      expectEveryHours: 25,
    })

    await page.getByText('192.168.1.10').waitFor()
    await page.getByText('Explicit TLS (FTPES) if the camera can, else none').waitFor()
    await page.getByRole('button', { name: 'Make a password' }).click()
    await page.getByText('kfz73m2qpwxn9abc').waitFor()
    await page.getByText('It cannot be read to its end: cut off or damaged.').waitFor()

    const camera = home.state.data.cameras.find(({ name }) => name === 'Front gate')
    assert.ok(camera)
    Object.assign(camera, {
      state: 'live',
      lastFrameAt: Date.now(),
      picture: { width: 1280, height: 720, codec: 'jpeg' },
    })
    home.bus.emit('camera.changed', { ...camera })
    await page.getByText('The first picture has come.').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()

    await go(`/cameras/${camera.id}`)
    await page.getByText('Has a password').waitFor()
    assert.equal(await page.getByText('kfz73m2qpwxn9abc').count(), 0)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    assert.equal(await page.getByLabel('Folder').inputValue(), 'front_gate')
  },
)

test(
  'by default a camera is asked, and the choice of the other way is one press',
  { skip: noChromium() },
  async (t) => {
    const { phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    await go('/cameras/add')
    await page.getByRole('button', { name: 'Type its address' }).click()
    await page.getByRole('link', { name: 'It sends pictures by FTP or into a folder' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Süd Tür')
    assert.equal(await page.getByLabel('Folder').inputValue(), 'sud_tur')
  },
)
