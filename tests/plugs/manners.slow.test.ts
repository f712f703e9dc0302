import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { startOddPlug, type Manners, type OddPlug } from '../fakes/plugs.ts'
import { startPlugsHome, until, type PlugsHome } from './harness.ts'

interface Started {
  odd: OddPlug
  home: PlugsHome
  add(): Promise<Plug[]>
}

async function start(t: TestContext, manners: Manners, delayMs = 0, haste = 10): Promise<Started> {
  const odd = await startOddPlug({ address: '127.30.3.1', manners, delayMs })
  const home = await startPlugsHome({ clock: createHastyClock(haste) })
  t.after(async () => {
    await home.stop()
    await odd.stop()
  })
  const add = async (): Promise<Plug[]> =>
    (await home.call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: `127.30.3.1:${odd.port}` })).plugs
  return { odd, home, add }
}

for (const manners of ['good', 'keeps-open', 'in-pieces'] as const) {
  test(`a plug that answers ${manners} is added, read and switched without waiting for anything`, async (t) => {
    const { odd, home, add } = await start(t, manners, 0, 1)
    const startedAt = performance.now()
    const [plug] = await add()
    assert.ok(plug)
    assert.equal(plug.reading?.powerMw, 12_345)
    assert.equal((await home.call<Plug>('POST', `/api/plugs/${plug.id}/switch`, { on: true })).on, true)
    assert.equal(odd.on, true)
    // The time limit of one question is 3 s: none of the five or more ran into it.
    assert.ok(performance.now() - startedAt < 2_900, 'something waited')
  })
}

const WORDS: readonly (readonly [Manners, RegExp])[] = [
  ['silent', /says nothing/],
  ['hangs-up', /hung up/],
  ['short', /hung up/],
  ['garbage', /not like a Kasa plug/],
  ['http', /not like a Kasa plug/],
  ['floods', /not like a Kasa plug/],
]

for (const [manners, words] of WORDS) {
  test(`a device that is ${manners} is refused in plain words and nothing is added`, async (t) => {
    const { home, add } = await start(t, manners)
    const memoryBefore = process.memoryUsage().arrayBuffers
    await assert.rejects(add(), (error) => {
      assert.ok(error instanceof LaresError)
      assert.equal(error.kind, 'unavailable')
      assert.match(error.message, words)
      return true
    })
    assert.ok(process.memoryUsage().arrayBuffers - memoryBefore < 16 * 1024 * 1024)
    assert.deepEqual(await home.plugs.list(), [])
  })
}

test('a closed port is told apart from nobody there', async (t) => {
  const { odd, home } = await start(t, 'good')
  await odd.stop()
  await assert.rejects(
    home.call('POST', '/api/plugs', { host: `127.30.3.1:${odd.port}` }),
    /does not listen on port 9999/,
  )
})

for (const host of [
  '8.8.8.8',
  '1.2.3.4:80',
  '[::1]',
  'http://127.0.0.1',
  'plug;rm',
  '127.0.0.1:99999',
  '256.1.1.1',
  '12345',
  '-x',
]) {
  test(`the address ${host} is refused before anything is sent`, async (t) => {
    const { home } = await start(t, 'good')
    await assert.rejects(home.call('POST', '/api/plugs', { host }), { kind: 'invalid' })
  })
}

test('a plug whose meter refuses is still a plug', async (t) => {
  const { add } = await start(t, 'refuses')
  const [plug] = await add()
  assert.ok(plug)
  assert.equal(plug.reachable, true)
  assert.equal(plug.reading, null)
})

test('a refused switch shows what is true and says so', async (t) => {
  const { odd, home, add } = await start(t, 'good')
  const [plug] = await add()
  assert.ok(plug)
  odd.manners = 'refuses'
  await assert.rejects(home.call('POST', `/api/plugs/${plug.id}/switch`, { on: true }), /refused/)
  assert.equal((await home.plugs.get(plug.id)).on, false)
})

test('a switch overtakes polls, and no two questions are ever open at once', async (t) => {
  const { odd, home, add } = await start(t, 'good', 20)
  const [plug] = await add()
  assert.ok(plug)
  const switches = [true, false, true].map((on) => home.call<Plug>('POST', `/api/plugs/${plug.id}/switch`, { on }))
  await Promise.all([...switches, add(), add()])
  assert.equal(odd.maxAtOnce, 1)
  assert.equal(odd.on, true)
})

test('switched at the wall: the next poll tells the app, an unchanged one does not', async (t) => {
  const { odd, home, add } = await start(t, 'good')
  const [plug] = await add()
  assert.ok(plug)
  const told = home.changes.length
  const polls = odd.commands.length
  await until('two more polls', () => odd.commands.length >= polls + 2)
  assert.equal(home.changes.length, told)
  odd.on = true
  await until('it is told', () => home.changes.at(-1)?.on === true)
  odd.powerMw = 60_000
  await until('the watts are told', () => home.changes.at(-1)?.reading?.powerMw === 60_000)
})
