import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { endpointHost } from '../../appliance/src/api/remote-access.ts'
import { WireguardSetup } from '../../appliance/src/host/protocol/wireguard.ts'
import { firewallText, parseDump, wgQuickText } from '../../appliance/src/host/agent/wireguard-files.ts'
import { newKeys, newPresharedKey, publicKeyOf } from '../../appliance/src/remote-access/keys.ts'
import {
  freePeerAddress,
  freeTunnelAddress,
  homeNetworksOf,
  overlap,
  takenNetworks,
  tunnelNetwork,
} from '../../appliance/src/remote-access/networks.ts'
import { phoneConfigText, serverConfigText } from '../../appliance/src/remote-access/wireguard-config.ts'

const at = (cidr: string, internal = false) => [{ family: 'IPv4' as const, internal, cidr }]
const HOME = {
  lo: at('127.0.0.1/8', true),
  eth0: at('192.168.1.20/24'),
  docker0: at('172.17.0.1/16'),
  lares: at('10.99.3.1/24'),
}

describe('SEC-C6 the network of the tunnel', () => {
  test('lies where none of this machine’s networks is, wherever chance begins', () => {
    for (let seed = 0; seed < 191; seed++) {
      const taken = ['10.64.0.0/10', '10.128.0.0/11', '192.168.0.0/16']
      const address = freeTunnelAddress(taken, (below) => seed % below)
      assert.ok(!taken.some((network) => overlap(network, tunnelNetwork(address))), address)
      assert.match(address, /^10\.\d+\.\d+\.1$/)
    }
  })

  test('is drawn: two boxes seldom share one', () => {
    assert.ok(new Set(Array.from({ length: 40 }, () => freeTunnelAddress([]))).size > 30)
  })

  test('knows what is a network at home, what is one of containers, and its own', () => {
    assert.deepEqual(homeNetworksOf(HOME), ['192.168.1.0/24'])
    assert.deepEqual(takenNetworks(HOME), ['192.168.1.0/24', '172.17.0.0/16'])
    assert.equal(tunnelNetwork('10.99.3.1'), '10.99.3.0/24')
  })

  test('gives each phone an address of its own, and a removed one’s again', () => {
    assert.equal(freePeerAddress('10.99.3.1', []), '10.99.3.2')
    assert.equal(freePeerAddress('10.99.3.1', ['10.99.3.2', '10.99.3.4']), '10.99.3.3')
    const all = Array.from({ length: 250 }, (_, index) => `10.99.3.${index + 2}`)
    assert.equal(freePeerAddress('10.99.3.1', all), null)
  })
})

describe('SEC-C6 keys', () => {
  test('are what wg itself would make of them', (t) => {
    const { privateKey, publicKey } = newKeys()
    assert.equal(publicKeyOf(privateKey), publicKey)
    const { stdout, error } = spawnSync('wg', ['pubkey'], { input: privateKey, encoding: 'utf8' })
    if (error) return t.skip('skipped: wireguard-tools are not installed')
    assert.equal(stdout.trim(), publicKey)
  })
})

const setup = (): WireguardSetup => ({
  ...{ privateKey: newKeys().privateKey, address: '10.99.3.1', listenPort: 51_820, appPorts: [443, 80] },
  homeNetworks: ['192.168.1.0/24'],
  peers: [
    { publicKey: newKeys().publicKey, presharedKey: newPresharedKey(), address: '10.99.3.2', reach: 'box' },
    { publicKey: newKeys().publicKey, presharedKey: newPresharedKey(), address: '10.99.3.3', reach: 'home' },
  ],
})

describe('SEC-C6 what the host agent is told', () => {
  test('is taken when it is right', () => {
    assert.equal(WireguardSetup.safeParse(setup()).success, true)
  })

  test('is refused when anything in it could be a line of its own', () => {
    const good = setup()
    const [peer] = good.peers
    const evil = '\nPostUp = touch /tmp/owned'
    const wrong: unknown[] = [
      { ...good, privateKey: good.privateKey + evil },
      { ...good, address: `10.99.3.1${evil}` },
      { ...good, address: '8.8.8.8' },
      { ...good, listenPort: `51820${evil}` },
      { ...good, listenPort: 0 },
      { ...good, postUp: 'id' },
      { ...good, homeNetworks: [`192.168.1.0/24 } accept; ${evil}`] },
      { ...good, homeNetworks: ['192.168.1.0/33'] },
      { ...good, appPorts: [] },
      { ...good, peers: [{ ...peer, publicKey: `${peer?.publicKey}${evil}` }] },
      { ...good, peers: [{ ...peer, presharedKey: null }] },
      { ...good, peers: [{ ...peer, address: `10.99.3.2/0${evil}` }] },
      { ...good, peers: [{ ...peer, reach: 'internet' }] },
    ]
    for (const one of wrong) assert.equal(WireguardSetup.safeParse(one).success, false, JSON.stringify(one))
  })

  test('becomes files without one word that was not ours', () => {
    assert.doesNotMatch(wgQuickText(setup()), /Post|Pre(Up|Down)|SaveConfig|DNS/)
    const rules = firewallText({ ...setup(), peers: [] })
    assert.match(rules, /udp dport 51820 meta mark set 0x4c617265/)
    assert.doesNotMatch(rules, /masquerade/)
    assert.match(firewallText(setup()), /ip saddr { 10\.99\.3\.3 } ip daddr { 192\.168\.1\.0\/24 } .*masquerade/)
  })

  test('answers with what wg prints, and never with a private key', () => {
    const dump =
      'PRIV=\tPUB=\t51820\toff\nA=\tP=\t1.2.3.4:5\t10.99.3.2/32\t1700000000\t10\t20\toff\nB=\tP=\t(none)\t10.99.3.3/32\t0\t0\t0\toff\n'
    assert.deepEqual(parseDump(dump), [
      { publicKey: 'A=', lastHandshakeS: 1_700_000_000, receivedBytes: 10, sentBytes: 20 },
      { publicKey: 'B=', lastHandshakeS: null, receivedBytes: 0, sentBytes: 0 },
    ])
    assert.deepEqual(parseDump('PRIV=\tPUB=\t51820\toff\n'), [])
  })
})

describe('SEC-C6 what is written for phones and other machines', () => {
  test('an address of six groups stands in brackets', () => {
    const phone = { privateKey: 'a', presharedKey: 'b', address: '10.99.3.2', serverPublicKey: 'c', through: ['x'] }
    assert.match(phoneConfigText({ ...phone, host: '2001:db8::7', port: 1 }), /^Endpoint = \[2001:db8::7\]:1$/m)
  })

  test('the name of a phone cannot begin a line', () => {
    const peer = { ...setup().peers[0]!, name: 'Anna\nPostUp = id' }
    const text = serverConfigText({ privateKey: 'a', address: '10.99.3.1', port: 1, peers: [peer] })
    assert.doesNotMatch(text, /^PostUp/m)
  })

  test('where the home is found is a name or an address and nothing else', () => {
    for (const host of ['home.example.org', '203.0.113.7', '2001:db8::7', 'a-b.dyndns.org'])
      assert.equal(endpointHost.safeParse(host).success, true, host)
    for (const host of [
      '',
      'home',
      'x y.org',
      'home.example.org:51820',
      'a.org\nPostUp = id',
      '-a.org',
      '1.2.3',
      '300.1.1.1',
    ])
      assert.equal(endpointHost.safeParse(host).success, false, host)
  })
})
