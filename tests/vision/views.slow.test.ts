import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { CameraView } from '../../appliance/src/api/views.ts'
import { createBus } from '../../appliance/src/core/bus.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import { VIEW_WATCH } from '../../appliance/src/vision/settings.ts'
import { viewRoutes } from '../../appliance/src/vision/view/view-routes.ts'
import { createViews } from '../../appliance/src/vision/view/views.ts'
import { createFakeClock } from '../fakes/clock.ts'
import { callRoute, fakePrincipal } from '../fakes/routes.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { TROUBLE_AT_S, troubleClip } from '../fakes/truth/trouble.ts'

const CAMERA = '01900000-0000-7000-8000-0000000000c1'
const CLIP = [...troubleClip('turned far', 101, 120)].map(({ frame }) => ({ ...frame, cameraId: CAMERA }))

async function startViews(t: TestContext, database?: TestDatabase) {
  const own = database ?? (await openTestDatabase())
  const bus = createBus<Events>(silentLog())
  const settings = createFakeSettings()
  const raised = new Map<string, { title: string; link: string | null }>()
  const events: CameraView[] = []
  const recorded: string[] = []
  bus.on('camera.view-changed', 'test', (view) => void events.push(view))
  const views = createViews({
    ...{ database: own, clock: createFakeClock(), log: silentLog(), bus, settings },
    notices: { raise: (notice) => void raised.set(notice.id, notice), clear: (id) => void raised.delete(id) },
    cameraName: (id) => (id === CAMERA ? 'Front door' : null),
    recordChange: async (_, what) => void recorded.push(what),
  })
  await views.start()
  if (!database) t.after(() => own.close())
  const post = (id: string, cameras?: ReadonlySet<string>) =>
    callRoute<CameraView>(viewRoutes(views), 'POST', `/api/cameras/${id}/view`, {
      principal: { ...fakePrincipal('ada'), ...(cameras && { cameras }) },
    })
  return { views, database: own, raised, events, recorded, settings, post }
}

test('how a camera looked outlives the box: one that was turned meanwhile is told after the start', async (t) => {
  const first = await startViews(t)
  for (const frame of CLIP.slice(0, 50)) first.views.see(frame)
  await first.views.stop()
  const second = await startViews(t, first.database)
  for (const frame of CLIP.slice(TROUBLE_AT_S)) second.views.see(frame)
  assert.equal(second.raised.get(`camera-view.${CAMERA}`)?.title, 'Front door shows another view')
  assert.deepEqual(
    second.events.map(({ state }) => state),
    ['moved'],
  )
  await second.views.stop()
  assert.equal(second.raised.size, 0, 'a box that stops leaves nothing standing')
})

test('the owner says it is the new view: recorded, kept, and over; strangers cannot', async (t) => {
  const { views, raised, recorded, post, database } = await startViews(t)
  await assert.rejects(post(CAMERA), /sends no pictures/)
  for (const frame of CLIP) views.see(frame)
  await assert.rejects(post(CAMERA, new Set()), /no such camera/)
  await assert.rejects(post('01900000-0000-7000-8000-0000000000c2'), /no such camera/)
  assert.equal(raised.size, 1)
  assert.equal((await post(CAMERA)).state, 'fine')
  assert.deepEqual([raised.size, recorded], [0, [`camera-view:${CAMERA}`]])
  assert.equal((await database.reader.selectFrom('camera_views').selectAll().execute()).length, 1)
})

test('switched off it tells nothing and takes back what it told; a removed camera is forgotten', async (t) => {
  const { views, raised, settings, events, database } = await startViews(t)
  for (const frame of CLIP) views.see(frame)
  await settings.set(VIEW_WATCH, false)
  assert.deepEqual([raised.size, events.at(-1)?.state, views.list()], [0, 'fine', []])
  for (const frame of CLIP) views.see(frame)
  assert.deepEqual(views.list(), [])
  views.forget(CAMERA)
  for (let i = 0; i < 200; i++) {
    if ((await database.reader.selectFrom('camera_views').selectAll().execute()).length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail('its picture is still there')
})

test('a damaged row is as good as none', async (t) => {
  const first = await startViews(t)
  const row = { camera_id: CAMERA, tint: 'gray', width: 80, height: 45, picture: 'AAAA', updated_at: 1 }
  await first.database.writer
    .insertInto('camera_views')
    .values({ ...row, structure: 1, sharpness: 1 })
    .execute()
  const second = await startViews(t, first.database)
  for (const frame of CLIP.slice(0, 50)) second.views.see(frame)
  assert.deepEqual(second.views.list(), [{ cameraId: CAMERA, state: 'fine', since: null }])
})
