import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { askForWipe, wipeIfAsked } from '../../appliance/src/box/index.ts'
import { startProduct } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'lares-test-'))
after(() => rmSync(dataDir, { recursive: true, force: true }))

test('a factory reset on a package: the process ends, and the next start is a new home', async () => {
  const first = await startProduct({ dataDir })
  const client = first.client()
  await setUpHome(client, first.setupCode ?? '')
  const box = await client.must<{ canRestart: boolean; reset: string; homeName: string }>('GET', '/api/box')
  assert.deepEqual([box.canRestart, box.reset, box.homeName], [false, 'data', 'Test home'])
  assert.equal((await client.call('POST', '/api/box/restart')).status, 422)
  assert.equal((await client.call('POST', '/api/box/factory-reset', { homeName: 'test home' })).status, 400)
  const rootBefore = first.rootPem
  await client.must('POST', '/api/box/factory-reset', { homeName: 'Test home' })
  assert.equal(await first.ended, 0)
  assert.ok(existsSync(join(dataDir, 'lares.db')), 'nothing goes while it is open')

  const second = await startProduct({ dataDir })
  assert.match(second.setupCode ?? '', /^[A-Z2-9]{4}-[A-Z2-9]{4}$/)
  assert.notEqual(second.rootPem, rootBefore)
  assert.match(second.output(), /this is a new home/)
  await second.stop()
  const third = await startProduct({ dataDir })
  assert.equal(third.rootPem, second.rootPem, 'it happens once')
  await third.stop()
})

test('a power cut in the middle is gone on with', async () => {
  await askForWipe(dataDir)
  for (const name of readdirSync(dataDir).filter((each) => each !== '.factory-reset' && each !== 'media'))
    rmSync(join(dataDir, name), { recursive: true, force: true })
  writeFileSync(join(dataDir, 'media', 'a-clip-that-was-left'), '')
  assert.equal(await wipeIfAsked(dataDir), true)
  assert.deepEqual(readdirSync(dataDir), [])
  assert.equal(await wipeIfAsked(dataDir), false)
})
