// What a privacy mask promises, by pixels: the real product, a real RTSP camera, real people. A magenta board stands where
// nobody shall look; wherever a single piece of it is found, the promise is broken.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { Incident, IncidentDetail, IncidentsReply } from '../../appliance/src/api/incidents.ts'
import type { CameraZones } from '../../appliance/src/api/zones.ts'
import { walkInClip } from '../fakes/clip.ts'
import { startPushService, type PushService } from '../fakes/push-service.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { sharedData, startProduct, type Product } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'
import type { HttpsClient } from '../harness/https-client.ts'

/** The board, in fractions; the mask is a polygon around it. */
const BOARD = { x: 0.06, y: 0.06, width: 0.16, height: 0.2 }
const SHAPE = [
  { x: 0.03, y: 0.05 },
  { x: 0.25, y: 0.03 },
  { x: 0.27, y: 0.28 },
  { x: 0.05, y: 0.3 },
]
const NOTHING = { zones: [], lines: [], ignored: [], motionMasks: [], privacyMasks: [], limits: [] }

interface Pixels {
  width: number
  height: number
  rgb: Uint8Array
}

const isMagenta = (r: number, g: number, b: number): boolean => r > 150 && b > 150 && g < 100

function magentaIn({ rgb }: Pixels): number {
  let found = 0
  for (let at = 0; at < rgb.length; at += 3)
    if (isMagenta(rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number)) found++
  return found
}

/** The brightest of the three colours, on average, over the inside of the board. */
function brightnessOfBoard({ width, height, rgb }: Pixels): number {
  let [sum, count] = [0, 0]
  for (let y = Math.ceil(BOARD.y * height); y < (BOARD.y + BOARD.height) * height; y++)
    for (let x = Math.ceil(BOARD.x * width); x < (BOARD.x + BOARD.width) * width; x++) {
      const at = (y * width + x) * 3
      sum += Math.max(rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number)
      count++
    }
  return sum / count
}

async function pixelsOf(jpeg: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(jpeg).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

/** Every picture of a video file. */
function picturesOf(file: string): Pixels[] {
  const [width, height] = [320, 240]
  const args = ['-v', 'error', '-i', file, '-vf', `scale=${width}:${height}:flags=neighbor`, '-pix_fmt', 'rgb24']
  const bytes = execFileSync('ffmpeg', [...args, '-f', 'rawvideo', 'pipe:1'], { maxBuffer: 1_000_000_000 })
  const size = width * height * 3
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, n) => ({
    ...{ width, height, rgb: bytes.subarray(n * size, (n + 1) * size) },
  }))
}

function assertHidden(pictures: readonly Pixels[], what: string): void {
  assert.ok(pictures.length > 0, `${what} has no pictures`)
  for (const picture of pictures) {
    assert.equal(magentaIn(picture), 0, `${what} shows the board`)
    assert.ok(brightnessOfBoard(picture) < 24, `${what} is not black there`)
  }
}

async function boardClip(folder: string): Promise<string> {
  const file = join(folder, 'board.mp4')
  const { x, y, width, height } = BOARD
  const board = `drawbox=x=iw*${x}:y=ih*${y}:w=iw*${width}:h=ih*${height}:color=magenta:t=fill`
  const video = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '15', '-pix_fmt', 'yuv420p']
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', await walkInClip(), '-vf', board, ...video, file])
  return file
}

