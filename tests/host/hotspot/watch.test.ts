import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { createAccessPoint } from '../../../appliance/src/host/hotspot/access-point.ts'
import { createFirewall } from '../../../appliance/src/host/hotspot/firewall.ts'
import { createRadio } from '../../../appliance/src/host/hotspot/radio.ts'
import type { Phase } from '../../../appliance/src/host/hotspot/types.ts'
import { watchNetwork } from '../../../appliance/src/host/hotspot/watch.ts'
import { createHomeWifi, createNmcli, PROFILE_FOLDER, setCountry } from '../../../appliance/src/host/wifi/index.ts'
import { createHastyClock } from '../../fakes/hasty-clock.ts'
import { makeNetworkManager } from '../../fakes/network-manager.ts'

const FASTER = 100
const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** A box without a network: its NetworkManager, its watch, and a phone at its access point. */
async function makeBox() {
  const root = mkdtempSync(join(tmpdir(), 'lares-hotspot-'))
  folders.push(root)
  mkdirSync(join(root, 'nm'))
  const manager = makeNetworkManager(join(root, 'nm'))
  manager.setScan(['My home:72:WPA2', 'Cafe:40:'])
  manager.setReachable('My home', 'hunter22')
  // Programs get their real time: only waiting is quick.
  const clock = createHastyClock(FASTER)
  const ground = {
    device: 'wlan0',
    root,
    clock,
    log: silentLog(),
    nmcli: createNmcli({ clock: systemClock, log: silentLog(), command: manager.nmcli }),
  }
  const port = await freePort()
  const point = createAccessPoint({
    ...{
      ...ground,
      ssid: 'Lares-12AB',
      password: 'k7qw-3htx-ma9d',
      firewall: createFirewall({ ...ground, clock: systemClock, command: manager.nft }),
    },
    listen: { host: '127.0.0.1', port },
  })
  const phases: Phase[] = []
  const waiting: { phase: Phase; resolve(): void }[] = []
  const ending = new AbortController()
  const start = (): Promise<void> =>
    watchNetwork({
      ...{
        radio: createRadio({ ...ground, clock: systemClock, iwCommand: manager.iw }),
        point,
        clock,
        log: silentLog(),
        signal: ending.signal,
      },
      async onPhase(phase) {
        phases.push(phase)
        waiting.filter((each) => each.phase === phase).forEach(({ resolve }) => resolve())
      },
    })
  const until = (phase: Phase): Promise<void> => new Promise((resolve) => waiting.push({ phase, resolve }))
  return { root, manager, ground, port, phases, start, until, end: () => ending.abort() }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

interface Page {
  status: number
  body: string
}

function ask(port: number, path: string, form?: Record<string, string>): Promise<Page> {
  const body = form && new URLSearchParams(form).toString()
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const outgoing = request({ port, path, method, host: '127.0.0.1', headers: { Host: '10.42.0.1' } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    outgoing.once('error', reject).end(body)
  })
}

const tokenOf = ({ body }: Page): string => /name="token" value="([^"]+)"/.exec(body)?.[1] ?? ''

async function send(port: number, form: Record<string, string>): Promise<Page> {
  return ask(port, '/join', { country: 'DE', ...form, token: tokenOf(await ask(port, '/')) })
}

