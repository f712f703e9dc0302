import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { watchEvents } from '../../../appliance/src/cameras/onvif/event-watch.ts'
import { tellsMotion } from '../../../appliance/src/cameras/onvif/motion-events.ts'
import { createOwnNetworks } from '../../../appliance/src/cameras/onvif/own-networks.ts'
import { readXml } from '../../../appliance/src/cameras/onvif/xml.ts'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { envelope, notification } from '../../fakes/onvif/answers.ts'
import type { FakeDevice, FakeDeviceOptions } from '../../fakes/onvif/device.ts'
import { createHastyClock } from '../../fakes/hasty-clock.ts'
import { until } from '../box.ts'
import { lanOf, startDevice } from './lan.ts'

const HOST = '127.81.0.10'
const CELL = 'tns1:RuleEngine/CellMotionDetector/Motion'

interface Listening {
  camera: FakeDevice
  hints(): number
  stop(): Promise<void>
}

async function listen(t: TestContext, options: Partial<FakeDeviceOptions> = {}, speed = 1): Promise<Listening> {
  const camera = await startDevice(HOST, options)
  let hints = 0
  const watch = watchEvents({
    ...{ cameraName: 'Door', address: camera.url, networks: createOwnNetworks(lanOf(81)) },
    credentials: { username: 'admin', password: 'pä$$ <&>"word' },
    // The wall clock stays right: cameras refuse who is from the future.
    clock: { ...createHastyClock(speed), now: systemClock.now },
    ...{ log: silentLog(), onMotion: () => hints++ },
  })
  await watch.start()
  t.after(async () => {
    await watch.stop()
    await camera.stop()
  })
  await until('a subscription', () => camera.subscriptions() === 1)
  await until('a pull', () => camera.calls.includes('PullMessages'))
  return { camera, hints: () => hints, stop: () => watch.stop() }
}

describe('what a camera itself sees moving', () => {
  it('is a hint within a moment, at most one a second; its end is none', async (t) => {
    const { camera, hints } = await listen(t)
    camera.tell(CELL, 'IsMotion', 'false')
    camera.tell('tns1:Device/Trigger/DigitalInput', 'LogicalState', 'true')
    camera.tell('tns1:VideoSource/MotionAlarm', 'State', 'true')
    await until('a hint', () => hints() === 1, 2_000)
    for (let more = 0; more < 20; more++) camera.tell(CELL, 'IsMotion', 'true')
    await new Promise((resolve) => setTimeout(resolve, 600))
    assert.equal(hints(), 1)
    await new Promise((resolve) => setTimeout(resolve, 600))
    camera.tell(CELL, 'IsMotion', 'true')
    await until('another', () => hints() === 2, 2_000)
  })

  it('is listened to anew after the camera started again, and unsubscribed from at the end', async (t) => {
    const { camera, hints, stop } = await listen(t)
    camera.reboot()
    await until('a new subscription', () => camera.subscriptions() === 1, 10_000)
    await until('its pull', () => camera.calls.at(-1) === 'PullMessages')
    camera.tell(CELL, 'IsMotion', 'true')
    await until('a hint', () => hints() === 1, 2_000)
    const before = performance.now()
    await stop()
    assert.ok(performance.now() - before < 3_000)
    assert.equal(camera.calls.at(-1), 'Unsubscribe')
    assert.equal(camera.subscriptions(), 0)
  })

  it('goes on by renewing', async (t) => {
    const { camera } = await listen(t, { leaseS: 2 }, 30)
    // With a clock thirty times as fast a minute is two seconds; the camera answers each pull within a second.
    const nudge = setInterval(() => camera.tell('tns1:Other', 'State', 'x'), 300)
    t.after(() => clearInterval(nudge))
    await until('a renewal', () => camera.calls.includes('Renew'), 10_000)
    assert.equal(camera.subscriptions(), 1)
  })

  it('costs a flooding camera’s answers no more than four a second', async (t) => {
    let pulls = 0
    const body = envelope(
      `<tev:PullMessagesResponse>${notification(CELL, 'IsMotion', 'true', new Date()).repeat(100)}</tev:PullMessagesResponse>`,
    )
    const { hints } = await listen(t, {
      intercept(operation, _request, response) {
        if (operation !== 'PullMessages') return false
        pulls++
        return Boolean(response.end(body))
      },
    })
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    assert.ok(pulls <= 11, `${pulls} pulls`)
    assert.ok(hints() >= 2 && hints() <= 3, `${hints()} hints`)
  })

  it('is asked for rarely after a wrong password', async (t) => {
    const { camera } = await listen(t)
    camera.setPassword('changed')
    camera.reboot()
    await until('a refusal', () => camera.refused() > 0, 10_000)
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    assert.ok(camera.refused() <= 2, `${camera.refused()} tries`)
  })
})

describe('reading notifications', () => {
  const cases: [string, string, string, boolean][] = [
    [CELL, 'IsMotion', 'true', true],
    [CELL, 'IsMotion', 'false', false],
    ['tns1:VideoSource/MotionAlarm', 'State', '1', true],
    ['tns1:RuleEngine/MyRuleDetector/PeopleDetect', 'State', 'true', true],
    ['tns1:RuleEngine/FieldDetector/ObjectsInside', 'IsInside', 'true', true],
    ['tns1:RuleEngine/LineDetector/Crossed', 'ObjectId', '15', true],
    ['tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent', 'IsPeople', 'true', true],
    ['tns1:VideoSource/GlobalSceneChange/ImagingService', 'State', 'true', false],
    ['tns1:Monitoring/ProcessorUsage', 'Value', '1', false],
    ['tns1:AudioAnalytics/Audio/DetectedSound', 'State', 'true', false],
  ]
  for (const [topic, name, value, is] of cases)
    it(`${topic} ${name}=${value} is ${is ? 'a' : 'no'} hint`, () => {
      const root = readXml(envelope(notification(topic, name, value, new Date(0))))
      assert.equal(tellsMotion(root), is)
    })
})
