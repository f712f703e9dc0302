import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DetectorStatus } from '../../appliance/src/api/system.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { LookFailed, type Candidate, type DetectorBackend } from '../../appliance/src/vision/backends/backend.ts'
import { disagreement, readCheckPictures } from '../../appliance/src/vision/backends/check.ts'
import { readForeignBoxes } from '../../appliance/src/vision/backends/foreign-boxes.ts'
import { poolSize } from '../../appliance/src/vision/backends/pool-size.ts'
import { forgetfulMemory, type Memory } from '../../appliance/src/vision/backends/remembered.ts'
import { roomFor } from '../../appliance/src/vision/cameras-left.ts'
import { createDetector, type Detector } from '../../appliance/src/vision/detector.ts'
import { createRoomMeter } from '../../appliance/src/vision/room-meter.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'

const FAKE_THREAD = new URL('../fakes/detector-worker.ts', import.meta.url)
const NOTHING_ELSE = { tensorrt: 'not here', cuda: 'not here', webgpu: 'not here' }
const picture = () => ({ width: 4, height: 4, data: new Uint8Array(24).fill(204) })

type Behaviour = 'works' | 'hangs' | 'fails' | 'misses' | 'invents' | 'refuses'

interface FakeChip {
  candidate: Candidate
  set(behaviour: Behaviour): void
  die(reason: string): void
  opened(): number
  looks(): number
  ended(): number
}

/** A chip beside the processor that behaves as a test says. Like the fake thread it sees one person everywhere. */
function createFakeChip(clock: FakeClock, { id = 'remote', ms = 2 } = {}): FakeChip {
  let behaviour: Behaviour = 'works'
  let died = Promise.withResolvers<string>()
  const count = { opened: 0, looks: 0, ended: 0 }
  const person = { class: 'person' as const, score: 0.9, box: { x: 0.4, y: 0.4, width: 0.1, height: 0.3 } }
  function open(): DetectorBackend {
    count.opened++
    died = Promise.withResolvers()
    return {
      facts: {
        model: { name: 'chip', family: 'fake', inputWidth: 8, inputHeight: 8 },
        inferenceMs: null,
        atOnce: 1,
        takesPictures: false,
      },
      died: died.promise,
      async look({ data }) {
        count.looks++
        if (behaviour === 'hangs') return new Promise(() => undefined)
        if (behaviour === 'fails') throw new LookFailed('the chip is too hot', data)
        await clock.advance(ms)
        const isEmpty = data.every((each) => each === 128)
        const detections = behaviour === 'misses' || (isEmpty && behaviour !== 'invents') ? [] : [person]
        return { detections, inferenceMs: ms, data }
      },
      end: async () => void count.ended++,
    }
  }
  return {
    candidate: {
      ...{ id, kind: 'remote', title: 'Chip', checksItself: false, failuresToLeave: 3, isRisky: false },
      missing: async () => null,
      async open() {
        if (behaviour === 'refuses') throw new LookFailed('no driver', new Uint8Array())
        return open()
      },
    },
    set: (next) => void (behaviour = next),
    die: (reason) => died.resolve(reason),
    opened: () => count.opened,
    looks: () => count.looks,
    ended: () => count.ended,
  }
}

/** The fake thread answers in real time, everything else waits for the fake clock. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15))

/** In steps, so that the fake thread is not thought to hang. */
async function pass(clock: FakeClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await clock.advance(1_000)
    await breathe()
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await breathe()
  assert.ok(condition(), what)
}

interface Started {
  detector: Detector
  statuses: DetectorStatus[]
  idOf(): string | null
}

async function start(
  t: { after(end: () => Promise<void>): void },
  clock: FakeClock,
  others: readonly Candidate[],
  more: { wish?: () => string; memory?: Memory } = {},
): Promise<Started> {
  const statuses: DetectorStatus[] = []
  const detector = createDetector({
    ...{ clock, log: silentLog(), workerFile: FAKE_THREAD, others, ...more },
    models: async () => [{ name: 'm', file: 'ok.onnx' }],
    ruledOut: async () => NOTHING_ELSE,
    onStatus: (status) => void statuses.push(status),
  })
  t.after(async () => {
    await detector.stop()
  })
  await detector.start()
  await until(() => detector.status().state === 'ready', 'the processor is open')
  return { detector, statuses, idOf: () => detector.status().provider }
}

const stateOf = ({ detector }: Started, id: string) =>
  detector.status().candidates.find((each) => each.id === id) ?? assert.fail(`${id} is not listed`)

test('what sees the same as the processor and is faster is chosen; the processor stays ready', async (t) => {
  const clock = createFakeClock()
  const chip = createFakeChip(clock)
  const started = await start(t, clock, [chip.candidate])
  await until(() => started.idOf() === 'remote', 'chosen')
  assert.deepEqual([stateOf(started, 'remote').state, stateOf(started, 'cpu').state], ['chosen', 'ready'])
  assert.equal(stateOf(started, 'remote').inferenceMs, 2)
  const before = chip.looks()
  await started.detector.look(picture(), 0)
  assert.equal(chip.looks(), before + 1)
})

