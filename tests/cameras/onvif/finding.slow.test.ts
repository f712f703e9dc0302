import assert from 'node:assert/strict'
import { createServer, type Server, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import type { CameraScan, FoundCamera } from '../../../appliance/src/api/onvif.ts'
import { createOwnNetworks } from '../../../appliance/src/cameras/onvif/own-networks.ts'
import { CameraFinder } from '../../../appliance/src/cameras/finding/scan.ts'
import { makeProbes, readProbeMatch } from '../../../appliance/src/cameras/finding/ws-discovery.ts'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { drawnClip } from '../../fakes/clip.ts'
import { probeMatch } from '../../fakes/onvif/ws-responder.ts'
import { startRtspServer } from '../../fakes/rtsp-server.ts'
import { until } from '../box.ts'
import { lanOf, LO, startDevice } from './lan.ts'

const NO_PORTS = { rtsp: [9], web: [9] }

function finderOf(
  net: number,
  options: { ports?: { rtsp: number[]; web: number[] }; cameraAt?: string } = {},
): CameraFinder {
  return new CameraFinder({
    ...{ networks: createOwnNetworks(lanOf(net)), clock: systemClock, log: silentLog() },
    ports: options.ports ?? NO_PORTS,
    resolve: async (host) => (host === 'door.lan' ? [`127.${net}.0.200`] : [host]),
    cameraAt: (address) => (address === options.cameraAt ? 'the-one' : null),
  })
}

async function look(finder: CameraFinder, hosts: string[] = []): Promise<CameraScan> {
  const first = await finder.begin(hosts)
  assert.equal(first.state, 'running')
  return until('the look to end', () => (finder.read().state === 'running' ? null : finder.read()), 30_000)
}

async function listen(t: TestContext, host: string, onSocket: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  server.listen(0, host)
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  return (server.address() as { port: number }).port
}

describe('finding cameras', () => {
  it('finds one that answers the call, with maker and model, at its own address whatever it names', async (t) => {
    const camera = await startDevice('127.72.0.5', { discovery: {}, claims: '10.0.0.1:8080' })
    t.after(() => camera.stop())
    const scan = await look(finderOf(72, { cameraAt: '127.72.0.5' }))
    assert.deepEqual(scan.found, [
      {
        ...{ address: '127.72.0.5', how: 'onvif', onvif: 'http://127.72.0.5:8080/onvif/device_service' },
        ...{ rtspPort: null, httpPort: null, name: 'Fakecam FC-200', maker: 'Fakecam', model: 'FC-200' },
        cameraId: 'the-one',
      },
    ] satisfies FoundCamera[])
    assert.deepEqual([scan.state, scan.asked, scan.total, scan.networks], ['done', 13, 13, ['127.72.0.0/28']])
    assert.ok(camera.probes() >= 2, 'it was called, and asked by itself')
  })

  it('finds by their ports those that answer no call: ONVIF, RTSP, pictures over HTTP; no router, no silent port', async (t) => {
    const onvif = await startDevice('127.73.0.3')
    const rtsp = await startRtspServer({ file: await drawnClip(), host: '127.73.0.4' })
    t.after(() => Promise.all([onvif.stop(), rtsp.stop()]))
    const page = (title: string) => (socket: Socket) =>
      void socket.once('data', () => socket.end(`HTTP/1.0 200 OK\r\nServer: ${title}\r\n\r\n<html>`))
    const camPort = await listen(t, '127.73.0.5', page('IPCam 3.1'))
    const routerPort = await listen(t, '127.73.0.6', page('nginx'))
    const mutePort = await listen(t, '127.73.0.7', () => undefined)
    const chattyPort = await listen(t, '127.73.0.8', (socket) => void socket.write('X'.repeat(1_000_000)))
    const ports = { rtsp: [rtsp.port, mutePort], web: [onvif.port, camPort, routerPort, chattyPort] }
    const { found } = await look(finderOf(73, { ports }))
    assert.deepEqual(
      found.map(({ address, how, rtspPort, httpPort, name }) => [address, how, rtspPort, httpPort, name]),
      [
        ['127.73.0.3', 'onvif', null, onvif.port, ''],
        ['127.73.0.4', 'rtsp', rtsp.port, null, ''],
        ['127.73.0.5', 'http', null, camPort, 'IPCam 3.1'],
      ],
    )
    assert.deepEqual([...new Set(onvif.calls)], ['GetSystemDateAndTime'], 'nobody was signed in')
  })

  it('asks typed hosts besides, and refuses those that are none of the home', async (t) => {
    const camera = await startDevice('127.74.0.200', { discovery: { multicast: false } })
    t.after(() => camera.stop())
    const finder = finderOf(74)
    for (const host of ['8.8.8.8', '127.0.0.1', '127.74.0.1', 'nonsense'])
      await assert.rejects(finder.begin([host]), { kind: 'invalid' })
    assert.equal(finder.read().state, 'idle')
    const wide = new CameraFinder({
      ...{ networks: createOwnNetworks(lanOf(74, 21)), clock: systemClock, log: silentLog(), ports: NO_PORTS },
      ...{ resolve: async () => ['127.74.0.200'], cameraAt: () => null },
    })
    const scan = await look(wide, ['door.lan'])
    assert.deepEqual([scan.total, scan.tooLarge, scan.networks], [1, ['127.74.0.0/21'], []])
    assert.deepEqual(
      scan.found.map(({ address }) => address),
      ['127.74.0.200'],
    )
  })

  it('in a network too large to be asked one by one, the call alone finds it', async (t) => {
    const camera = await startDevice('127.79.0.9', { discovery: {} })
    t.after(() => camera.stop())
    const networks = createOwnNetworks(lanOf(79, 21))
    const finder = new CameraFinder({
      ...{ networks, clock: systemClock, log: silentLog(), ports: NO_PORTS },
      ...{ resolve: async () => [], cameraAt: () => null },
    })
    const scan = await look(finder)
    assert.deepEqual([scan.total, scan.found.map(({ address }) => address)], [0, ['127.79.0.9']])
  })

  it('one look serves all who ask, and stops at once', async () => {
    const finder = finderOf(75, { ports: { rtsp: [554], web: [80] } })
    const [first, second] = [await finder.begin([]), await finder.begin([])]
    assert.equal(first.startedAt, second.startedAt)
    const before = performance.now()
    await finder.stop()
    assert.ok(performance.now() - before < 2_000)
  })
})

describe('hostile answers to the call', () => {
  it('with other ids, other shapes, thousands of them: only honest ones count', async (t) => {
    const honestAt = '127.76.0.9'
    const bad: (string | Buffer)[] = [
      probeMatch('urn:uuid:00000000-0000-0000-0000-000000000000', fakeAt(honestAt)),
      '<!DOCTYPE a [<!ENTITY a "b">]><a>&a;</a>',
      Buffer.from([0xff, 0xfe, 0, 0]),
      '<a>'.repeat(300),
      '',
    ]
    const camera = await startDevice(honestAt, { discovery: { answer: () => bad } })
    t.after(() => camera.stop())
    assert.deepEqual((await look(finderOf(76))).found, [])
    assert.ok(camera.probes() > 0)
  })

  it('that come from the box itself or from elsewhere do not count', async (t) => {
    const elsewhere = await startDevice('127.78.0.40', { discovery: {} })
    t.after(() => elsewhere.stop())
    assert.deepEqual((await look(finderOf(78))).found, [], '127.78.0.40 is not in 127.78.0.0/28')
  })

  const ids = new Set(makeProbes().map(({ id }) => id))
  const [id = ''] = ids
  const read = (text: string): unknown => readProbeMatch(Buffer.from(text), ids)

  it('are read strictly', () => {
    const good = probeMatch(id, fakeAt('127.0.5.1'))
    assert.ok(read(good))
    assert.equal(read(good.replace('ProbeMatches</wsa:Action>', 'Hello</wsa:Action>')), null)
    assert.equal(read(good.replace('dn:NetworkVideoTransmitter', 'dn:Printer')), null)
    assert.equal(read(good.replace('http://127.0.5.1/x', 'file:///etc/passwd')), null)
    assert.equal(read(good.replace('</d:Scopes>', `${' x'.repeat(20_000)}</d:Scopes>`)), null)
  })

  it('show names as one short line', () => {
    const scopes = [
      'onvif://www.onvif.org/name/%3Cb%3EA%0A%E2%80%AEB',
      `onvif://www.onvif.org/hardware/${'x'.repeat(500)}`,
      'onvif://www.onvif.org/name/100%',
    ]
    const match = read(probeMatch(id, { ...fakeAt('127.0.5.1'), scopes })) as { name: string; model: string }
    assert.deepEqual([match.name, match.model.length], ['<b>A B', 64])
  })
})

describe('where cameras may be', () => {
  const networks = createOwnNetworks(() => ({
    lo: [{ ...LO, address: '127.0.0.1', internal: true, cidr: '127.0.0.1/8' }],
    eth0: [
      { ...LO, address: '192.168.1.5', internal: false, cidr: '192.168.1.5/24' },
      { ...LO, family: 'IPv6', address: 'fe80::5', internal: false, cidr: 'fe80::5/64', scopeid: 2 },
    ],
    wg0: [{ ...LO, address: '10.0.0.2', internal: false, cidr: '10.0.0.2/32' }],
    docker0: [{ ...LO, address: '172.17.0.1', internal: false, cidr: '172.17.0.1/16' }],
    wan: [{ ...LO, address: '84.1.2.3', internal: false, cidr: '84.1.2.3/24' }],
  }))

  it('own networks of at most /22 are asked address by address', () => {
    const found = networks.subnets().map(({ name, hosts, isTooLarge }) => [name, hosts.length, isTooLarge])
    assert.deepEqual(found, [
      ['192.168.1.0/24', 253, false],
      ['172.17.0.0/16', 0, true],
    ])
  })

  it('in the home, never the box itself, never loopback, never the internet', () => {
    const yes = ['192.168.1.6', '192.168.77.1', '10.0.0.1', 'fe80::6', 'fd00::1']
    const no = [
      '127.0.0.1',
      '127.9.9.9',
      '::1',
      '192.168.1.5',
      'fe80::5',
      'fe80:0:0::5',
      '::ffff:127.0.0.1',
      '8.8.8.8',
      '0.0.0.0',
      '224.0.0.1',
      '::ffff:8.8.8.8',
      'x',
      '',
    ]
    for (const address of yes) assert.ok(networks.mayReach(address), address)
    for (const address of no) assert.ok(!networks.mayReach(address), address)
  })
})

function fakeAt(address: string) {
  return { address, xaddrs: [`http://${address}/x`], scopes: [] as string[] }
}
