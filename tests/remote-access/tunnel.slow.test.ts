import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { AddPeerReply, RemoteAccess } from '../../appliance/src/api/remote-access.ts'
import { createHttpsClient } from '../harness/https-client.ts'
import { repository, startProduct } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'
import { createNamespace, noNamespaces, plug, type Namespace } from '../../scripts/firewall/namespaces.ts'

const skip = noNamespaces('wg', 'wg-quick', 'wireguard-go', 'nft', 'curl')
const HOME = ['192.168.233.1', '192.168.233.20'] as const
const INTERNET = ['198.51.100.2', '198.51.100.1'] as const
const PORT = 51_933

/** A box in a home, and a phone on the other side of the internet. */
function buildNetwork(folder: string) {
  const [box, phone] = [createNamespace('box'), createNamespace('phone')]
  plug(null, box, [`${HOME[0]}/24`, `${HOME[1]}/24`])
  plug(phone, box, [`${INTERNET[0]}/24`, `${INTERNET[1]}/24`])
  // The firewall of the image: the tunnel has to come through it.
  box.must('nft', ['--file', join(repository, 'firmware-image/image/overlay/etc/nftables.conf')])
  const root = join(folder, 'root')
  mkdirSync(join(root, 'run'), { recursive: true })
  symlinkSync('/proc', join(root, 'proc'))
  return { box, phone, root }
}

/** In systemd's place: the same two acts on the same unit. */
function writeSystemctl(folder: string, root: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const conf = join(root, 'etc/wireguard/lares.conf')
  const lines = [
    '#!/bin/sh',
    `[ "$2" = wg-quick@lares.service ] || exit 9`,
    `echo "$1" >> ${join(folder, 'units')}`,
    `case "$1" in`,
    `restart) wg-quick down ${conf}; wg-quick up ${conf} ;;`,
    `stop) wg-quick down ${conf} ;;`,
    `esac </dev/null >${join(folder, 'wg-quick.log')} 2>&1`,
    '',
  ]
  writeFileSync(join(bin, 'systemctl'), lines.join('\n'))
  chmodSync(join(bin, 'systemctl'), 0o755)
  return bin
}

async function startAgent(box: Namespace, folder: string, root: string) {
  const socket = join(folder, 'host.sock')
  const script = fileURLToPath(new URL('agent-process.ts', import.meta.url))
  const path = `${writeSystemctl(folder, root)}:${process.env.PATH}:/usr/sbin`
  const agent = box.start(process.execPath, [script, root, socket], { PATH: path })
  agent.stderr?.pipe(process.stderr)
  await once(agent.stdout!, 'data')
  return { agent, socket }
}

/** What a person does with the QR picture. */
function connect(phone: Namespace, name: string, folder: string, config: string): void {
  const file = join(folder, `${name}.conf`)
  writeFileSync(file, config, { mode: 0o600 })
  // Its daemon keeps whatever it is given to print to.
  phone.must('sh', ['-c', `wg-quick up ${file} </dev/null >/dev/null 2>&1`])
}

const disconnect = (phone: Namespace, name: string, folder: string): void =>
  void phone.run('sh', ['-c', `wg-quick down ${join(folder, `${name}.conf`)} </dev/null >/dev/null 2>&1`])

async function answers(phone: Namespace, url: string, rootFile: string): Promise<boolean> {
  const { code, out } = await phone.runBeside('curl', ['-sS', '-m', '6', '--cacert', rootFile, url])
  return code === 0 && out.length > 0
}