for (const [behaviour, words] of [
  ['misses', /does not see the person/],
  ['invents', /sees a person where nothing is/],
  ['refuses', /no driver/],
  ['fails', /too hot/],
] as const) {
  test(`what ${behaviour} is not chosen, and the reason is told`, async (t) => {
    const clock = createFakeClock()
    const chip = createFakeChip(clock)
    chip.set(behaviour)
    const started = await start(t, clock, [chip.candidate])
    await until(() => stateOf(started, 'remote').state === 'failed', 'failed')
    assert.match(stateOf(started, 'remote').reason, words)
    assert.equal(started.idOf(), 'cpu')
    assert.equal(chip.opened(), chip.ended(), 'whatever was opened is closed again')
  })
}

test('one that hangs: no picture goes without a look for 2 seconds, the reason is told, and it comes back', async (t) => {
  const clock = createFakeClock()
  const chip = createFakeChip(clock)
  const started = await start(t, clock, [chip.candidate])
  const { detector, statuses } = started
  await until(() => started.idOf() === 'remote', 'chosen')
  chip.set('hangs')
  const hung = detector.look(picture(), 0)
  await clock.advance(800)
  assert.equal((await hung).detections[0]?.score, 0.8, 'the processor looked at the very picture that it hung on')
  let lastLookAt = clock.monotonic()
  let longestGapMs = 0
  // A camera with 5 pictures a second for 6 seconds; those that find nobody idle are dropped.
  for (let frame = 0; frame < 30; frame++) {
    await clock.advance(200)
    if (detector.isIdle()) {
      const begunAt = clock.monotonic()
      void detector.look(picture(), 0).then(
        () => {
          longestGapMs = Math.max(longestGapMs, begunAt - lastLookAt)
          lastLookAt = begunAt
        },
        () => undefined,
      )
    }
    await breathe()
  }
  assert.ok(longestGapMs > 0 && longestGapMs <= 2_000, `${longestGapMs} ms without a look`)
  assert.ok(clock.monotonic() - lastLookAt <= 400, 'and it goes on')
  assert.match(stateOf(started, 'remote').reason, /failed while running: No answer within 2 seconds/)
  assert.equal(started.idOf(), 'cpu')
  assert.ok(
    statuses.some(({ provider }) => provider === 'cpu'),
    'it was told',
  )
  chip.set('works')
  const opened = chip.opened()
  await pass(clock, 50)
  assert.equal(chip.opened(), opened, 'left in peace for a minute')
  await pass(clock, 40)
  await until(() => started.idOf() === 'remote', 'it is back without a restart')
})

test('one that fails on a picture: the processor looks at that very picture; after three it is left', async (t) => {
  const clock = createFakeClock()
  const chip = createFakeChip(clock)
  const started = await start(t, clock, [chip.candidate])
  await until(() => started.idOf() === 'remote', 'chosen')
  chip.set('fails')
  for (let i = 0; i < 3; i++) {
    assert.equal(started.idOf(), 'remote')
    assert.equal((await started.detector.look(picture(), 0)).detections[0]?.score, 0.8, 'the answer of the processor')
  }
  assert.equal(started.idOf(), 'cpu')
  assert.equal(stateOf(started, 'remote').state, 'failed')
  assert.match(stateOf(started, 'remote').reason, /too hot/)
})

test('one that dies between two pictures is left at once; each failure makes the pause longer', async (t) => {
  const clock = createFakeClock()
  const chip = createFakeChip(clock)
  const started = await start(t, clock, [chip.candidate])
  await until(() => started.idOf() === 'remote', 'chosen')
  chip.set('refuses')
  chip.die('killed')
  await until(() => started.idOf() === 'cpu', 'left')
  const pauses: number[] = []
  for (let i = 0; i < 3; i++) {
    const { nextTryAt } = stateOf(started, 'remote')
    pauses.push(Math.round(((nextTryAt ?? 0) - clock.now()) / 60_000))
    await clock.advance((nextTryAt ?? 0) - clock.now() + 20_000)
    await until(() => stateOf(started, 'remote').nextTryAt !== nextTryAt, 'tried again')
  }
  assert.deepEqual(pauses, [1, 5, 30])
})

