// A box whose card has no usable part for data: it runs in memory, and must not look as if it were new and well.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import { IN_MEMORY_ONLY } from '../../appliance/src/box/index.ts'
import { createFakeBox } from '../fakes/box.ts'
import { startProduct } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'

const box = await createFakeBox()
after(() => box.close())

test('a card that keeps nothing is told before setup and after it', async () => {
  box.file('run/lares-degraded', 'degraded\n')
  const product = await startProduct({ env: { LARES_HOST_SOCKET: `${box.root}/run/lares-host.sock` } })
  try {
    const client = product.client()
    const { cardProblems } = await client.must<{ cardProblems?: string[] }>('GET', '/api/setup')
    assert.deepEqual(cardProblems, [IN_MEMORY_ONLY])
    await setUpHome(client, product.setupCode ?? '')
    const told = async (): Promise<string[]> => {
      const { notices } = await client.must<{ notices: { id: string; level: string }[] }>('GET', '/api/health')
      return notices.filter(({ id }) => id === 'box.in-memory-only').map(({ level }) => level)
    }
    for (let tries = 0; tries < 100 && (await told()).length === 0; tries++) await soon(100)
    assert.deepEqual(await told(), ['problem'])
  } finally {
    await product.stop()
  }
})
