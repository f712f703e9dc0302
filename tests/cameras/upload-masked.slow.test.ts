// A camera that sends its clips, with a part of its picture that nobody shall see.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import { settleS } from '../../appliance/src/cameras/uploads/settings.ts'
import type { Frame } from '../../appliance/src/media/index.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { addCamera, startBox, until, type Box } from './box.ts'
import { clipFile, jpegFile } from './upload-files.ts'

/** The left half. */
const HIDDEN = [
  { x: 0, y: 0 },
  { x: 0.5, y: 0 },
  { x: 0.5, y: 1 },
  { x: 0, y: 1 },
]
const DARK = 24

let box: Box
let camera: Camera
/** Brightest spot of the hidden half of each picture, as it was when it was handed on. */
const seen: number[] = []

before(async () => {
  const settings = createFakeSettings()
  await settings.set(settleS, 0.3)
  box = await startBox({ settings })
  camera = await addCamera(box, { kind: 'upload', folder: 'front_door' })
  const nothing = { zones: [], lines: [], ignored: [], motionMasks: [], limits: [], revision: 0 }
  const send = { ...nothing, privacyMasks: [{ name: 'Neighbour', shape: HIDDEN }], recorded: 'delete' }
  const { status } = await box.ask(`/api/cameras/${camera.id}/zones`, { method: 'PUT', send })
  assert.equal(status, 200)
  box.cameras.onFrame((frame) => void seen.push(brightestOnTheLeft(frame)))
})
after(() => box.remove())

function brightestOnTheLeft({ width, height, data }: Pick<Frame, 'width' | 'height' | 'data'>): number {
  let brightest = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width / 2 - 8; x++) brightest = Math.max(brightest, data[y * width + x] as number)
  return brightest
}

async function send(name: string, content: Uint8Array): Promise<void> {
  const path = join(box.dataDir, 'uploads', 'front_door', name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
}

describe('a privacy mask on a camera that sends', () => {
  it('covers its stills before anybody has them', async () => {
    await send('a.jpg', await jpegFile(1280, 720))
    await until('the picture', () => seen.length >= 2)
    assert.ok(Math.max(...seen) <= DARK, String(Math.max(...seen)))
  })

  it('covers its clips, those that are kept too', async () => {
    seen.length = 0
    await send('b.mp4', await clipFile(3))
    const folder = join(box.dataDir, 'media', 'buffer', camera.id)
    const names = await until('the recording', async () => {
      const found = await readdir(folder).catch(() => [])
      return found.length > 0 && seen.length > 5 && found
    })
    assert.ok(Math.max(...seen) <= DARK)
    assert.deepEqual(
      names.filter((name) => !name.endsWith('.masked.ts')),
      [],
    )
    const size = { width: 320, height: 180 }
    const args = ['-v', 'error', '-i', join(folder, String(names[0])), '-vf', 'scale=320:180', '-frames:v', '1']
    const data = execFileSync('ffmpeg', [...args, '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'])
    assert.ok(brightestOnTheLeft({ ...size, data }) <= DARK)
    assert.ok(Math.max(...data) > 100, 'the other half is still there')
  })
})
