import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noChromium } from '../harness/chromium.ts'
import { livedInHome } from './home-data.ts'
import { visit } from './phone.ts'

test(
  'a model of one’s own: what is missing is said, the file is sent in pieces, and every field is as wide as the sheet',
  { skip: noChromium() },
  async (t) => {
    const { phone, go } = await visit(t, { data: livedInHome() })
    const { page } = phone
    const pieces: number[] = []
    page.on('request', (request) => {
      if (request.method() === 'PUT' && request.url().endsWith('/api/models/upload'))
        pieces.push(Buffer.from((request.postDataJSON() as { data: string }).data, 'base64').length)
    })
    await go('/more/hardware')
    await page.getByRole('button', { name: 'Add your own' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: 'Add it' }).click()
    await sheet.getByText('Choose a file.').waitFor()
    await sheet.getByText('only when you may use it').waitFor()
    assert.deepEqual(pieces, [])

    const widths = await sheet
      .locator('.field-box')
      .evaluateAll((boxes) => boxes.map((box) => [box.clientWidth, box.firstElementChild?.clientWidth ?? 0]))
    assert.ok(widths.length >= 2)
    for (const [box = 0, inside = 0] of widths) assert.ok(inside > box - 8, `${inside} of ${box} pixels`)

    const file = { name: 'mine.onnx', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2_500) }
    await sheet.locator('input[type=file]').setInputFiles(file)
    await sheet.getByText('mine.onnx').waitFor()
    await sheet.getByLabel('I may use this model').check()
    await sheet.getByRole('button', { name: 'Add it' }).click()
    await sheet.waitFor({ state: 'detached' })
    await page.getByText('mine is installed. You can let it look now.').waitFor()
    assert.deepEqual(pieces, [1_000, 1_000, 500])
  },
)
