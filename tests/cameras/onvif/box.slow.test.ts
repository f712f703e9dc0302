// Finding, signing in and adding through the box's own door; the fake camera's stream is a real one.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Camera } from '../../../appliance/src/api/cameras.ts'
import type { CameraScan, OnvifReply } from '../../../appliance/src/api/onvif.ts'
import { drawnClip } from '../../fakes/clip.ts'
import type { FakeDevice } from '../../fakes/onvif/device.ts'
import { startRtspServer, type RtspServer } from '../../fakes/rtsp-server.ts'
import { person, tokenOf } from '../../http/harness.ts'
import { startBox, until, untilState, type Box } from '../box.ts'
import { lanOf, startDevice, twoProfiles } from './lan.ts'

const HOST = '127.83.0.10'
const LOGIN = { username: 'admin', password: 'pä$$ <&>"word' }
let [box, device, rtsp] = [{} as Box, {} as FakeDevice, {} as RtspServer]

before(async () => {
  rtsp = await startRtspServer({ file: await drawnClip(), host: HOST, ...LOGIN })
  device = await startDevice(HOST, { discovery: {}, profiles: twoProfiles(rtsp.url) })
  box = await startBox({ cameras: { interfaces: lanOf(83), cameraPorts: { rtsp: [rtsp.port], web: [device.port] } } })
})
after(async () => {
  await box.remove()
  await device.stop()
  await rtsp.stop()
})

const post = async (path: string, send: object) => box.ask(path, { method: 'POST', send })
const scanned = async (): Promise<CameraScan> =>
  (await box.ask('/api/cameras/discover')).json() as unknown as CameraScan

describe('from an empty box to a camera that was found', () => {
  let [signedIn, camera] = [{} as Extract<OnvifReply, { ok: true }>, {} as Camera]

  it('looks through the home, with progress, and finds it', async () => {
    assert.equal((await scanned()).state, 'idle')
    const begun = (await post('/api/cameras/discover', {})).json() as unknown as CameraScan
    assert.equal(begun.state, 'running')
    const scan = await until('the end of the look', async () => {
      const now = await scanned()
      return now.state === 'done' ? now : null
    })
    assert.deepEqual(scan.found, [
      {
        ...{ address: HOST, how: 'onvif', onvif: device.url, rtspPort: rtsp.port, httpPort: device.port },
        ...{ name: 'Fakecam FC-200', maker: 'Fakecam', model: 'FC-200', cameraId: null },
      },
    ])
  })

  it('signs in at it, and its stream gives a picture', async () => {
    const reply = (await post('/api/cameras/onvif', { address: device.url, ...LOGIN })).json() as unknown as OnvifReply
    assert.ok(reply.ok, JSON.stringify(reply))
    signedIn = reply
    const [main] = reply.streams
    const tried = await post('/api/cameras/test', { source: { kind: 'rtsp', url: main?.url, ...LOGIN } })
    assert.equal((tried.json() as { ok?: boolean }).ok, true, tried.text)
  })

  it('adds it; what moves at the camera is told to whoever listens, until it is switched off', async () => {
    const hinted: string[] = []
    box.cameras.onMotionHint((id) => hinted.push(id))
    const onvif = { address: signedIn.address, profile: signedIn.main }
    const source = { kind: 'rtsp', url: signedIn.streams[0]?.url, ...LOGIN, onvif }
    camera = (await post('/api/cameras', { name: 'Door', source })).json() as unknown as Camera
    assert.deepEqual(camera.source.onvif, onvif)
    await untilState(box, camera.id, 'live')
    assert.equal((await scanned()).found[0]?.cameraId, camera.id)
    await until('a subscription', () => device.subscriptions() === 1 && device.calls.at(-1) === 'PullMessages')
    device.tell('tns1:VideoSource/MotionAlarm', 'State', 'true')
    await until('a hint', () => hinted.length === 1)
    assert.deepEqual(hinted, [camera.id])
    await box.ask(`/api/cameras/${camera.id}`, { method: 'PATCH', send: { enabled: false } })
    assert.equal(device.subscriptions(), 0, 'it has said goodbye')
  })

  it('keeps where it was found while its host stays, and forgets it with another', async () => {
    const change = async (url: string): Promise<Camera> =>
      (
        await box.ask(`/api/cameras/${camera.id}`, { method: 'PATCH', send: { source: { kind: 'rtsp', url } } })
      ).json() as unknown as Camera
    assert.equal((await change(`${rtsp.url}?other`)).source.onvif?.address, device.url)
    assert.equal((await change('rtsp://127.83.0.11/stream')).source.onvif, undefined)
  })

  it('refuses an ONVIF address on another host than the stream: the password would go there', async () => {
    const onvif = { address: 'http://127.83.0.99/onvif/device_service', profile: 'x' }
    const reply = await post('/api/cameras', {
      name: 'Trick',
      source: { kind: 'rtsp', url: rtsp.url, ...LOGIN, onvif },
    })
    assert.equal(reply.status, 400, reply.text)
  })
})

describe('who may look for cameras', () => {
  it('nobody without the permission, nobody who sees only some cameras', async () => {
    box.server.people.set(tokenOf('vera'), person('vera', ['cameras.view']))
    box.server.people.set(tokenOf('lea'), {
      ...person('lea', ['cameras.view', 'cameras.edit']),
      cameras: new Set(['x']),
    })
    for (const [who, code] of [
      ['vera', 'PERMISSION_DENIED'],
      ['lea', 'BEYOND_YOUR_OWN'],
    ] as const) {
      for (const [path, send] of [
        ['discover', {}],
        ['onvif', { address: HOST, ...LOGIN }],
      ] as const) {
        const reply = await box.ask(`/api/cameras/${path}`, { method: 'POST', send, as: who })
        assert.deepEqual([reply.status, reply.text.includes(code)], [403, true], `${who} ${path} ${reply.text}`)
      }
      assert.equal((await box.ask('/api/cameras/discover', { as: who })).status, 403)
    }
  })

  it('hosts outside the home are refused, and nothing is begun', async () => {
    const before = (await scanned()).startedAt
    for (const hosts of [['8.8.8.8'], ['127.0.0.1'], ['x'.repeat(300)], Array.from({ length: 33 }, () => HOST)])
      assert.equal((await post('/api/cameras/discover', { hosts })).status, 400)
    assert.equal((await scanned()).startedAt, before)
  })

  it('the password is in no log line and in no answer', async () => {
    const all = [...box.logLines, (await box.ask('/api/cameras')).text].join('\n')
    assert.ok(!all.includes('pä$$') && !all.includes(encodeURIComponent(LOGIN.password)))
  })
})
