import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newId } from '../../appliance/src/core/ids.ts'
import { cameraConfigs, modeConfig, plugConfigs } from '../../appliance/src/mqtt/discovery.ts'
import { createLamps } from '../../appliance/src/mqtt/lamps.ts'
import { panelState, plugStates, readCommand, topicsUnder } from '../../appliance/src/mqtt/topics.ts'
import { LOST_AFTER_MS, ZoneOccupancy } from '../../appliance/src/mqtt/zone-occupancy.ts'
import { createFakeClock } from '../fakes/clock.ts'
import { shownPlug } from '../fakes/shown-plug.ts'

const HOME = { id: 'abc123', name: 'Home', origin: 'https://lares.local:8443', version: '1.0.0' }
const place = (allowControl: boolean) => ({ prefix: 'lares', discoveryPrefix: 'homeassistant', allowControl })

test('only what is written exactly so is a command', () => {
  const id = newId(1)
  assert.deepEqual(readCommand('lares', `lares/plug/${id}/set`, 'ON'), { what: 'plug', id, on: true })
  assert.deepEqual(readCommand('lares', 'lares/mode/set', 'ARM_AWAY'), { what: 'mode', mode: 'away' })
  assert.deepEqual(readCommand('lares', 'lares/mode/set', 'DISARM'), { what: 'mode', mode: 'disarmed' })
  for (const [topic, payload] of [
    [`lares/plug/${id}/set`, 'on'],
    [`lares/plug/${id}/set`, '1'],
    ['lares/plug//set', 'ON'],
    ['lares/plug/../mode/set', 'ON'],
    ['lares/mode/set', 'constructor'],
    ['lares/mode/set', '__proto__'],
    ['other/mode/set', 'DISARM'],
  ] as const)
    assert.equal(readCommand('lares', topic, payload), null, `${topic} ${payload}`)
  fc.assert(
    fc.property(fc.string(), fc.string(), (topic, payload) => {
      const command = readCommand('lares', topic, payload)
      assert.ok(command === null || topic.startsWith('lares/'))
    }),
  )
})

test('what a plug does not say is left out, never told as off', () => {
  const topics = topicsUnder('lares').plug('x')
  assert.deepEqual(plugStates(shownPlug(), topics), [
    ['lares/plug/x/available', 'online'],
    ['lares/plug/x/state', 'ON'],
    ['lares/plug/x/power', '12.3'],
    ['lares/plug/x/energy', '1.500'],
  ])
  assert.deepEqual(plugStates(shownPlug({ on: null, reading: null, reachable: false }), topics), [
    ['lares/plug/x/available', 'offline'],
  ])
})

test('discovery: every entity has a name of its own, a state and says when the box is away', () => {
  const camera = { id: newId(2), name: 'Yard' }
  const configs = [
    modeConfig(HOME, place(true)),
    ...cameraConfigs(camera, HOME, place(true)),
    ...plugConfigs(shownPlug(), HOME, place(true)),
  ]
  assert.equal(configs.length, 8)
  assert.equal(new Set(configs.map(({ payload }) => payload['unique_id'])).size, 8)
  assert.equal(new Set(configs.map(({ topic }) => topic)).size, 8)
  for (const { topic, payload } of configs) {
    assert.match(topic, /^homeassistant\/[a-z_]+\/lares_abc123\/[a-z0-9_]+\/config$/)
    assert.match(String(payload['state_topic']), /^lares\//)
    const text = JSON.stringify(payload)
    assert.ok(text.includes('"lares/status"'), text)
  }
  assert.equal(panelState('night', false), 'armed_night')
  assert.equal(panelState('away', true), 'arming')
})

test('without leave to control there is nothing to switch', () => {
  const without = plugConfigs(shownPlug(), HOME, place(false))
  assert.deepEqual(
    without.map(({ topic }) => topic.split('/')[1]),
    ['binary_sensor', 'sensor', 'sensor'],
  )
  for (const { payload } of without) assert.equal(payload['command_topic'], undefined)
  assert.deepEqual(modeConfig(HOME, place(false)).payload['supported_features'], [])
})

test('a sensor stays on from the first sighting until some time after the last', async () => {
  const clock = createFakeClock()
  const changes: string[] = []
  const lamps = createLamps(clock, 10_000, (id, on) => changes.push(`${id} ${String(on)}`))
  lamps.see('yard')
  await clock.advance(6_000)
  lamps.see('yard')
  await clock.advance(6_000)
  assert.deepEqual(changes, ['yard true'])
  await clock.advance(5_000)
  assert.deepEqual(changes, ['yard true', 'yard false'])
  lamps.see('yard')
  lamps.stop()
  await clock.advance(60_000)
  assert.equal(changes.at(-1), 'yard true')
})

test('who is in a zone is told by tracks: two of a class, one gone, lost sight of, a camera forgotten', () => {
  const occupancy = new ZoneOccupancy()
  const there = (at: number, zone = 'drive'): string[] => [...occupancy.classesIn('yard', zone, at)].sort()
  const person = (id: string, zones: string[]) => ({ id, class: 'person', zones })
  occupancy.see({
    cameraId: 'yard',
    at: 0,
    tracks: [person('a', ['drive']), person('b', ['drive', 'gate'])],
    ended: [],
  })
  assert.deepEqual([there(0), there(0, 'gate'), there(0, 'other')], [['person'], ['person'], []])
  occupancy.see({ cameraId: 'yard', at: 1_000, tracks: [], ended: ['a'] })
  assert.deepEqual(there(1_000), ['person'], 'b was not in this picture, but has not gone')
  occupancy.see({ cameraId: 'yard', at: 2_000, tracks: [{ id: 'c', class: 'car', zones: ['drive'] }], ended: [] })
  assert.deepEqual(there(2_000), ['car', 'person'])
  assert.deepEqual(there(LOST_AFTER_MS + 1_000), ['car'], 'b was lost sight of')
  occupancy.forget('yard')
  assert.deepEqual(there(2_000), [])
})
