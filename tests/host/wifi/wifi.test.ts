import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  homeProfile,
  hotspotProfile,
  isCountry,
  passwordProblem,
  ssidProblem,
} from '../../../appliance/src/host/wifi/index.ts'
import { listNetworks } from '../../../appliance/src/host/wifi/networks.ts'
import { joinFailureOf } from '../../../appliance/src/host/wifi/nmcli.ts'
import { parseTerse } from '../../../appliance/src/host/wifi/terse.ts'

describe('what nmcli prints', () => {
  test('fields with colons and backslashes in them come back: 500 random rows', () => {
    let seed = 3
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 500; round += 1) {
      const row = Array.from({ length: 1 + next(4) }, () =>
        Array.from({ length: next(8) }, () => 'a:\\ é*'.charAt(next(6))).join(''),
      )
      const line = row.map((field) => field.replace(/[\\:]/g, '\\$&')).join(':')
      assert.deepEqual(parseTerse(line === '' ? 'x' : line), [line === '' ? ['x'] : row])
    }
  })

  test('one entry a name, strongest first, with what it takes to join', () => {
    const rows = parseTerse(
      'My\\: home:40:WPA2\nMy\\: home:72:WPA2\nCafe:60:\n:90:WPA2\nOffice:55:WPA2 802.1X\nOld:20:WEP\nNew:30:WPA3\nEnhanced:10:OWE\nbad\x07:99:\n',
    )
    assert.deepEqual(
      listNetworks(rows).map(({ ssid, strength, security }) => `${ssid} ${String(strength)} ${security}`),
      [
        'My: home 72 password',
        'Cafe 60 open',
        'Office 55 unsupported',
        'New 30 password',
        'Old 20 unsupported',
        'Enhanced 10 open',
      ],
    )
  })

  test('why joining failed, by its words', () => {
    assert.equal(
      joinFailureOf('Error: Connection activation failed: Secrets were required, but not provided'),
      'wrong-password',
    )
    assert.equal(
      joinFailureOf('Error: Connection activation failed: The Wi-Fi network could not be found'),
      'not-found',
    )
    assert.equal(
      joinFailureOf('IP configuration could not be reserved (no available address, timeout, etc.)'),
      'no-address',
    )
    assert.equal(joinFailureOf('Error: Timeout expired (60 seconds)'), 'failed')
  })
})

describe('a profile', () => {
  test('holds name and password so that nothing in them can become a line or a key of its own', () => {
    const text = homeProfile({ ssid: 'a;b\\[c]=ü', password: ' sp ace\\n[x]=# ', hidden: true }, 'u-1')
    assert.match(text, /^ssid=97;59;98;92;91;99;93;61;195;188;$/m)
    assert.match(text, /^psk=\\ssp\\sace\\\\n\[x\]=#\\s$/m)
    assert.match(text, /^hidden=true$/m)
    assert.doesNotMatch(text, /autoconnect=false/)
    assert.doesNotMatch(homeProfile({ ssid: 'open', password: null, hidden: false }, 'u-1'), /security|psk/)
  })

  test('of the access point asks for WPA2, gives addresses, and never comes up by itself', () => {
    const text = hotspotProfile({ ssid: 'Lares-12AB', password: 'k7qw-3htx-ma9d', device: 'wlan0', uuid: 'u-2' })
    for (const line of [
      'mode=ap',
      'key-mgmt=wpa-psk',
      'proto=rsn',
      'autoconnect=false',
      'method=shared',
      'psk=k7qw-3htx-ma9d',
    ])
      assert.match(text, new RegExp(`^${line}$`, 'm'))
  })

  test('what cannot be a name, a password or a country is said', () => {
    assert.equal(ssidProblem('ü'.repeat(16)), null)
    for (const bad of ['', 'ü'.repeat(17), 'a\nb', 'a\u0000']) assert.notEqual(ssidProblem(bad), null)
    for (const good of ['12345678', 'x'.repeat(63), 'a1'.repeat(32)]) assert.equal(passwordProblem(good), null)
    for (const bad of ['1234567', 'x'.repeat(64), 'ümlaut-ümlaut', 'tab\ttab\ttab'])
      assert.notEqual(passwordProblem(bad), null)
    assert.deepEqual(['DE', 'de', 'D', 'DEU', '00'].map(isCountry), [true, false, false, false, false])
  })
})
