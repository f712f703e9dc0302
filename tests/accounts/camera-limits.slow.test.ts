import assert from 'node:assert/strict'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { WebSocket, type RawData } from 'ws'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { Incident, IncidentsReply } from '../../appliance/src/api/incidents.ts'
import type { Permission } from '../../appliance/src/api/permissions.ts'
import type { ServerMessage } from '../../appliance/src/api/stream.ts'
import type { Health, Notice } from '../../appliance/src/api/system.ts'
import { createAudit } from '../../appliance/src/audit/index.ts'
import { createCameras } from '../../appliance/src/cameras/index.ts'
import { createBus } from '../../appliance/src/core/bus.ts'
import { systemClock as clock } from '../../appliance/src/core/clock.ts'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import type { Part } from '../../appliance/src/core/part.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import { createHealth, createNotices } from '../../appliance/src/health/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { createIncidents } from '../../appliance/src/incidents/index.ts'
import { insertIncident, setClip } from '../../appliance/src/incidents/store.ts'
import { createMedia } from '../../appliance/src/media/index.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { setUpOwner, startAccess, type Access } from './access.ts'
import { codeOf } from './factors.ts'
import { addCamera, addGuest, makeRole, type Guest } from './household.ts'
import { CAMERA_PORTS } from '../fakes/camera-ports.ts'

const VIEW = ['cameras.view', 'cameras.edit', 'incidents.view', 'incidents.review', 'system.view'] as const

/** The routes that show cameras, on cameras that are switched off: no stream is opened. */
async function startWatching(
  database: TestDatabase,
  dataDir: string,
): Promise<{ parts: Part[]; routes: Route[]; raise(notice: Notice): void }> {
  const log = silentLog()
  const bus = createBus<Events>(log)
  const notices = createNotices({ bus, clock })
  const media = createMedia({ dataDir, ffmpeg: 'ffmpeg', clock, log, notices })
  const secretBox = createSecretBox(Buffer.alloc(32, 3))
  const settings = createFakeSettings()
  const ground = { dataDir, settings, database, secretBox, clock, log, bus, notices, media }
  const cameras = createCameras({ ...ground, ...CAMERA_PORTS })
  const recording = { cutClip: () => Promise.reject(new TypeError('No clips here')) }
  const audit = createAudit({ database, clock, log })
  const incidents = createIncidents({ database, recording, cameras, media, settings, audit, clock, log, bus })
  const health = createHealth({ notices, clock, version: '1.2.3', parts: () => [] })
  const parts = [cameras, incidents]
  for (const part of parts) await part.start()
  const routes = [...cameras.routes, ...incidents.routes, ...health.routes]
  return { parts, routes, raise: (notice) => notices.raise(notice) }
}

/** One that is over, with picture and clip. */
async function addIncident(
  database: TestDatabase,
  dataDir: string,
  camera: { id: string; name: string },
): Promise<string> {
  const id = newId(clock.now())
  const file = `${id}.jpg`
  await writeFile(join(dataDir, 'media', file), 'picture')
  const picture = { file, width: 1, height: 1, takenAt: 1, boxes: [] }
  await insertIncident(database.writer, {
    ...{ id, camera, partOf: null, openedAt: clock.now(), lastSeenAt: clock.now() },
    ...{ classes: new Map(), tracks: new Map(), zonesBefore: [] },
    ...{ snapshot: picture, pictureQuality: 0, better: null, clip: { state: 'recording' } },
  })
  await setClip(database.writer, id, { state: 'ready', file, startsAt: 1, durationMs: 1 })
  return id
}

