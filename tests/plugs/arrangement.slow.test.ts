// Rooms, groups, scenes, what the owner says of a plug, and what it is told: over the routes, with a simulated HS110 and HS220.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import type { PlugHome, TogetherReply } from '../../appliance/src/api/plug-home.ts'
import type { CountdownReply } from '../../pwa/src/wire-plugs.ts'
import type { Plug, PlugDetail, PlugSchedulesReply } from '../../appliance/src/api/plugs.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { startOddPlug, startSimulatedPlug } from '../fakes/plugs.ts'
import { startPlugsHome, until, type PlugsHome } from './harness.ts'

async function start(
  t: TestContext,
  net: number,
): Promise<PlugsHome & { porch: Plug; lamp: Plug; odd: Plug; silence(): Promise<void> }> {
  const mediaDir = await mkdtemp(join(tmpdir(), 'lares-plugs-'))
  const home = await startPlugsHome({ clock: createHastyClock(10), mediaDir })
  const at = (last: number): string => `127.32.${net}.${last}`
  const dimmer = await startSimulatedPlug({ model: 'hs220', address: at(1), alias: 'Porch' })
  const plain = await startSimulatedPlug({ model: 'hs110', address: at(2), alias: 'Lamp' })
  const odd = await startOddPlug({ address: at(3), alias: 'Odd', mac: `50:C7:BF:32:0${net}:03` })
  t.after(async () => {
    await home.stop()
    await Promise.all([dimmer.stop(), plain.stop(), odd.stop()])
    await rm(mediaDir, { recursive: true, force: true })
  })
  const add = async (host: string): Promise<Plug> =>
    (await home.call<{ plugs: Plug[] }>('POST', '/api/plugs', { host })).plugs[0] as Plug
  const plugs = { porch: await add(at(1)), lamp: await add(at(2)), odd: await add(`${at(3)}:${odd.port}`) }
  return { ...home, ...plugs, silence: () => odd.stop(), mediaDir } as never
}

test('rooms have an order and one name each; removing one leaves its plugs', async (t) => {
  const { call, one, lamp, recorded } = await start(t, 1)
  await call('POST', '/api/rooms', { name: 'Kitchen' })
  const made = await call<PlugHome>('POST', '/api/rooms', { name: 'Attic' })
  const [kitchen, attic] = made.rooms
  assert.ok(kitchen && attic)
  await assert.rejects(call('POST', '/api/rooms', { name: 'kitchen' }), { code: 'NAME_TAKEN' })
  await assert.rejects(call('PATCH', `/api/rooms/${attic.id}`, { name: 'Kitchen' }), { code: 'NAME_TAKEN' })
  await call('PATCH', `/api/rooms/${attic.id}`, { name: 'Loft' })
  const ordered = await call<PlugHome>('PUT', '/api/rooms', { ids: [attic.id] })
  assert.deepEqual(
    ordered.rooms.map(({ name }) => name),
    ['Loft', 'Kitchen'],
  )
  assert.equal((await call<Plug>('PATCH', `/api/plugs/${lamp.id}`, { roomId: attic.id })).roomId, attic.id)
  await assert.rejects(call('PATCH', `/api/plugs/${lamp.id}`, { roomId: lamp.id }), { kind: 'not-found' })
  await call('DELETE', `/api/rooms/${attic.id}`)
  assert.equal((await one('Lamp')).roomId, null)
  await assert.rejects(call('DELETE', `/api/rooms/${attic.id}`), { kind: 'not-found' })
  assert.ok(recorded.some(({ type, resource }) => type === 'device_updated' && resource === `room:${attic.id}`))
})

test('J3 a group and a scene report for each plug what came of it; a removed plug leaves them', async (t) => {
  const { call, one, porch, lamp, odd, silence } = await start(t, 2)
  const { groups } = await call<PlugHome>('POST', '/api/plug-groups', { name: 'All', plugIds: [lamp.id, odd.id] })
  const group = groups[0]?.id ?? ''
  const both = await call<TogetherReply>('POST', `/api/plug-groups/${group}/switch`, { on: true })
  assert.ok(both.results.every(({ ok }) => ok))
  await silence()
  const half = await call<TogetherReply>('POST', `/api/plug-groups/${group}/switch`, { on: false })
  assert.deepEqual(half.results.map(({ name, ok }) => [name, ok]).sort(), [
    ['Lamp', true],
    ['Odd', false],
  ])
  assert.ok(half.results.find(({ name }) => name === 'Odd')?.problem)
  const steps = [
    { plugId: porch.id, on: true, brightness: 40 },
    { plugId: lamp.id, on: true, brightness: 70 },
  ]
  const { scenes } = await call<PlugHome>('POST', '/api/plug-scenes', { name: 'Evening', steps })
  const scene = scenes[0]?.id ?? ''
  const run = await call<TogetherReply>('POST', `/api/plug-scenes/${scene}/run`)
  assert.ok(
    run.results.every(({ ok }) => ok),
    JSON.stringify(run),
  )
  const shown = await one('Porch')
  assert.deepEqual([shown.on, shown.brightness], [true, 40])
  await call('DELETE', `/api/plugs/${odd.id}`)
  await call('DELETE', `/api/plugs/${lamp.id}`)
  const left = await call<PlugHome>('GET', '/api/plug-home')
  assert.deepEqual([left.groups, left.scenes[0]?.steps.length], [[], 1])
  await assert.rejects(call('POST', '/api/plug-groups', { name: 'X', plugIds: [lamp.id] }), { kind: 'not-found' })
  await assert.rejects(call('POST', '/api/plug-groups', { name: 'X', plugIds: [] }))
})

