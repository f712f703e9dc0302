// What plugs cost: switching beyond the device's own time, polling with dead ones among them, discovery, memory.
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { PRODUCT_FLAGS } from '../../scripts/bootstrap/hand-over.mjs'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { startOddPlug } from '../fakes/plugs.ts'
import { setUpHome } from '../harness/setup.ts'
import { startProduct } from '../harness/product.ts'
import { startPlugsHome, until } from '../plugs/harness.ts'
import { isQuick, quantile, report } from './report.ts'
import { compiled } from './support/compiled.ts'
import type { FarmOrder } from './support/plug-farm.ts'
import { homeWith, seenSince, type Address } from './support/known-plugs.ts'

const farms: ChildProcess[] = []

function farm(order: FarmOrder): Promise<Address[]> {
  const child = fork(fileURLToPath(new URL('support/plug-farm.ts', import.meta.url)), { stdio: 'inherit' })
  farms.push(child)
  return new Promise((resolve, reject) => {
    child.once('message', (plugs) => resolve(plugs as Address[]))
    child.once('exit', (code) => reject(new Error(`The plugs ended (${code})`)))
    child.send(order)
  })
}

async function pollWithDead(kind: 'odd' | 'klap'): Promise<{ first: number; steady: number }> {
  const net = kind === 'odd' ? 31 : 36
  const alive = await farm({ kind, count: 100, net, delayMs: 100 })
  const dead = await farm({ kind: 'odd', count: 10, net: net + 1, manners: 'silent' })
  const { home, database, startMs } = await homeWith([...dead, ...alive])
  await until('all alive are read', async () => (await seenSince(home, 1)) === alive.length, 20_000)
  const first = performance.now() - startMs
  const steady: number[] = []
  for (let round = 0; round < (isQuick ? 3 : 10); round++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const since = Date.now()
    const from = performance.now()
    home.plugs.setWatched(false)
    home.plugs.setWatched(true)
    await until('all alive are read again', async () => (await seenSince(home, since)) === alive.length, 20_000)
    steady.push(performance.now() - from)
  }
  await home.stop()
  await database.close()
  return { first, steady: quantile(steady, 0.95) }
}

async function discoverFifty(): Promise<number> {
  await farm({ kind: 'found', count: 50, net: 33 })
  const home = await startPlugsHome({ broadcast: { address: '127.0.0.1', broadcast: '127.255.255.255' } })
  const from = performance.now()
  const { found } = await home.call<{ found: number }>('POST', '/api/plugs/discover')
  const tookMs = performance.now() - from
  await home.stop()
  if (found !== 50) throw new Error(`${found} of 50 plugs were found`)
  return tookMs
}

/** In a process that has nothing but a database and the plugs in it, compiled as in the image. */
async function memoryOfThreeHundred(): Promise<number> {
  const addresses = await farm({ kind: 'odd', count: 300, net: 34 })
  const home = compiled('tests/bench/support/plug-home.ts')
  const child = fork(home, { stdio: 'inherit', execArgv: PRODUCT_FLAGS })
  const rss = await new Promise<number>((resolve, reject) => {
    child.once('message', (megabytes) => resolve(megabytes as number))
    child.once('exit', (code) => reject(new Error(`The home ended (${code})`)))
    child.send({ addresses, settleMs: isQuick ? 6_000 : 60_000 })
  })
  child.removeAllListeners('exit').kill()
  return rss
}

/** Through the whole product and its HTTPS door, minus the time from the device's hearing the question to its answer. */
async function switchOverDevice(): Promise<{ p50: number; p95: number; doorP95: number }> {
  const device = await startOddPlug({ address: '127.35.0.1', delayMs: 20 })
  const product = await startProduct()
  const client = product.client()
  await setUpHome(client, product.setupCode ?? '')
  const { plugs } = await client.must<{ plugs: Plug[] }>('POST', '/api/plugs', { host: `127.35.0.1:${device.port}` })
  // The detector measures itself after a start: not what is looked at here.
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  const path = `/api/plugs/${plugs[0]?.id ?? ''}/switch`
  const overMs: number[] = []
  const doorMs: number[] = []
  for (let round = 0; round < (isQuick ? 30 : 100); round++) {
    // A person does not tap again while the plug is still being read after the last tap.
    await new Promise((resolve) => setTimeout(resolve, isQuick ? 400 : 700))
    const asked = performance.now()
    await client.must('GET', '/api/plugs')
    doorMs.push(performance.now() - asked)
    const from = performance.now()
    await client.must('POST', path, { on: round % 2 === 0 })
    overMs.push(performance.now() - from - device.lastSwitchMs)
  }
  await product.stop()
  await device.stop()
  return { p50: quantile(overMs, 0.5), p95: quantile(overMs, 0.95), doorP95: quantile(doorMs, 0.95) }
}

/** Behind KLAP, through the plugs' routes: encrypted both ways on a connection that is kept. */
async function klapSwitchOverDevice(): Promise<number> {
  const delayMs = 20
  const [address] = await farm({ kind: 'klap', count: 1, net: 38, delayMs })
  const home = await startPlugsHome()
  const { plugs } = await home.call<{ plugs: Plug[] }>('POST', '/api/plugs', {
    host: `${address?.host}:${address?.port}`,
  })
  const overMs: number[] = []
  for (let round = 0; round < (isQuick ? 20 : 60); round++) {
    await new Promise((resolve) => setTimeout(resolve, 700))
    const from = performance.now()
    await home.call('POST', `/api/plugs/${plugs[0]?.id ?? ''}/switch`, { on: round % 2 === 0 })
    overMs.push(performance.now() - from - delayMs)
  }
  await home.stop()
  return quantile(overMs, 0.95)
}

try {
  const rss = await memoryOfThreeHundred()
  const poll = await pollWithDead('odd')
  const klapPoll = await pollWithDead('klap')
  const klapSwitch = await klapSwitchOverDevice()
  const discover = await discoverFifty()
  const over = await switchOverDevice()
  report({
    bench: 'plugs',
    figures: {
      switch_over_device_p50_ms: over.p50,
      switch_over_device_p95_ms: over.p95,
      list_plugs_p95_ms: over.doorP95,
      poll_100_plus_10_dead_ms: poll.steady,
      first_poll_100_plus_10_dead_ms: poll.first,
      klap_switch_over_device_p95_ms: klapSwitch,
      klap_poll_100_plus_10_dead_ms: klapPoll.steady,
      discover_50_ms: discover,
      rss_300_mb: rss,
    },
    goals: {
      switch_over_device_p95_ms: { atMost: 10 },
      poll_100_plus_10_dead_ms: { atMost: 1_000 },
      klap_switch_over_device_p95_ms: { atMost: 10 },
      klap_poll_100_plus_10_dead_ms: { atMost: 1_000 },
      discover_50_ms: { atMost: 1_000 },
      rss_300_mb: { atMost: 120 },
    },
    conditions: {
      device_ms: 'polled plugs take 100, the switched one 20',
      poll: 'p95 over rounds of all 100',
      protocol: 'XOR and KLAP over loopback',
    },
  })
} finally {
  for (const child of farms) child.removeAllListeners('exit').kill()
}
