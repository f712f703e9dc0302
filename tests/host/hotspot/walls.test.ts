import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, before, describe, test } from 'node:test'
import { hotspotRules } from '../../../appliance/src/host/hotspot/firewall.ts'

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))
const PORT = 8_085
const OWN = '10.42.0.1'
const have = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const [box, phone, street] = ['box', 'phone', 'street'].map((name) => `lares-${name}-${String(process.pid)}`) as [
  string,
  string,
  string,
]
const missing = process.getuid?.() !== 0 ? 'root' : ['nft', 'ip', 'curl'].find((program) => !have(program))
const skip = missing !== undefined && `skipped: needs ${missing}`

/** The box's own table, as the image has it: everything else is closed, the app is open. */
const OWN_TABLE = `table inet lares {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iif lo accept
    tcp dport { 80, 443 } accept
    meta mark 0x4c617265 accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    meta mark 0x4c617265 accept
    ct state established,related accept
  }
}
`
/** The product on 80 and 443 of every address, ssh, the page of the access point; names over UDP. */
const SERVERS = `
import { createServer } from 'node:http'
import { createSocket } from 'node:dgram'
const say = (words) => createServer((_, response) => response.end(words))
for (const port of [80, 443, 22, 8883]) say('product').listen(port, '0.0.0.0')
say('page').listen(${String(PORT)}, '${OWN}', () => process.stdout.write('ready'))
const echo = (port) => { const s = createSocket('udp4'); s.on('message', (m, from) => s.send('heard', from.port, from.address)); s.bind(port) }
echo(53); echo(5353)
`
const ASK_UDP = `
import { createSocket } from 'node:dgram'
const s = createSocket('udp4')
s.on('message', () => { process.stdout.write('heard'); s.close() })
s.send('x', Number(process.argv[1]), '${OWN}')
setTimeout(() => s.close(), 700)
`

const ip = (...words: string[]): void => {
  const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' })
  assert.equal(status, 0, `ip ${words.join(' ')}: ${stderr}`)
}
const within = (space: string, command: string, ...words: string[]) =>
  spawnSync('ip', ['netns', 'exec', space, command, ...words], { encoding: 'utf8' })
const get = (space: string, url: string): string => {
  const { status, stdout } = within(space, 'curl', '--silent', '--max-time', '2', '--noproxy', '*', url)
  return status === 0 ? stdout : `refused ${String(status)}`
}
const udp = (port: number): string =>
  within(phone, process.execPath, '--input-type=module', '-e', ASK_UDP, String(port)).stdout

describe('the walls around the access point', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lares-walls-'))
  let servers: ChildProcess

  before(async () => {
    for (const space of [box, phone, street]) {
      ip('netns', 'add', space)
      ip('-n', space, 'link', 'set', 'lo', 'up')
    }
    ip('link', 'add', 'wlan0', 'netns', box, 'type', 'veth', 'peer', 'name', 'phone0', 'netns', phone)
    ip('link', 'add', 'eth0', 'netns', box, 'type', 'veth', 'peer', 'name', 'street0', 'netns', street)
    for (const [space, device, address] of [
      [box, 'wlan0', `${OWN}/24`],
      [phone, 'phone0', '10.42.0.77/24'],
      [box, 'eth0', '192.0.2.1/24'],
      [street, 'street0', '192.0.2.9/24'],
    ] as const) {
      ip('-n', space, 'address', 'add', address, 'dev', device)
      ip('-n', space, 'link', 'set', device, 'up')
    }
    ip('-n', phone, 'route', 'add', 'default', 'via', OWN)
    ip('-n', street, 'route', 'add', 'default', 'via', '192.0.2.1')
    within(box, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1')
    writeFileSync(join(folder, 'own'), OWN_TABLE)
    assert.equal(within(box, 'nft', '-f', join(folder, 'own')).stderr, '')
    writeFileSync(join(folder, 'rules'), hotspotRules('wlan0', PORT))
    servers = spawn('ip', ['netns', 'exec', box, process.execPath, '--input-type=module', '-e', SERVERS], {
      cwd: REPOSITORY,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise<void>((resolve) => servers.stdout?.once('data', () => resolve()))
  })
  after(() => {
    servers.kill('SIGKILL')
    for (const space of [box, phone, street]) spawnSync('ip', ['netns', 'delete', space])
    rmSync(folder, { recursive: true, force: true })
  })

  test('a phone on it gets the page for the Wi-Fi wherever it knocks, addresses and names, and nothing else', () => {
    // Twice, as when the access point comes back after a try.
    for (let round = 0; round < 2; round += 1) assert.equal(within(box, 'nft', '-f', join(folder, 'rules')).stderr, '')
    assert.equal(get(phone, `http://${OWN}/`), 'page')
    assert.equal(get(phone, 'http://198.51.100.7/generate_204'), 'page')
    assert.equal(get(phone, 'http://192.0.2.1/'), 'page', 'the address of the cable is no way round it')
    for (const port of [443, 22, 8883]) {
      assert.equal(get(phone, `http://${OWN}:${String(port)}/`), 'refused 7', `port ${String(port)}, at once`)
      assert.equal(get(phone, `http://192.0.2.1:${String(port)}/`), 'refused 7')
    }
    assert.equal(udp(53), 'heard')
    assert.equal(udp(5353), '')
    assert.match(get(phone, 'http://192.0.2.9:443/'), /refused/, 'no way through the box')
  })

  test('whoever comes by the cable sees the product and not the page', () => {
    assert.equal(get(street, 'http://192.0.2.1/'), 'product')
    assert.equal(get(street, 'http://192.0.2.1:443/'), 'product')
    assert.match(get(street, `http://192.0.2.1:${String(PORT)}/`), /refused/)
    assert.match(get(street, `http://${OWN}:${String(PORT)}/`), /refused/)
  })

  test('when the access point goes, its walls go', () => {
    within(box, 'nft', 'delete', 'table', 'inet', 'lares_hotspot')
    assert.equal(get(phone, `http://${OWN}/`), 'product')
  })
})
