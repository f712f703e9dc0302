// A camera's whole way: account made through the API, picture sent by curl, seen by the box; restarts, wrong passwords.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { CameraUploads, FtpPassword, UploadsReply } from '../../appliance/src/api/uploads.ts'
import { createLoginDelays } from '../../appliance/src/accounts/index.ts'
import { ftpEnabled, ftpPort, settleS } from '../../appliance/src/cameras/uploads/settings.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import type { Frame } from '../../appliance/src/media/index.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { NO_FTP } from '../fakes/camera-ports.ts'
import { addCamera, startBox, until, untilState, type Box } from './box.ts'
import { jpegFile } from './upload-files.ts'

const run = promisify(execFile)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function sendByCurl(box: Box, port: number, login: string, name: string): Promise<void> {
  const picture = join(box.dataDir, 'sent.jpg')
  await writeFile(picture, await jpegFile(1280, 720))
  await run('curl', ['-sS', '-u', login, '-T', picture, `ftp://127.0.0.1:${String(port)}/${name}`], { timeout: 20_000 })
}

const frames: Frame[] = []

describe('a camera that sends by FTP', () => {
  it('is off until it is switched on; then the picture is seen at once, also after a restart, once', async (t) => {
    const settings = createFakeSettings()
    const port = await freePort()
    await settings.set(ftpPort, port)
    // A file that has to settle would take a minute: by FTP it does not.
    await settings.set(settleS, 60)
    const failures: (string | null)[] = []
    const ftp = { ...NO_FTP, onFailure: (_: string, cameraId: string | null) => void failures.push(cameraId) }
    let box = await startBox({ settings, ftp })
    t.after(() => box.remove())
    box.cameras.onFrame((frame) => void frames.push(frame))
    const camera = await addCamera(box, { kind: 'upload', folder: 'front_door' })
    const status = async (): Promise<UploadsReply['ftp']> =>
      ((await box.ask('/api/uploads')).json() as unknown as UploadsReply).ftp
    assert.equal((await status()).state, 'off')
    await settings.set(ftpEnabled, true)
    await until('FTP', async () => (await status()).state === 'running')

    const made = await box.ask(`/api/cameras/${camera.id}/ftp-password`, { method: 'POST' })
    const { username, password } = made.json() as unknown as FtpPassword
    assert.equal(username, 'front_door')
    assert.match(password, /^[a-z2-9]{16}$/)
    await assert.rejects(sendByCurl(box, port, `${username}:wrong`, 'a.jpg'), /67|530/)
    await assert.rejects(sendByCurl(box, port, `nobody:${password}`, 'a.jpg'), /67|530/)
    assert.deepEqual(failures, [camera.id, null])
    await sendByCurl(box, port, `${username}:${password}`, 'a.jpg')
    await untilState(box, camera.id, 'live', 8_000)
    assert.ok(!box.logLines.join('').includes(password))

    const renewed = await box.ask(`/api/cameras/${camera.id}/ftp-password`, { method: 'POST' })
    const next = renewed.json() as unknown as FtpPassword
    await assert.rejects(sendByCurl(box, port, `${username}:${password}`, 'b.jpg'), /67|530/)

    // Taken and noted: what was only taken is, rightly, looked at again after the restart.
    await until('the picture noted', async () => {
      const { lastAt } = (await box.ask(`/api/cameras/${camera.id}/uploads`)).json() as unknown as CameraUploads
      return lastAt !== null
    })
    await box.stop()
    const count = frames.length
    box = await startBox({ settings, ftp, dataDir: box.dataDir })
    box.cameras.onFrame((frame) => void frames.push(frame))
    const again = await untilState(box, camera.id, 'live')
    assert.ok(again.lastFrameAt !== null, 'when it sent last is known after a restart')
    await sendByCurl(box, port, `${next.username}:${next.password}`, 'c.jpg')
    await until('the new picture', () => frames.length >= count + 2)
    assert.equal(frames.length, count + 2)
    await box.ask(`/api/cameras/${camera.id}`, { method: 'PATCH', send: { enabled: false } })
    await assert.rejects(sendByCurl(box, port, `${next.username}:${next.password}`, 'd.jpg'), /67|530/)
  })

  it('says so when its port is taken', async (t) => {
    const settings = createFakeSettings()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    await settings.set(ftpPort, (other.address() as { port: number }).port)
    await settings.set(ftpEnabled, true)
    const box = await startBox({ settings })
    t.after(() => box.remove())
    t.after(() => other.close())
    assert.match(box.notices.get('ftp')?.detail ?? '', /is taken by another program/)
    await settings.set(ftpPort, await freePort())
    await until('FTP after all', () => !box.notices.has('ftp'))
  })

  it('waits longer and longer after wrong passwords, as people do', async (t) => {
    const settings = createFakeSettings()
    const port = await freePort()
    await settings.set(ftpPort, port)
    await settings.set(ftpEnabled, true)
    let begin = NO_FTP.beginLogin
    const box = await startBox({ settings, ftp: { ...NO_FTP, beginLogin: (keys) => begin(keys) } })
    t.after(() => box.remove())
    const delays = createLoginDelays({ database: box.database, clock: systemClock, freeFailures: () => 3 })
    begin = (keys) => delays.begin(keys)
    const camera = await addCamera(box, { kind: 'upload', folder: 'front_door' })
    const made = await box.ask(`/api/cameras/${camera.id}/ftp-password`, { method: 'POST' })
    const { username, password } = made.json() as unknown as FtpPassword
    for (let tries = 0; tries < 3; tries++) await assert.rejects(sendByCurl(box, port, `${username}:wrong`, 'a.jpg'))
    await assert.rejects(sendByCurl(box, port, `${username}:${password}`, 'a.jpg'), 'even the right one has to wait')
  })
})
