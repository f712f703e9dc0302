import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readNetworkConfig, readUserData } from '../../../appliance/src/host/first-boot/cloud-init.ts'
import { FileProblem } from '../../../appliance/src/host/first-boot/file-problem.ts'
import { readImagerToml, readLaresToml } from '../../../appliance/src/host/first-boot/lares-toml.ts'
import { readFiles } from '../../../appliance/src/host/first-boot/read-files.ts'
import { parseToml } from '../../../appliance/src/host/first-boot/toml.ts'
import { withoutWifi } from '../../../appliance/src/host/first-boot/without-wifi.ts'

const KEY = `ssh-ed25519 ${'A'.repeat(68)} anna@laptop`

const WHOLE = `# What my box should know
hostname = "Kitchen"
timezone = "Europe/Berlin"   # ours
ssh_key = "${KEY}"
data_encryption = "usb-key"

[wifi]
ssid = "Müller's \\"WLAN\\" #1"
psk = 'p\\ss = "word"'
country = "de"
hidden = true
`

/** What is wrong, with its line. */
function problemOf(read: (text: string) => unknown, text: string): string {
  try {
    read(text)
  } catch (error) {
    if (error instanceof FileProblem) return `${String(error.line)}: ${error.message}`
    throw error
  }
  return 'nothing'
}

describe('lares.toml', () => {
  test('says everything that a box can be told', () => {
    assert.deepEqual(readLaresToml(WHOLE), {
      wifi: { ssid: 'Müller\'s "WLAN" #1', password: 'p\\ss = "word"', hidden: true },
      ...{ country: 'DE', hostname: 'kitchen', timezone: 'Europe/Berlin', sshKeys: [KEY], dataEncryption: 'usb-key' },
      keepPassword: false,
    })
    assert.deepEqual(readLaresToml(''), { keepPassword: false })
    assert.deepEqual(readLaresToml(WHOLE.replaceAll('\n', '\r\n')), readLaresToml(WHOLE))
    assert.deepEqual(readLaresToml('\uFEFFhostname = "x"\n'), { hostname: 'x', keepPassword: false })
    const open = readLaresToml('[wifi]\nssid = "Guests"\nkeep_psk = true\n')
    assert.deepEqual(open, { wifi: { ssid: 'Guests', password: null, hidden: false }, keepPassword: true })
  })

  test('a mistake is named with its line, and its value is not', () => {
    const cases: [string, RegExp][] = [
      ['hostname = kitchen', /^1: The value needs quotes/],
      ['\n\nhostnme = "x"', /^3: Nothing here is called hostnme/],
      ['[wifi]\nssid = "a"\npsk = "short-1"', /^3: .*8 to 63/],
      ['[wifi]\npsk = "long enough"', /^2: .*ssid.* is missing/],
      ['[wifi]\nssid = "' + 'ü'.repeat(17) + '"', /^2: .*too long/],
      ['[wifi]\nssid = "a\\nb"', /^2: .*character/],
      ['[wifi]\nssid = "a"\npsk = "pässword"', /^3: .*without accents/],
      ['[wifi]\nssid = "a\npsk = "x"', /^2: The quotes are not closed/],
      ['[wifi]\ncountry = "Germany"', /^2: .*two letters/],
      ['[wifi]\nhidden = "yes"', /^2: .*true or false/],
      ['hostname = "a b"', /^1: .*letters, digits and dashes/],
      ['timezone = "../../etc/passwd"', /^1: .*Europe\/Berlin/],
      ['ssh_key = "ssh-ed25519 short"', /^1: An ssh key/],
      ['ssh_key = "ssh-ed25519 ' + 'A'.repeat(60) + '\\ncommand"', /^1: An ssh key/],
      ['data_encryption = "yes"', /^1: data_encryption/],
      ['hostname = "a"\nhostname = "b"', /^2: This is said twice/],
      ['hostname = "a" "b"', /^1: There is something after/],
      ['ssh_key = [\n"a",', /^1: The list has no end/],
      ['just words', /^1: A = is missing here/],
    ]
    for (const [text, words] of cases) assert.match(problemOf(readLaresToml, text), words, text)
    assert.doesNotMatch(problemOf(readLaresToml, '[wifi]\nssid = "a"\npsk = "geheim1"'), /geheim/)
  })

  test('whatever is written as TOML comes back: 500 random texts in both kinds of quotes', () => {
    const letters = 'aZ0 \\"\'#=[]\t,äß€😀\n\r'
    let seed = 7
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 500; round += 1) {
      const value = Array.from({ length: next(30) }, () => [...letters][next([...letters].length)]).join('')
      const quoted = JSON.stringify(value)
      assert.deepEqual(parseToml(`k = ${quoted} # c`), [{ table: '', key: 'k', value, line: 1 }])
      if (!/['\n\r]/.test(value)) assert.equal(parseToml(`k='${value}'`)[0]?.value, value)
      assert.deepEqual(parseToml(`k = [${quoted}, # c\n ${quoted},\n]`)[0]?.value, [value, value])
    }
  })

  test('no text makes it do anything but answer or name a line', () => {
    let seed = 11
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 2_000; round += 1) {
      const bytes = [...WHOLE]
      for (let hit = 0; hit < 4; hit += 1) bytes.splice(next(bytes.length), next(3), String.fromCharCode(next(128)))
      const text = bytes.join('')
      for (const read of [
        readLaresToml,
        readImagerToml,
        readNetworkConfig,
        (all: string) => readUserData(`#cloud-config\n${all}`),
      ])
        assert.match(problemOf(read, text), /^(nothing|\d+: .|null: .)/)
    }
  })
})