test("the owner's wish counts more than speed", async (t) => {
  const clock = createFakeClock()
  const [slow, fast] = [createFakeChip(clock, { id: 'sidecar:own', ms: 500 }), createFakeChip(clock)]
  const started = await start(t, clock, [fast.candidate, slow.candidate], { wish: () => 'sidecar:own' })
  await until(() => stateOf(started, 'remote').state === 'ready', 'both were tried')
  assert.equal(started.idOf(), 'sidecar:own')
  const clock2 = createFakeClock()
  const chip = createFakeChip(clock2)
  const stayed = await start(t, clock2, [chip.candidate], { wish: () => 'cpu' })
  await until(() => /setting asks for the processor/.test(stateOf(stayed, 'remote').reason), 'not tried')
  assert.deepEqual([stayed.idOf(), chip.opened()], ['cpu', 0])
})

test('a driver that took Lares down is left in peace for a day, and the last winner is tried first', async (t) => {
  const clock = createFakeClock()
  const order: string[] = []
  const noting = (chip: FakeChip): Candidate => ({
    ...chip.candidate,
    isRisky: true,
    open(...args) {
      order.push(chip.candidate.id)
      return chip.candidate.open(...args)
    },
  })
  const chips = ['a', 'b', 'c'].map((id) => createFakeChip(clock, { id, ms: 2 }))
  const memory = forgetfulMemory()
  await memory.set({ winner: 'c', trying: 'a' })
  const started = await start(t, clock, chips.map(noting), { memory })
  await until(() => stateOf(started, 'b').state === 'ready', 'tried')
  assert.deepEqual(order, ['c', 'b'])
  assert.match(stateOf(started, 'a').reason, /Lares ended while this was being tried/)
  assert.deepEqual(memory.get(), { winner: 'c', trying: null })
})

test('sessions on the processor: one a core but one, as far as memory reaches', () => {
  const size = (cores: number, memoryMb: number): number => poolSize({ cores, memoryMb })
  assert.deepEqual([size(1, 512), size(2, 2_048), size(4, 8_192), size(4, 1_024), size(64, 65_536)], [1, 1, 3, 2, 8])
})

test('cameras left: by cores while the processor looks, by the chip while that does, never below none', () => {
  const base = { cores: 4, inferenceMs: 15, atOnce: 3, onProcessor: true, cameras: 0, looksPerSecond: 0 }
  // 4 · 0.7 ÷ (0.02 + 5/3 · 23 ms)
  assert.equal(roomFor(base).camerasLeft, 47)
  assert.equal(roomFor({ ...base, cameras: 4, looksPerSecond: 20 }).camerasLeft, 16, 'in motion all the time')
  const slowChip = { ...base, inferenceMs: 100, atOnce: 1, onProcessor: false }
  assert.equal(roomFor(slowChip).camerasLeft, 4, '7 looks a second')
  assert.equal(roomFor({ ...slowChip, cameras: 9, looksPerSecond: 45 }).camerasLeft, 0)
})

test('the load is the mean of ten minutes, and cameras count while they send pictures', async () => {
  const clock = createFakeClock()
  const load = createRoomMeter(clock)
  load.noteFrame('a')
  await clock.advance(30_000)
  load.noteFrame('b')
  for (let i = 0; i < 120; i++) load.noteLook()
  await clock.advance(30_000)
  assert.deepEqual([load.cameras(), load.looksPerSecond()], [2, 2])
  await clock.advance(31_000)
  assert.equal(load.cameras(), 0)
  await clock.advance(600_000)
  assert.equal(load.looksPerSecond(), 0)
})

test('the check picture: whoever sees the best thing elsewhere, or something else, is not believed', async () => {
  const { somebody } = await readCheckPictures()
  assert.equal(somebody.data.length, (somebody.width * somebody.height * 3) / 2)
  const box = { x: 0.2, y: 0.2, width: 0.4, height: 0.6 }
  const person = { class: 'person' as const, score: 0.8, box }
  assert.equal(disagreement([person], [{ ...person, score: 0.3 }]), null)
  assert.match(disagreement([person], [{ ...person, class: 'dog' }]) ?? '', /does not see the person/)
  assert.match(disagreement([person], [{ ...person, box: { ...box, x: 0.6 } }]) ?? '', /does not see/)
  assert.equal(disagreement([{ ...person, score: 0.3 }], []), null, 'the processor is not sure itself')
})

test('boxes from outside: nonsense is refused as a whole, strange classes are dropped, the rest is clipped', () => {
  const good = { name: 'Person', score: 0.9, left: -0.1, top: 0.1, right: 0.5, bottom: 0.6 }
  const [seen] = readForeignBoxes([good, { ...good, name: 'unicorn' }], 0.2) ?? []
  assert.deepEqual(seen, { class: 'person', score: 0.9, box: { x: 0, y: 0.1, width: 0.5, height: 0.5 } })
  for (const wrong of [{ left: NaN }, { right: 900 }, { score: 7 }, { right: -1, left: 0 }, { bottom: Infinity }])
    assert.equal(readForeignBoxes([good, { ...good, ...wrong }], 0.2), null, JSON.stringify(wrong))
  assert.equal(readForeignBoxes([{ ...good, name: 'constructor' }], 0)?.length, 0)
})
