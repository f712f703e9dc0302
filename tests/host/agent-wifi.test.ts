import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { findFeatures } from '../../appliance/src/host/agent/features.ts'
import { createHandlers } from '../../appliance/src/host/agent/handlers.ts'
import { createAgentServer } from '../../appliance/src/host/agent/serve.ts'
import { wifiHandlers } from '../../appliance/src/host/agent/wifi.ts'
import { createHost } from '../../appliance/src/host/index.ts'
import { PROFILE_FOLDER } from '../../appliance/src/host/wifi/index.ts'
import { createNetwork } from '../../appliance/src/network/index.ts'
import type { RequestContext } from '../../appliance/src/http/index.ts'
import { makeNetworkManager } from '../fakes/network-manager.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-wifi-'))
const root = join(folder, 'root')
mkdirSync(join(root, 'nm'), { recursive: true })
const manager = makeNetworkManager(join(root, 'nm'))
const socketPath = join(folder, 'host.sock')
const ground = { clock: systemClock, log: silentLog(), root, features: ['wifi'] as const }
const handlers = { ...createHandlers(ground), ...wifiHandlers(ground, { nmcli: manager.nmcli, iw: manager.iw }) }
const server = createAgentServer({ ...ground, handlers, idleMs: 60_000, onIdle: () => undefined })
const host = createHost({ clock: systemClock, socketPath })
const recorded: unknown[] = []
const network = createNetwork({
  ...{ host, log: silentLog(), addresses: () => ['192.168.1.20'] },
  audit: { note: (event) => void recorded.push([event.type, event.details]) },
})
const request = { principal: null, address: '192.168.1.9', userAgent: 'test' } as RequestContext
const HOME = { ssid: 'My home', password: 'hunter22', hidden: false, country: 'DE' }

async function joined(): Promise<Awaited<ReturnType<typeof network.state>>> {
  for (;;) {
    const now = await network.state()
    if (now.joining === null) return now
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

before(() => new Promise<void>((resolve) => server.listen(socketPath, resolve)))
after(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

describe('Wi-Fi through the host agent', () => {
  test('is a feature of our own system where NetworkManager and a radio are', () => {
    const elsewhere = join(folder, 'elsewhere')
    assert.deepEqual(
      findFeatures(elsewhere).filter((each) => each === 'wifi'),
      [],
    )
    mkdirSync(join(elsewhere, 'usr/bin'), { recursive: true })
    writeFileSync(join(elsewhere, 'usr/bin/nmcli'), '')
    assert.deepEqual(
      findFeatures(elsewhere).filter((each) => each === 'wifi'),
      [],
    )
    mkdirSync(join(elsewhere, 'sys/class/net/wlan0/phy80211'), { recursive: true })
    assert.deepEqual(
      findFeatures(elsewhere).filter((each) => each === 'wifi'),
      [],
      'somebody else’s machine',
    )
    mkdirSync(join(elsewhere, 'usr/share/lares'), { recursive: true })
    writeFileSync(join(elsewhere, 'usr/share/lares/image-version'), '0.1.0')
    assert.deepEqual(
      findFeatures(elsewhere).filter((each) => each === 'wifi'),
      ['wifi'],
    )
  })

  test('on a machine where Lares is a guest, networks are not ours', async () => {
    assert.equal((await network.state()).wifi, 'elsewhere')
    await assert.rejects(network.scan(), { kind: 'unsupported' })
    await assert.rejects(network.join(HOME, request), { kind: 'unsupported' })
    assert.deepEqual(recorded, [])
  })

  test('on our own system: hears, joins, says what came of it, goes back, forgets only with a cable', async () => {
    mkdirSync(join(root, 'usr/share/lares'), { recursive: true })
    writeFileSync(join(root, 'usr/share/lares/image-version'), '0.1.0\n')
    manager.setScan(['My home:72:WPA2'])
    manager.setReachable('My home', 'hunter22')
    const heard = await network.scan()
    assert.deepEqual(heard.networks, [{ ssid: 'My home', strength: 72, security: 'password' }])
    assert.ok(['DE', 'US', 'JP'].every((code) => heard.countries.includes(code)))
    assert.equal((await network.state()).country, null)
    const answer = await network.join(HOME, request)
    assert.equal(answer.joining, 'My home')
    await assert.rejects(network.join(HOME, request), { kind: 'conflict' })
    const now = await joined()
    assert.deepEqual(now, {
      ...{ wifi: 'here', addresses: ['192.168.1.20'], wired: false, known: 'My home', joining: null, country: 'DE' },
      ...{ current: { ssid: 'My home', strength: 71 }, lastJoin: { ssid: 'My home', failure: null } },
    })
    assert.ok(manager.calls().includes('iw reg set DE'), 'the radio keeps its rules from now on')
    await network.join({ ...HOME, password: 'wrong-password', country: null }, request)
    assert.deepEqual((await joined()).lastJoin, { ssid: 'My home', failure: 'wrong-password' })
    assert.equal((await network.state()).current?.ssid, 'My home', 'back where it was')
    assert.equal((await network.state()).country, 'DE', 'as it was told before')
    assert.equal(readdirSync(join(root, PROFILE_FOLDER)).length, 1)
    await assert.rejects(network.forget(request), { kind: 'conflict' })
    manager.setWired(true)
    assert.equal((await network.forget(request)).known, null)
    assert.deepEqual(readdirSync(join(root, PROFILE_FOLDER)), [])
    assert.deepEqual(
      recorded,
      [['join'], ['join'], ['forget']].map(([what]) => ['network_changed', { what }]),
    )
    assert.doesNotMatch(manager.calls().join('\n'), /hunter22|wrong-password/)
  })

  test('the agent believes nothing: names, passwords and countries are checked again', async () => {
    for (const wrong of [
      { ...HOME, ssid: 'a\nb' },
      { ...HOME, ssid: '' },
      { ...HOME, password: 'short' },
      { ...HOME, country: 'DE; reboot' },
    ])
      await assert.rejects(host.call('wifi.join', wrong), { kind: 'invalid' })
    await assert.rejects(host.call('wifi.join', { ...HOME, file: '/etc/passwd' } as never), { kind: 'invalid' })
    assert.doesNotMatch(manager.calls().join('\n'), /reboot/)
  })
})