/** What a test writes past the writer is put into the index of the lists a moment later. */
async function untilListed(browser: HttpsClient): Promise<void> {
  const end = clock.monotonic() + 30_000
  while ((await browser.must<IncidentsReply>('GET', '/api/incidents')).incidents.length === 0) {
    assert.ok(clock.monotonic() < end, 'an incident is listed')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

describe('SEC-A10 who sees only some cameras', () => {
  let at: Access
  let watching: Awaited<ReturnType<typeof startWatching>>
  let [yard, attic, yardIncident, atticIncident] = ['', '', '', '']
  let owner: HttpsClient
  let lim: Guest

  before(async () => {
    const database = await openTestDatabase()
    const dataDir = await mkdtemp(join(tmpdir(), 'lares-limits-'))
    await mkdir(join(dataDir, 'media'))
    ;[yard, attic] = [await addCamera(database, 'Yard'), await addCamera(database, 'Attic')]
    watching = await startWatching(database, dataDir)
    at = await startAccess({ again: { database, dataDir }, routes: watching.routes })
    owner = (await setUpOwner(at)).browser
    yardIncident = await addIncident(database, dataDir, { id: yard, name: 'Yard' })
    atticIncident = await addIncident(database, dataDir, { id: attic, name: 'Attic' })
    const role = await makeRole(owner, 'Watcher', VIEW)
    lim = await addGuest(at, owner, { username: 'lim', role: role.id, cameras: [yard] })
    await untilListed(lim.browser)
  })
  after(async () => {
    for (const part of watching.parts.toReversed()) await part.stop()
    await at.stop()
  })

  test('lists hold nothing of the others, and count nothing of them', async () => {
    const cameras = async (browser: HttpsClient): Promise<string[]> =>
      (await browser.must<{ cameras: Camera[] }>('GET', '/api/cameras')).cameras.map(({ id }) => id)
    assert.deepEqual(await cameras(lim.browser), [yard])
    assert.equal((await cameras(owner)).length, 2)
    const page = await lim.browser.must<IncidentsReply>('GET', '/api/incidents')
    assert.deepEqual([page.incidents.map(({ id }) => id), page.unreviewed], [[yardIncident], 1])
    const asked = await lim.browser.must<IncidentsReply>('GET', `/api/incidents?camera=${attic}`)
    assert.deepEqual([asked.incidents, asked.nextCursor], [[], null])
    assert.equal((await owner.must<IncidentsReply>('GET', '/api/incidents')).unreviewed, 2)
    const sightFor = (permission: Permission) => at.accounts.sightOf(at.database.reader, lim.user.id, permission)
    assert.deepEqual(await sightFor('incidents.view'), { cameras: new Set([yard]) })
    assert.equal(await sightFor('users.edit'), null)
  })

  test('a known address is 404, exactly as if there were nothing', async () => {
    const nothing = newId(1)
    const calls = (camera: string, incident: string): [string, string, unknown?][] => [
      ['GET', `/api/cameras/${camera}`],
      ['GET', `/api/cameras/${camera}/still.jpg`],
      ['PATCH', `/api/cameras/${camera}`, { name: 'Mine' }],
      ['DELETE', `/api/cameras/${camera}`],
      ['GET', `/api/incidents/${incident}`],
      ['GET', `/api/incidents/${incident}/snapshot.jpg`],
      ['GET', `/api/incidents/${incident}/clip.mp4`],
      ['PUT', `/api/incidents/${incident}/review`, { feedback: 'false' }],
    ]
    const absent = calls(nothing, nothing)
    for (const [index, call] of calls(attic, atticIncident).entries()) {
      const answer = await lim.browser.call(...call)
      const reference = await lim.browser.call(...(absent[index] ?? call))
      assert.equal(answer.status, 404, call.join(' '))
      const [{ message, error_code }, nowhere] = [answer.json(), reference.json()]
      assert.deepEqual({ message, error_code }, { message: nowhere.message, error_code: nowhere.error_code })
    }
    for (const call of calls(yard, yardIncident).filter(
      ([method, path]) => method === 'GET' && !path.endsWith('still.jpg'),
    ))
      assert.equal((await lim.browser.call(...call)).status, 200, call.join(' '))
    const untouched = await owner.must<Incident>('GET', `/api/incidents/${atticIncident}`)
    assert.equal(untouched.feedback, null)
    assert.equal((await owner.must<Camera>('GET', `/api/cameras/${attic}`)).name, 'Attic')
  })

  test('they change what they see, and add nothing that they could not see', async () => {
    await lim.browser.must('PATCH', `/api/cameras/${yard}`, { name: 'Garden' })
    await lim.browser.must('PUT', `/api/incidents/${yardIncident}/review`, { feedback: 'expected' })
    const source = { kind: 'file', path: '/nowhere.mp4' }
    const added = await lim.browser.call('POST', '/api/cameras', { name: 'New', source })
    assert.deepEqual([added.status, codeOf(added)], [403, 'BEYOND_YOUR_OWN'])
  })

  test('notices about the others are not shown, on the page as in the stream', async () => {
    const notice = (id: string, link: string | null): Notice => ({
      ...{ id, level: 'problem', title: `About ${id}`, detail: '', since: 1, link },
    })
    const all = [notice('yard', `/cameras/${yard}`), notice('attic', `/cameras/${attic}`), notice('disk', null)]
    for (const each of all) watching.raise(each)
    const seen = async (browser: HttpsClient): Promise<string[]> =>
      (await browser.must<Health>('GET', '/api/health')).notices.map(({ id }) => id).sort()
    assert.deepEqual(await seen(lim.browser), ['disk', 'yard'])
    assert.deepEqual(await seen(owner), ['attic', 'disk', 'yard'])
    const [limited, whole] = [await listen(at, lim.browser), await listen(at, owner)]
    const camera = await owner.must<Camera>('GET', `/api/cameras/${attic}`)
    const incident = await owner.must<Incident>('GET', `/api/incidents/${atticIncident}`)
    at.bus.emit('camera.changed', camera)
    at.bus.emit('incident.changed', { change: 'updated', incident })
    at.bus.emit('notices.changed', { notices: all })
    at.bus.emit('camera.removed', { id: attic })
    at.bus.emit('camera.changed', { ...camera, id: yard })
    const names = ['camera.changed', 'incident.changed', 'notices.changed', 'camera.removed', 'camera.changed']
    assert.deepEqual(
      (await whole.until(5)).map(({ name }) => name),
      names,
    )
    const heard = await limited.until(2)
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['notices.changed', 'camera.changed'],
    )
    assert.ok(!JSON.stringify(heard).includes(attic))
    for (const { socket } of [limited, whole]) socket.terminate()
  })

  test('a changed limit closes the open page, and holds from the next sign-in', async () => {
    const page = await listen(at, lim.browser)
    const startedAt = performance.now()
    await owner.must('PATCH', `/api/people/${lim.user.id}`, { cameras: [] })
    await at.clock.advance(1_000)
    assert.equal(await page.closed, 4001)
    assert.ok(performance.now() - startedAt < 1_000)
    assert.equal((await lim.browser.call('GET', '/api/cameras')).status, 401)
  })
})

type Heard = Extract<ServerMessage, { type: 'event' }>

interface Listening {
  socket: WebSocket
  closed: Promise<number>
  until(count: number): Promise<Heard[]>
}

/** An open page of that browser. */
async function listen(at: Access, browser: HttpsClient): Promise<Listening> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const url = `${at.origin.replace('https', 'wss')}/api/stream`
  const socket = new WebSocket(url, { ca: at.tls.rootPem(), headers: { cookie, origin: at.origin } })
  const heard: Heard[] = []
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  let look = (): void => undefined
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data: RawData) => {
      const message = JSON.parse((data as Buffer).toString()) as ServerMessage
      if (message.type === 'hello') resolve()
      if (message.type === 'event') heard.push(message)
      look()
    })
  })
  const until = (count: number): Promise<Heard[]> =>
    new Promise((resolve) => {
      look = () => {
        if (heard.length >= count) resolve(heard)
      }
      look()
    })
  return { socket, closed, until }
}
