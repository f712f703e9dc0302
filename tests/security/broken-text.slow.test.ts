import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSource, type Parsed } from '../../appliance/src/cameras/sources/index.ts'
import { rtspStream } from '../../appliance/src/cameras/sources/rtsp.ts'
import { startProduct } from '../harness/product.ts'
import { OWNER, setUpHome } from '../harness/setup.ts'

/** Half of a surrogate pair: JSON can spell it, nothing can encode it. */
const HALF = '\ud800'

test('SEC-C9 half a character in a request is refused, and the box starts again afterwards', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lares-broken-text-'))
  try {
    const product = await startProduct({ dataDir })
    const client = product.client()
    const begin = { setupCode: product.setupCode, ...OWNER, username: `ada${HALF}` }
    const refused = await client.call('POST', '/api/setup/begin', begin)
    assert.equal(refused.status, 400)
    assert.equal(refused.json()['error_code'], 'BAD_JSON')

    await setUpHome(client, product.setupCode ?? '')
    const source = { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/a', username: 'u', password: HALF }
    assert.equal((await client.call('POST', '/api/cameras', { name: 'Door', source })).status, 400)
    assert.equal((await client.call('POST', '/api/cameras', { name: 'Door', [HALF]: 1 })).status, 400)
    await product.stop()

    const again = await startProduct({ dataDir })
    await again.stop()
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
})

test('SEC-C9 a stored password with half a character costs one camera its stream, not the box its start', () => {
  const parsed = parseSource({ kind: 'rtsp', url: 'rtsp://cam.local/a', username: 'u', password: HALF })
  assert.deepEqual(rtspStream(parsed as Parsed<'rtsp'>), {
    kind: 'rtsp',
    url: 'rtsp://u:%EF%BF%BD@cam.local/a',
    transport: 'tcp',
  })
})
