// From a picture in the folder to an incident, with the real detector.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { Incident } from '../../appliance/src/api/incidents.ts'
import { settleS } from '../../appliance/src/cameras/uploads/settings.ts'
import { MIN_SCORE } from '../../appliance/src/vision/tracking/tracker.ts'
import { buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { createLooker } from '../../appliance/src/vision/looker.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { NO_ZONES } from '../../appliance/src/api/zones.ts'
import { createSizeGrid } from '../../appliance/src/vision/regions/size-grid.ts'
import { noSharedData, walkInClip } from '../fakes/clip.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { dataFile } from '../vision/data.ts'
import { startDetector } from '../vision/detectors.ts'
import { addCamera, startBox, until, type Box } from './box.ts'

const skip = noSharedData()
let box: Box
let camera: Camera
let folder: string
let stop = async (): Promise<void> => undefined

before(async () => {
  if (skip) return
  const settings = createFakeSettings()
  await settings.set(settleS, 0.3)
  const { detector } = await startDetector([{ name: 'default', file: await buildDefaultModel() }])
  let ids = 0
  const looker = createLooker({
    ...{ detector, clock: systemClock, log: silentLog(), newId: () => `track-${String(ids++)}` },
    ...{ inputSide: () => 416, sizesOf: () => createSizeGrid(), zonesOf: () => NO_ZONES },
  })
  box = await startBox({ settings, isLooking: (id) => looker.isLooking(id) })
  box.cameras.onFrame((frame) => looker.see(frame))
  looker.onObservation((observation) => box.incidents.observe(observation))
  stop = () => detector.stop()
  camera = await addCamera(box, { kind: 'upload', folder: 'front_door' })
  folder = join(box.dataDir, 'uploads', 'front_door')
  assert.ok(MIN_SCORE < 0.42)
})
after(async () => {
  await stop()
  if (!skip) await box.remove()
})

function stillAt(second: number): Promise<Buffer> {
  const clip = dataFile('video/synthetic-yard-720p15.mp4') ?? ''
  const target = join(box.dataDir, `still-${String(second)}.jpg`)
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-ss',
    String(second),
    '-i',
    clip,
    '-frames:v',
    '1',
    '-q:v',
    '2',
    target,
  ])
  return readFile(target)
}

async function send(name: string, content: Uint8Array, agoS = 0): Promise<void> {
  await writeFile(join(folder, `${name}.new`), content)
  const at = Date.now() / 1_000 - agoS
  await utimes(join(folder, `${name}.new`), at, at)
  await rename(join(folder, `${name}.new`), join(folder, name))
}

const incidents = async (): Promise<Incident[]> => (await box.incidents.list({ limit: 50 })).incidents

describe('sight from what cameras send', { skip }, () => {
  it('nothing in an empty yard, an incident from one still with a person', async () => {
    await send('empty.jpg', await stillAt(3))
    await until('the first picture', () => box.cameras.peek(camera.id)?.state === 'live')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    assert.deepEqual(await incidents(), [])
    await send('person.jpg', await stillAt(12))
    const [incident] = await until('an incident', async () => {
      const found = await incidents()
      return found.length > 0 ? found : null
    })
    assert.deepEqual(
      incident?.classes.map((each) => each.class),
      ['person'],
    )
    assert.ok(incident.snapshot)
  })

  it('what was taken two hours ago is an incident of its own, of that time', async () => {
    await send('late.jpg', await stillAt(35), 7_200)
    const late = await until('an incident of then', async () =>
      (await incidents()).find(({ openedAt }) => Date.now() - openedAt > 7_000_000),
    )
    assert.ok(Math.abs(Date.now() - late.openedAt - 7_200_000) < 60_000)
  })

  it('a clip with a person makes an incident that has its clip', async () => {
    const count = (await incidents()).length
    const clip = await readFile(await walkInClip())
    await send('clip.mp4', clip, 3_600)
    const opened = await until(
      'an incident',
      async () => {
        const found = await incidents()
        return (
          found.length > count && found.find(({ openedAt }) => Math.abs(Date.now() - openedAt - 3_600_000) < 60_000)
        )
      },
      40_000,
    )
    const done = await until(
      'its clip',
      async () => {
        const now = await box.incidents.get(opened.id)
        return now.clip?.state !== 'recording' && now
      },
      60_000,
    )
    assert.equal(done.clip?.state, 'ready', JSON.stringify(done.clip))
  })
})