describe('the watch for a network', () => {
  test('a cable that works by itself: no access point, no scan', async () => {
    const { manager, start, phases } = await makeBox()
    manager.setWired(true)
    await start()
    assert.deepEqual(phases, ['waiting', 'done'])
    assert.doesNotMatch(manager.calls().join('\n'), /connection up|wifi list|nft/)
  })

  test('no network: access point, a wrong password is said on the page, the right one ends it', async () => {
    const { root, manager, start, until, port, phases } = await makeBox()
    let open = until('open')
    const done = start()
    await open
    assert.match((await ask(port, '/')).body, /My home.*strong/s)
    assert.match(readFileSync(join(root, 'nm/rules'), 'utf8'), /iifname "wlan0" jump from_phone/)
    open = until('open')
    assert.equal((await send(port, { network: 'ssid:My home', password: 'wrong-password' })).status, 200)
    await open
    const again = await ask(port, '/')
    assert.match(again.body, /My home did not accept the password/)
    assert.doesNotMatch(again.body, /wrong-password/)
    await send(port, { network: 'ssid:My home', password: 'hunter22' })
    await done
    assert.deepEqual(phases, ['waiting', 'open', 'joining', 'open', 'joining', 'done'])
    const calls = manager.calls()
    assert.ok(calls.includes('iw reg set DE'))
    assert.equal(calls.at(-1), 'nft delete table inet lares_hotspot')
    assert.doesNotMatch(calls.join('\n'), /hunter22|wrong-password/, 'no password among arguments')
    const kept = readdirSync(join(root, PROFILE_FOLDER))
    assert.equal(kept.length, 1, 'the one that works, and no trial')
    const file = join(root, PROFILE_FOLDER, kept[0]!)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.match(readFileSync(file, 'utf8'), /psk=hunter22/)
    assert.doesNotMatch(readFileSync(file, 'utf8'), /autoconnect=false/)
    assert.equal(existsSync(join(root, 'run/NetworkManager/system-connections/lares-hotspot.nmconnection')), false)
    await assert.rejects(ask(port, '/'), 'the page is gone with its network')
  })

  test('a network that is typed, not heard, is looked for as a hidden one', async () => {
    const { manager, root, start, until, port } = await makeBox()
    manager.setReachable('Attic', null)
    const open = until('open')
    const done = start()
    await open
    await send(port, { network: 'other', name: ' Attic ', password: '' })
    await done
    const [file] = readdirSync(join(root, PROFILE_FOLDER))
    assert.match(readFileSync(join(root, PROFILE_FOLDER, file!), 'utf8'), /hidden=true/)
  })

  test('the country that stands on the card is chosen already; without one it asks', async () => {
    for (const [told, chosen] of [
      ['AT', ['AT']],
      [null, []],
    ] as const) {
      const { manager, ground, start, until, port } = await makeBox()
      if (told !== null) await setCountry(told, { ...ground, command: manager.iw })
      const open = until('open')
      const done = start()
      await open
      const { body } = await ask(port, '/')
      assert.deepEqual(
        [...body.matchAll(/<option value="([A-Z]{2})" selected>/g)].map(([, code]) => code),
        chosen,
      )
      assert.match((await send(port, { network: 'ssid:Cafe', country: '' })).body, /say which country the box is in/)
      manager.setWired(true)
      await done
    }
  })

  test('a cable that is plugged in meanwhile ends it', async () => {
    const { manager, start, until, phases } = await makeBox()
    const open = until('open')
    const done = start()
    await open
    manager.setWired(true)
    await done
    assert.deepEqual(phases, ['waiting', 'open', 'done'])
    assert.equal(manager.profiles().length, 0)
  })

  test('a box that knows its Wi-Fi waits longer, tries it again while nobody uses the page, and gets in', async () => {
    const { manager, ground, start, until, phases } = await makeBox()
    await createHomeWifi(ground).join({ ssid: 'My home', password: 'hunter22', hidden: false })
    // The power is back, the router is not.
    manager.setReachable('Elsewhere', 'x')
    await createHomeWifi(ground).rejoin()
    const startedAt = ground.clock.monotonic()
    const open = until('open')
    const done = start()
    await open
    assert.ok(ground.clock.monotonic() - startedAt >= 255_000, 'four minutes for the router')
    manager.setReachable('My home', 'hunter22')
    await done
    assert.deepEqual(phases, ['waiting', 'open', 'joining', 'done'])
  })

  test('a radio that is no access point is tried again, with a pause, and nothing of it stays', async () => {
    const { manager, start, end } = await makeBox()
    manager.refuseAccessPoint(true)
    const done = start()
    while (manager.calls().filter((call) => /nft delete/.test(call)).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20))
    end()
    await done
    assert.equal(manager.profiles().length, 0)
  })
})