describe('what Raspberry Pi Imager writes', () => {
  test('custom.toml: name, Wi-Fi, time zone and key; the user is nothing of ours', () => {
    const text = `config_version = 1

[system]
hostname = "attic"
[user]
name = "anna"
password = "$5$salt$hash"
password_encrypted = true
[ssh]
enabled = true
authorized_keys = [ "${KEY}" ]
[wlan]
ssid = "My home"
password = "${'a1'.repeat(32)}"
password_encrypted = true
hidden = false
country = "GB"
[locale]
keymap = "gb"
timezone = "Europe/London"
`
    assert.deepEqual(readImagerToml(text), {
      wifi: { ssid: 'My home', password: 'a1'.repeat(32), hidden: false },
      ...{ country: 'GB', hostname: 'attic', timezone: 'Europe/London', sshKeys: [KEY], keepPassword: false },
    })
  })

  test('network-config and user-data of cloud-init', () => {
    const network = `network:
  version: 2
  wifis:
    renderer: networkd
    wlan0:
      dhcp4: true
      regulatory-domain: "NL"
      access-points:
        "My: home 'x'":
          password: "pass # word"
          hidden: true
      optional: true
`
    const wifi = { ssid: "My: home 'x'", password: 'pass # word', hidden: true }
    assert.deepEqual(readNetworkConfig(network), { wifi, country: 'NL', keepPassword: false })
    const older = network
      .split('\n')
      .slice(1)
      .map((line) => line.slice(2))
      .join('\n')
    assert.deepEqual(readNetworkConfig(older), readNetworkConfig(network))
    assert.deepEqual(readNetworkConfig('version: 2\nethernets:\n  eth0:\n    dhcp4: true\n'), { keepPassword: false })
    const user = `#cloud-config
hostname: attic
manage_etc_hosts: true
apt:
  conf: |
    Acquire {
      Check-Date "false";
    };
timezone: Europe/Amsterdam
users:
- name: anna
  groups: users,adm
  ssh_authorized_keys:
    - ${KEY}
  sudo: ALL=(ALL) NOPASSWD:ALL
runcmd:
- [ rfkill, unblock, wifi ]
- sh -c "for f in /x; do echo > $f; done"
`
    assert.deepEqual(readUserData(user), {
      ...{ hostname: 'attic', timezone: 'Europe/Amsterdam', sshKeys: [KEY], keepPassword: false },
    })
    assert.deepEqual(readUserData('#!/bin/sh\nrm -rf /\n'), { keepPassword: false })
    assert.match(problemOf(readNetworkConfig, 'wifis:\n\twlan0:\n'), /^2: .*by spaces/)
    assert.match(problemOf(readNetworkConfig, 'wifis:\n  wlan0: "x\n'), /^2: The quotes/)
  })

  test('with a mistake in one of two files neither counts', () => {
    const files = [
      { name: 'network-config', bytes: Buffer.from('wifis:\n\twlan0:\n') },
      { name: 'user-data', bytes: Buffer.from('#cloud-config\nhostname: attic\n') },
    ]
    const { wishes, problems } = readFiles(files)
    assert.deepEqual(wishes, { keepPassword: false })
    assert.deepEqual(
      problems.map(({ file, line }) => [file, line]),
      [['network-config', 2]],
    )
    const utf16 = { name: 'lares.toml', bytes: Buffer.from('\uFEFFhostname = "x"', 'utf16le') }
    assert.deepEqual(readFiles([utf16]).wishes, { hostname: 'x', keepPassword: false })
    const latin = { name: 'lares.toml', bytes: Buffer.from('hostname = "\xfc"', 'latin1') }
    assert.match(readFiles([latin]).problems[0]?.words ?? '', /UTF-8/)
  })
})

describe('taking the password off the card', () => {
  test('byte for byte as long, the rest untouched, and nothing left to find', () => {
    const bytes = Buffer.from(WHOLE)
    const cleaned = withoutWifi('lares.toml', bytes)!
    assert.equal(cleaned.length, bytes.length)
    assert.doesNotMatch(cleaned.toString(), /word|WLAN|psk/)
    const { wifi, country, ...rest } = readLaresToml(WHOLE)
    assert.ok(wifi && country)
    assert.deepEqual(readLaresToml(cleaned.toString()), rest)
    const network = Buffer.from('wifis:\n  wlan0:\n    access-points:\n      a:\n        password: "geheim123"\n')
    const emptied = withoutWifi('network-config', network)!
    assert.equal(emptied.length, network.length)
    assert.deepEqual(readNetworkConfig(emptied.toString()), { keepPassword: false })
    assert.equal(withoutWifi('user-data', Buffer.from('#cloud-config\n')), null)
    assert.equal(withoutWifi('lares.toml', Buffer.from('hostname = "x"\n')), null)
  })
})