test('brightness, light, countdown and schedules reach the device; what it cannot is said before anything is sent', async (t) => {
  const { call, porch, lamp, one } = await start(t, 3)
  assert.ok(porch.can.includes('dimmer') && !lamp.can.includes('dimmer'))
  assert.equal((await call<Plug>('PUT', `/api/plugs/${porch.id}/brightness`, { brightness: 33 })).brightness, 33)
  await assert.rejects(call('PUT', `/api/plugs/${lamp.id}/brightness`, { brightness: 33 }), { code: 'PLUG_CANNOT' })
  await assert.rejects(call('PUT', `/api/plugs/${porch.id}/brightness`, { brightness: 0 }))

  await call('PUT', `/api/plugs/${lamp.id}/led`, { on: false })
  await until('the light is seen to be off', async () => {
    const { ledOn } = await call<PlugDetail>('GET', `/api/plugs/${lamp.id}`)
    return ledOn === false
  })
  const path = `/api/plugs/${lamp.id}`
  const started = await call<CountdownReply>('PUT', `${path}/countdown`, { durationS: 600, on: false })
  assert.deepEqual([started.countdown?.durationS, started.countdown?.on], [600, false])
  await call('DELETE', `${path}/countdown`)
  assert.equal((await call<CountdownReply>('GET', `${path}/countdown`)).countdown, null)

  const rule = { name: 'Evening', enabled: true, on: true, onDate: null, weekdays: ['mon', 'sun'] }
  const body = { ...rule, at: { kind: 'time', minuteOfDay: 1_110 } }
  const added = await call<PlugSchedulesReply>('POST', `${path}/schedules`, body)
  const [kept] = added.schedules.slice(-1)
  assert.ok(kept && added.canEdit)
  assert.deepEqual({ ...kept, id: '' }, { ...body, id: '' })
  const changed = { ...body, on: false, at: { kind: 'sunset', offsetMin: -15 } }
  const after = await call<PlugSchedulesReply>('PUT', `${path}/schedules/${kept.id}`, changed)
  assert.deepEqual(after.schedules.find(({ id }) => id === kept.id)?.at, changed.at)
  const rest = await call<PlugSchedulesReply>('DELETE', `${path}/schedules/${kept.id}`)
  assert.ok(!rest.schedules.some(({ id }) => id === kept.id))
  await assert.rejects(call('POST', `${path}/schedules`, { ...body, weekdays: [] }))
  assert.equal((await one('Lamp')).name, 'Lamp')
})

test('SEC-D7 a picture is drawn anew without what was hidden in it; anything else is refused and changes nothing', async (t) => {
  const home = await start(t, 4)
  const { call, lamp } = home
  const { mediaDir } = home as unknown as { mediaDir: string }
  const path = `/api/plugs/${lamp.id}/picture`
  const place = { IFD0: { Copyright: 'SECRET-PLACE' } }
  const big = sharp({ create: { width: 3_000, height: 1_000, channels: 3, background: '#a52' } })
  const photo = await big.withExif(place).jpeg().toBuffer()
  assert.ok(photo.includes('SECRET-PLACE'))
  const picture = photo.toString('base64')
  const before = await call<Plug>('PUT', path, { picture })
  assert.match(before.picture ?? '', /^\/api\/plugs\/[0-9a-f-]+\/picture\.jpg\?v=[0-9a-z]+$/)
  const file = async (): Promise<string> =>
    join(mediaDir, (await call<{ path: string }>('GET', `${path}.jpg`)).path.replace(/^media\//, ''))
  const first = await file()
  const { width, height } = await sharp(first).metadata()
  assert.deepEqual([width, height], [1_280, 427])
  assert.ok(!(await sharp(first).toBuffer()).includes('SECRET-PLACE'))

  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  const bomb = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(1_000, 7)])
  const huge = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#fff' } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  for (const bytes of [svg, bomb, huge, Buffer.from('GIF89a'), Buffer.from('MZ')])
    await assert.rejects(call('PUT', path, { picture: bytes.toString('base64') }), { code: 'PICTURE_INVALID' })
  assert.equal(await file(), first)

  await call('PUT', path, { picture: (await sharp(photo).webp().toBuffer()).toString('base64') })
  assert.ok(!existsSync(first), 'the old one is gone')
  const second = await file()
  await call('DELETE', `/api/plugs/${lamp.id}`)
  assert.ok(!existsSync(second), 'with the plug its picture goes')
})

test('SEC-E2 the record has who added, named, switched and removed a plug, and never the name', async (t) => {
  const { call, lamp, recorded } = await start(t, 5)
  await call('PATCH', `/api/plugs/${lamp.id}`, { name: 'Very private name', notes: 'Very private note' })
  await call('POST', `/api/plugs/${lamp.id}/switch`, { on: true })
  await call('DELETE', `/api/plugs/${lamp.id}`)
  const own = recorded.filter(({ resource }) => resource === `plug:${lamp.id}`)
  assert.deepEqual(
    own.map(({ type }) => type),
    ['device_added', 'device_updated', 'device_switched', 'device_removed'],
  )
  assert.ok(own.every(({ who }) => who?.userId === 'ada'))
  assert.ok(!JSON.stringify(own).includes('private'))
})
