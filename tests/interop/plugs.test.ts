import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { startSimulatedBroadcasts, startSimulatedPlug, type SimulatedPlug } from '../fakes/plugs.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { startProduct, type Product } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'
import { until as ask } from '../plugs/harness.ts'

const PLUG = { model: 'hs110', address: '127.30.9.1', alias: 'Freezer', mac: '50:C7:BF:30:09:01' } as const
const ASK_EVERY_MS = 200

/** Slower than the door's rate limit. */
function until<T>(words: string, answer: () => Promise<T | null | false>, limitMs: number): Promise<T> {
  const patient = async (): Promise<T | null | false> => {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
    return answer()
  }
  return ask(words, patient, limitMs)
}

const REALTIME = { power: 87.5, voltage: 229.9, current: 0.38, total: 210.25 }

/** Discovery calls on every network of the machine; tests call on none but loopback. */
const hasNetwork = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ family, internal }) => family === 'IPv4' && !internal),
)
const IN_OWN_NETWORK = ['-rn', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath]

// On a machine with a network the file runs itself once more, in a network namespace that has loopback only.
if (hasNetwork) {
  const cannot = spawnSync('unshare', ['-rn', 'ip', 'link']).status !== 0
  const skip = cannot && 'skipped: no network namespace of its own (unshare -rn)'
  it('J3 a simulated HS110 in the running product, in a network of its own', { skip, timeout: 150_000 }, async () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const args = [...IN_OWN_NETWORK, fileURLToPath(import.meta.url)]
    const { stdout } = await promisify(execFile)('unshare', args, { env }).catch((error: { stdout: string }) => error)
    assert.match(stdout, /pass 5\b[^]*fail 0\b/, stdout)
  })
} else
  describe('J3 a simulated HS110 in the running product', { timeout: 120_000 }, () => {
    let product: Product
    let client: HttpsClient
    let device: SimulatedPlug
    let stopBroadcasts: () => void

    before(async () => {
      stopBroadcasts = await startSimulatedBroadcasts()
      device = await startSimulatedPlug({ ...PLUG, realtime: REALTIME })
      product = await startProduct()
      client = product.client()
      await setUpHome(client, product.setupCode ?? '')
    })
    after(async () => {
      await product?.stop()
      await device?.stop()
      stopBroadcasts?.()
    })

    const freezer = async (): Promise<Plug> => {
      const { plugs } = await client.must<{ plugs: Plug[] }>('GET', '/api/plugs')
      const found = plugs.find(({ mac }) => mac === PLUG.mac)
      assert.ok(found, 'the plug is not in the list')
      return found
    }

    it(
      'is discovered',
      { skip: hasNetwork && 'skipped: this machine has an IPv4 network that would be called' },
      async () => {
        const reply = await client.must<{ found: number; added: number }>('POST', '/api/plugs/discover')
        assert.deepEqual([reply.found, reply.added], [1, 1])
      },
    )

    it('is read', async () => {
      await client.must('POST', '/api/plugs', { host: PLUG.address })
      const { name, reachable, reading } = await freezer()
      assert.deepEqual([name, reachable], ['Freezer', true])
      assert.deepEqual(
        { ...reading, at: 0 },
        { at: 0, powerMw: 87_500, voltageMv: 229_900, currentMa: 380, totalWh: 210_250 },
      )
    })

    it('is switched', async () => {
      const { id, on } = await freezer()
      for (const wanted of [!on, on === true]) {
        assert.equal((await client.must<Plug>('POST', `/api/plugs/${id}/switch`, { on: wanted })).on, wanted)
      }
    })

    it('turns grey when it is unplugged, and its last state stays', async () => {
      const before_ = await freezer()
      await device.stop()
      const answer = await client.call('POST', `/api/plugs/${before_.id}/switch`, { on: !before_.on })
      assert.equal(answer.status, 503)
      assert.match(answer.json<{ message: string }>().message, /127\.30\.9\.1/)
      const grey = await until(
        'it is grey',
        async () => {
          const plug = await freezer()
          return plug.reachable ? null : plug
        },
        30_000,
      )
      assert.equal(grey.on, before_.on)
      assert.equal(grey.reading?.powerMw, 87_500)
      assert.ok(grey.problem)
    })

    it('comes back by itself', async () => {
      device = await startSimulatedPlug({ ...PLUG, realtime: REALTIME })
      const back = await until(
        'it is back',
        async () => {
          const plug = await freezer()
          return plug.reachable && plug
        },
        30_000,
      )
      assert.equal(back.problem, null)
    })
  })
