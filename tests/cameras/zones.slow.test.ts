// Zones and masks behind the real door: database, cameras, HTTPS.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { CameraZones, ZoneName } from '../../appliance/src/api/zones.ts'
import { drawnClip } from '../fakes/clip.ts'
import { person, tokenOf } from '../http/harness.ts'
import { addCamera, startBox, until, type Box } from './box.ts'

const SQUARE = [
  { x: 0.1, y: 0.1 },
  { x: 0.4, y: 0.1 },
  { x: 0.4, y: 0.5 },
  { x: 0.1, y: 0.5 },
]
const DRIVE = { name: 'Drive', kind: 'drive', colour: '#35a7ff', shape: SQUARE }
const NOTHING = { zones: [], lines: [], ignored: [], motionMasks: [], privacyMasks: [], limits: [] }

describe('zones of a camera, over the API', () => {
  let box: Box
  let camera: Camera
  let other: Camera

  before(async () => {
    box = await startBox()
    camera = await addCamera(box, { kind: 'file', path: await drawnClip() }, 'Front door')
    other = await addCamera(box, { kind: 'file', path: await drawnClip() }, 'Garden')
    box.server.people.set(tokenOf('vera'), person('vera', ['cameras.view'], { cameras: new Set([other.id]) }))
    box.server.people.set(
      tokenOf('ed'),
      person('ed', ['cameras.view', 'cameras.edit'], { cameras: new Set([other.id]) }),
    )
  })
  after(() => box.remove())

  const path = (): string => `/api/cameras/${camera.id}/zones`
  const read = async (): Promise<CameraZones> => (await box.ask(path())).json() as unknown as CameraZones
  const draw = (change: object, as = 'olga') => box.ask(path(), { method: 'PUT', as, send: { ...NOTHING, ...change } })

  it('there are none at first; what is drawn is there after a restart of the part, with ids', async () => {
    assert.deepEqual(await read(), { ...NOTHING, revision: 0 })
    const reply = await draw({ zones: [DRIVE], lines: [{ name: 'Gate', from: SQUARE[0], to: SQUARE[2] }], revision: 0 })
    assert.equal(reply.status, 200, reply.text)
    const saved = await read()
    assert.deepEqual(saved.zones, [{ ...DRIVE, id: saved.zones[0]?.id, inertiaLooks: 3, loiterS: 0 }])
    await box.zones.stop()
    await box.zones.start()
    assert.deepEqual(await read(), saved)
    const names = (await box.ask('/api/zones')).json() as unknown as { zones: ZoneName[] }
    assert.deepEqual(
      names.zones.map(({ name, cameraId, kind }) => [name, cameraId, kind]),
      [
        ['Drive', camera.id, 'drive'],
        ['Gate', camera.id, 'entry'],
      ],
    )
  })

  it('a second change keeps the ids; of two people at once the second is told', async () => {
    const before = await read()
    const [drive] = before.zones
    const renamed = { ...drive, name: 'Drive way' }
    const reply = await draw({ zones: [renamed], revision: before.revision })
    assert.equal(reply.status, 200, reply.text)
    assert.equal((await read()).zones[0]?.id, drive?.id)
    const late = await draw({ revision: before.revision })
    assert.deepEqual([late.status, (late.json() as { error_code: string }).error_code], [409, 'CHANGED_MEANWHILE'])
    assert.equal((await read()).zones.length, 1)
  })

  it('what is wrong with a drawing is said, and changes nothing', async () => {
    const before = await read()
    const bowTie = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]
    const cases: [object, number, string][] = [
      [{ zones: [{ ...DRIVE, shape: bowTie }] }, 400, 'SHAPE_CROSSES_ITSELF'],
      [{ zones: [DRIVE, DRIVE] }, 400, 'NAME_TAKEN'],
      [{ zones: [{ ...DRIVE, shape: SQUARE.slice(0, 2) }] }, 400, 'VALIDATION_FAILED'],
      [{ privacyMasks: [{ name: '', shape: SQUARE }] }, 400, 'VALIDATION_FAILED'],
      [{ anything: 1 }, 400, 'VALIDATION_FAILED'],
    ]
    for (const [change, status, code] of cases) {
      const reply = await draw({ revision: before.revision, ...change })
      assert.deepEqual([reply.status, (reply.json() as { error_code: string }).error_code], [status, code])
    }
    assert.deepEqual(await read(), before)
  })

  it('SEC-A10 who does not see the camera sees and changes none of it; who only looks changes nothing', async () => {
    const { revision } = await read()
    for (const as of ['vera', 'ed']) assert.equal((await box.ask(path(), { as })).status, 404)
    assert.equal((await draw({ revision }, 'ed')).status, 404)
    assert.equal((await draw({ revision }, 'vera')).status, 403)
    assert.deepEqual(((await box.ask('/api/zones', { as: 'ed' })).json() as { zones: unknown[] }).zones, [])
    assert.equal((await read()).revision, revision)
  })

  it('each change is recorded, with counts and no shapes; listeners hear whether a mask changed', async () => {
    const { revision } = await read()
    await draw({ privacyMasks: [{ name: 'Neighbour', shape: SQUARE }], revision })
    const rows = await box.database.reader
      .selectFrom('audit')
      .selectAll()
      .where('type', '=', 'camera_zones_changed')
      .execute()
    const last = rows.at(-1)
    assert.equal(last?.resource, `camera:${camera.id}`)
    assert.match(last.details ?? '', /"privacyMasks":1,"masksChanged":true/)
    assert.ok(!last.details?.includes('0.1'))
    const heard = box.events.filter(({ name }) => name === 'camera.zones-changed').at(-1)
    assert.deepEqual(heard?.payload, { id: camera.id, masksChanged: true })
    assert.equal((await box.ask(`/api/cameras/${'0'.repeat(8)}-0000-7000-8000-000000000000/zones`)).status, 404)
  })

  it('kept where the owner says so: what was recorded before stays, and no clip joins the two', async () => {
    const names = async (): Promise<string[]> => box.media.folder.list(`buffer/${camera.id}`)
    await until('masked segments', async () => (await names()).some((name) => name.endsWith('.masked.ts')))
    const { revision } = await read()
    assert.equal((await draw({ revision, recorded: 'keep' })).status, 200)
    await until('copied segments', async () => (await names()).filter((name) => !name.includes('masked')).length > 2)
    assert.ok((await names()).some((name) => name.endsWith('.masked.ts')))
    const toMs = Date.now() - 1_000
    const clip = await box.recording.cutClip({
      cameraId: camera.id,
      fromMs: toMs - 20_000,
      toMs,
      file: 'incidents/x.mp4',
    })
    assert.ok(clip.durationMs > 1_000)
  })

  it('goes with its camera', async () => {
    await draw({ zones: [DRIVE], revision: (await read()).revision })
    await box.ask(`/api/cameras/${camera.id}`, { method: 'DELETE' })
    assert.deepEqual(box.zones.all(), [])
    for (const table of ['camera_zones', 'camera_zone_settings'] as const)
      assert.equal((await box.database.reader.selectFrom(table).selectAll().execute()).length, 0)
  })
})