async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, limitMs = 60_000): Promise<T> {
  const endAt = Date.now() + limitMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > endAt) throw new Error(`Waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

describe('a privacy mask: nothing that is kept, shown or sent shows what it hides', { timeout: 240_000 }, () => {
  let folder: string
  let dataDir: string
  let push: PushService
  let rtsp: RtspServer
  let product: Product
  let client: HttpsClient
  let camera: Camera
  let maskedAt = 0

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lares-mask-'))
    dataDir = join(folder, 'data')
    push = await startPushService()
    rtsp = await startRtspServer({ file: await boardClip(folder) })
    const model = sharedData('models/yolox_nano_416.onnx')
    product = await startProduct({
      dataDir,
      env: { LARES_PUSH_CA: push.rootFile, ...(model && { LARES_MODEL: model }) },
    })
    client = product.client()
    await setUpHome(client, product.setupCode ?? '')
    const { endpoint, keys } = push.subscribe()
    await client.must('POST', '/api/push/targets', { endpoint, keys })
  })
  after(async () => {
    await product?.stop()
    await rtsp?.stop()
    await push?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const still = async (): Promise<Pixels | null> => {
    const answer = await client.call('GET', `/api/cameras/${camera.id}/still.jpg`)
    return answer.status === 200 ? pixelsOf(answer.body) : null
  }
  const segments = async (): Promise<string[]> => {
    const buffer = join(dataDir, 'media', 'buffer', camera.id)
    return existsSync(buffer) ? (await readdir(buffer)).map((name) => join(buffer, name)) : []
  }
  /** The first one that began after the mask was drawn. */
  const incident = async (): Promise<Incident | undefined> => {
    const { incidents } = await client.must<IncidentsReply>('GET', '/api/incidents')
    return incidents.find(({ openedAt, snapshot }) => openedAt > maskedAt && snapshot !== null)
  }

  it('without a mask the board is there: in the picture and in what is recorded', async () => {
    const source = { kind: 'rtsp', url: rtsp.url }
    camera = await client.must<Camera>('POST', '/api/cameras', { name: 'Front door', source })
    const shown = await until('a picture', still)
    assert.ok(magentaIn(shown) > 100)
    const recorded = await until('a whole segment', async () =>
      (await segments()).length > 1 ? await segments() : null,
    )
    assert.ok(picturesOf(recorded[0] as string).some((picture) => magentaIn(picture) > 100))
  })

  it('once it is saved, live pictures are black there and what was recorded without it is gone', async () => {
    const privacyMasks = [{ name: 'Board', shape: SHAPE }]
    const saved = await client.must<CameraZones>('PUT', `/api/cameras/${camera.id}/zones`, {
      ...{ ...NOTHING, privacyMasks, revision: 0 },
    })
    maskedAt = Date.now()
    assert.equal(saved.revision, 1)
    assert.deepEqual(
      (await segments()).filter((name) => !name.endsWith('.masked.ts')),
      [],
    )
    assertHidden([await until('a masked picture', still)], 'the first live picture')
  })

  it('incident pictures, what a notification shows, recorded segments and the clip are black there too', async () => {
    const found = await until('an incident', incident)
    const pushed = await until('its push', async () =>
      push.received.map((one) => JSON.stringify(push.read(one))).find((text) => text.includes(found.id)),
    )
    const picture = /\/[^"\\]*\.jpg[^"\\]*/.exec(pushed)?.[0]
    assert.ok(picture, `no picture in ${pushed}`)
    assertHidden([await pixelsOf((await product.client().call('GET', picture)).body)], 'the picture of the push')
    for (let looks = 0; looks < 5; looks++) {
      const shown = await still()
      if (shown) assertHidden([shown], 'a live picture')
      for (const file of await segments()) assert.ok(file.endsWith('.masked.ts'), `${file} was copied`)
      await new Promise((resolve) => setTimeout(resolve, 700))
    }
    const whole = (await segments()).slice(0, -1)
    for (const file of whole) assertHidden(picturesOf(file), file)
    assert.ok(whole.length >= 2)
    const ended = await until(
      'its clip',
      async () => {
        const detail = await client.must<IncidentDetail>('GET', `/api/incidents/${found.id}`)
        return detail.clip.state === 'ready' ? detail : null
      },
      150_000,
    )
    const { snapshot } = ended
    assert.ok(snapshot && ended.clip.state === 'ready')
    assertHidden([await pixelsOf((await client.call('GET', snapshot.url)).body)], 'the picture of the incident')
    const file = join(dataDir, 'media', 'incidents', found.id.slice(0, 4), `${found.id}.mp4`)
    assertHidden(picturesOf(file), 'the clip')
  })

  it('whatever lies in the media folder is black there: every picture of it', async () => {
    const all = await readdir(join(dataDir, 'media', 'incidents'), { recursive: true })
    for (const name of all.filter((each) => /\.jpg$/.test(each))) {
      const picture = await sharp(join(dataDir, 'media', 'incidents', name)).toBuffer()
      const isLater = !(await isBefore(name))
      if (isLater) assertHidden([await pixelsOf(picture)], name)
    }
  })

  /** Of an incident that began before the mask was drawn. */
  async function isBefore(name: string): Promise<boolean> {
    const { incidents } = await client.must<IncidentsReply>('GET', '/api/incidents')
    const found = incidents.find(({ id }) => name.includes(id))
    return found !== undefined && found.openedAt <= maskedAt
  }
})