test(
  'SEC-C6 a phone comes in through WireGuard with what the box made, and is shut out at once',
  { skip, timeout: 240_000 },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'lares-tunnel-'))
    const { box, phone, root } = buildNetwork(folder)
    const { agent, socket } = await startAgent(box, folder, root)
    const product = await startProduct({
      namespace: box.name,
      env: { LARES_HOST_SOCKET: socket },
      args: ['--host', '0.0.0.0', '--https-port', '443', '--http-port', '80'],
    })
    const rootFile = join(folder, 'root.pem')
    writeFileSync(rootFile, product.rootPem)
    const atHome = createServer((_, response) => response.end('a camera at home')).listen(0, HOME[0])
    await once(atHome, 'listening')
    const camera = `http://${HOME[0]}:${(atHome.address() as { port: number }).port}/`
    t.after(async () => {
      for (const name of ['anna', 'ben']) disconnect(phone, name, folder)
      await product.stop()
      box.run('ip', ['link', 'del', 'lares'])
      agent.kill()
      atHome.close()
      for (const each of [box, phone]) each.remove()
      rmSync(folder, { recursive: true, force: true })
    })

    const client = createHttpsClient(`https://${HOME[1]}`, product.rootPem)
    await setUpHome(client, product.setupCode!)
    const before = await client.must<RemoteAccess>('GET', '/api/remote-access')
    assert.deepEqual([before.on, before.way, before.state], [false, 'here', 'off'])
    const refused = await client.call('POST', '/api/remote-access/peers', { name: 'Anna', reach: 'box' })
    assert.match(refused.body.toString(), /REMOTE_OFF/)
    const on = { on: true, host: INTERNET[1], port: PORT, homeNetwork: `${HOME[0].replace(/1$/, '0')}/24` }
    const state = await client.must<RemoteAccess>('PUT', '/api/remote-access', on)
    assert.deepEqual([state.state, state.problem], ['running', null])
    assert.equal(statSync(join(root, 'etc/wireguard/lares.conf')).mode & 0o777, 0o600)

    const anna = await client.must<AddPeerReply>('POST', '/api/remote-access/peers', { name: 'Anna', reach: 'box' })
    assert.ok(!readFileSync(join(product.dataDir, 'lares.db')).includes(/PrivateKey = (.+)/.exec(anna.config)![1]!))
    connect(phone, 'anna', folder, anna.config)
    const app = `https://${state.address}/api/health`
    assert.equal(
      await answers(phone, app, rootFile),
      true,
      'the app, by its address in the tunnel, with the private root',
    )
    assert.equal(await answers(phone, `https://${HOME[1]}/api/health`, rootFile), true, 'and by its address at home')
    assert.equal(await answers(phone, camera, rootFile), false, 'nothing else at home')
    const seen = await client.must<RemoteAccess>('GET', '/api/remote-access')
    assert.ok(seen.peers[0]!.lastSeenAt! > Date.now() - 120_000 && seen.peers[0]!.receivedBytes! > 1_000)

    await t.test('a second phone, allowed into the home, cuts nobody off', async () => {
      const ben = await client.must<AddPeerReply>('POST', '/api/remote-access/peers', { name: 'Ben', reach: 'home' })
      disconnect(phone, 'anna', folder)
      connect(phone, 'ben', folder, ben.config)
      assert.equal(await answers(phone, camera, rootFile), true, 'the camera at home')
      assert.equal(await answers(phone, app, rootFile), true)
      assert.deepEqual(readFileSync(join(folder, 'units'), 'utf8').trim().split('\n'), ['restart'])
      disconnect(phone, 'ben', folder)
    })

    await t.test('a phone that was removed gets nothing, the other one goes on', async () => {
      const left = await client.must<RemoteAccess>('DELETE', `/api/remote-access/peers/${anna.peer.id}`)
      assert.deepEqual(
        left.peers.map(({ name }) => name),
        ['Ben'],
      )
      connect(phone, 'anna', folder, anna.config)
      assert.equal(await answers(phone, app, rootFile), false)
      disconnect(phone, 'anna', folder)
      const { entries } = await client.must<{ entries: { type: string }[] }>('GET', '/api/audit?limit=50')
      const types = entries.map(({ type }) => type)
      for (const type of ['remote_access_changed', 'remote_peer_added', 'remote_peer_removed'])
        assert.ok(types.includes(type), type)
    })

    await t.test('switched off, the port is shut and nothing is left', async () => {
      const off = await client.must<RemoteAccess>('PUT', '/api/remote-access', { ...on, on: false, host: null })
      assert.equal(off.state, 'off')
      assert.doesNotMatch(box.must('nft', ['list', 'tables']), /lares_remote/)
      assert.equal(existsSync(join(root, 'etc/wireguard/lares.conf')), false)
      assert.notEqual(box.run('ip', ['link', 'show', 'lares']).code, 0)
    })
  },
)
