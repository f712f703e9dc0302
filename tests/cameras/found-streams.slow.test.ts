import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import { drawnClip } from '../fakes/clip.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { addCamera, cameraOf, startBox, until, type Box } from './box.ts'

let file: string
let rtsp: RtspServer

before(async () => {
  file = await drawnClip({ width: 1_280, height: 720, seconds: 5 })
  rtsp = await startRtspServer({
    file,
    subFile: await drawnClip({ width: 640, height: 360, seconds: 5, what: 'still' }),
  })
})
after(() => rtsp.stop())

const untilStream = (box: Box, id: string, detection: 'main' | 'sub'): Promise<Camera> =>
  until(
    `the ${detection} stream`,
    async () => {
      const camera = await cameraOf(box, id)
      return camera.streams?.detection === detection && camera.state === 'live' ? camera : null
    },
    30_000,
  )
const searches = (box: Box): number =>
  box.logLines.filter((line) => /Starting.*\(small\?\)|\(small\?\).*Starting/.test(line)).length
const kept = (box: Box) => box.database.reader.selectFrom('camera_found_streams').selectAll().execute()

it('a smaller stream that was found is used at the next start without a search, and forgotten when it is gone', async () => {
  let box = await startBox()
  const { dataDir } = box
  try {
    const { id } = await addCamera(box, { kind: 'rtsp', url: `${rtsp.url}1` })
    await untilStream(box, id, 'sub')
    assert.equal(searches(box), 1)
    const [row] = await until('the row', async () => ((await kept(box)).length === 1 ? kept(box) : null))
    assert.deepEqual([row?.camera_id, row?.nth], [id, 0])
    await box.stop()

    box = await startBox({ dataDir })
    const again = await untilStream(box, id, 'sub')
    assert.match(again.streams?.why ?? '', /found this smaller stream.*Tapo/)
    assert.equal(searches(box), 0, 'nothing was searched')
    assert.ok(!box.logLines.some((line) => /wanted for something else/.test(line)), 'the main one was never decoded')
    await box.stop()

    // Switched off while Lares was not there.
    rtsp.sub.setThere(false)
    box = await startBox({ dataDir })
    const without = await untilStream(box, id, 'main')
    await until('it to be forgotten', async () => (await kept(box)).length === 0, 30_000)
    await until('a new search', () => searches(box) > 0)
    assert.ok(!without.problem)
    // Another address is another camera: what was found for the old one does not count.
    rtsp.sub.setThere(true)
    const changed = await box.ask(`/api/cameras/${id}`, {
      method: 'PATCH',
      send: { source: { kind: 'rtsp', url: `${rtsp.url}1?a=1` } },
    })
    assert.equal(changed.status, 200, changed.text)
    await untilStream(box, id, 'sub')
    await until('it to be kept', async () => (await kept(box))[0]?.main_address.endsWith('?a=1'))
    assert.equal((await box.ask(`/api/cameras/${id}`, { method: 'DELETE' })).status, 200)
    assert.deepEqual(await kept(box), [])
  } finally {
    await box.remove()
  }
})
