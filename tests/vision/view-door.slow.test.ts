// The way of a covered camera through the real doors: a drawn clip over RTSP, ffmpeg, vision, own health, the outbox.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { CameraView } from '../../appliance/src/api/views.ts'
import { createOwnHealth } from '../../appliance/src/alerts/index.ts'
import { createAudit } from '../../appliance/src/audit/index.ts'
import { createCameras } from '../../appliance/src/cameras/index.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { createHardware } from '../../appliance/src/hardware/index.ts'
import { createNotices } from '../../appliance/src/health/index.ts'
import { createMedia } from '../../appliance/src/media/index.ts'
import { createVision } from '../../appliance/src/vision/index.ts'
import { atEnd, startAlertsHome, until } from '../alerts/harness.ts'
import { CAMERA_PORTS } from '../fakes/camera-ports.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { callRoute, fakePrincipal } from '../fakes/routes.ts'
import { startRtspServer } from '../fakes/rtsp-server.ts'
import { troubleClip } from '../fakes/truth/trouble.ts'

/** Pictures of the drawn clip, which are a second apart, come five times a second. */
const HASTE = 5
const log = silentLog()

function sprayedClip(folder: string): string {
  const raw = join(folder, 'sprayed.yuv')
  const file = join(folder, 'sprayed.mp4')
  writeFileSync(raw, Buffer.concat([...troubleClip('sprayed', 101, 160)].map(({ frame }) => frame.data)))
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', '640x360', '-r', '5', '-i', raw]
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-bf', '0', '-g', '5', '-pix_fmt', 'yuv420p']
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...input, ...coding, file])
  rmSync(raw)
  return file
}

test('a camera that is sprayed is in the outbox within a minute, on its page, and can be told its new view', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lares-view-'))
  atEnd(t, async () => rmSync(folder, { recursive: true, force: true }))
  const clock = createHastyClock(HASTE)
  const home = await startAlertsHome({ clock, asleep: true })
  atEnd(t, () => home.stop())
  await home.subscribe()
  const { database, bus, settings, alerts } = home
  const notices = createNotices({ bus, clock })
  const audit = createAudit({ database, clock, log })
  const camera = await startRtspServer({ file: sprayedClip(folder) })
  atEnd(t, () => camera.stop())
  const media = createMedia({ dataDir: folder, ffmpeg: 'ffmpeg', clock, log, notices })
  const cameras = createCameras({
    ...{ ...CAMERA_PORTS, dataDir: folder, settings },
    database,
    secretBox: createSecretBox(Buffer.alloc(32)),
    clock,
    log,
    bus,
    notices,
    media,
  })
  const recorded: string[] = []
  const vision = createVision({
    ...{ clock, log, bus, settings, notices, database, dataDir: folder, hardware: createHardware({ root: folder }) },
    workerFile: new URL('../fakes/detector-worker.ts', import.meta.url),
    defaultModelFile: join(folder, 'default.onnx'),
    cameraName: (id) => cameras.peek(id)?.name ?? null,
    recordChange: async (_, what) => void recorded.push(what),
  })
  const ownHealth = createOwnHealth({
    ...{ database, dataDir: folder, clock, log, bus, notices, settings, audit, queueNotice: alerts.queueNotice },
    modes: { state: () => ({ mode: 'away', since: 0, by: { cause: 'first', name: null }, next: null }) },
    isCameraLive: () => true,
    findPlug: () => Promise.reject(new Error('There are no plugs here.')),
    clockTrusted: () => true,
  })
  cameras.onFrame((frame) => vision.see(frame))
  for (const part of [media, vision, cameras, ownHealth]) {
    await part.start()
    atEnd(t, () => part.stop())
  }
  await vision.startLate()
  const { id } = await cameras.create({ name: 'Front door', source: { kind: 'rtsp', url: camera.url } })
  const view = async (): Promise<CameraView | undefined> =>
    (await ask<{ views: CameraView[] }>('GET', '/api/camera-views')).views.find(({ cameraId }) => cameraId === id)
  const ask = <T>(method: string, path: string): Promise<T> =>
    callRoute<T>(vision.routes, method, path, { principal: fakePrincipal('ada') })
  await until('it is covered', async () => (await view())?.state === 'covered', 60_000)
  assert.ok(notices.list().some(({ title }) => title === 'Front door is covered'))
  // In a time that runs five times as fast a busy machine can be late enough for "sends no pictures" as well.
  const told = async (): Promise<string[]> =>
    (await database.reader.selectFrom('alert_notices').select(['title']).execute()).map(({ title }) => title)
  await until('that is in the outbox', async () => (await told()).includes('Front door is covered'), 10_000)
  assert.equal((await told()).filter((title) => title === 'Front door is covered').length, 1)
  assert.ok((await home.outbox()).length > 0)
  assert.equal((await ask<CameraView>('POST', `/api/cameras/${id}/view`)).state, 'fine')
  assert.deepEqual(recorded, [`camera-view:${id}`])
  assert.equal(
    notices.list().some(({ title }) => title === 'Front door is covered'),
    false,
  )
  const kept = await database.reader.selectFrom('camera_views').select(['camera_id', 'width', 'height']).execute()
  assert.deepEqual(kept, [{ camera_id: id, width: 80, height: 45 }])
})
