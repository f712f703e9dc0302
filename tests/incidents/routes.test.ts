import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { incidentDetail, incidentsReply, type Incident } from '../../appliance/src/api/incidents.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { person, startServer, tokenOf, type Ask, type Harness, type Reply } from '../http/harness.ts'
import { CAMERA_ID, startLife, type Life } from './life.ts'

let life: Life
let server: Harness
const ask = (path: string, options: Ask = {}): Promise<Reply> =>
  server.ask(path, { as: 'olga', headers: { origin: `https://127.0.0.1:${server.port}` }, ...options })

before(async () => {
  life = await startLife()
  server = await startServer(life.incidents.routes, { dataDir: life.dataDir })
  server.people.set(tokenOf('olga'), person('olga', ['incidents.view', 'incidents.review']))
  for (let n = 0; n < 7; n++) {
    life.see({
      id: `track-${n}`,
      class: n % 3 === 0 ? 'car' : 'person',
      box: { x: n * 0.1, y: 0.1, width: 0.1, height: 0.2 },
    })
    await life.pass(35)
  }
})
after(async () => {
  await server.stop()
  await life.remove()
})

async function page(query: string): Promise<ReturnType<typeof incidentsReply.parse>> {
  const reply = await ask(`/api/incidents${query}`)
  assert.equal(reply.status, 200, reply.text)
  return incidentsReply.parse(reply.json())
}

describe('the list', () => {
  it('comes in pages, newest first, every incident once', async () => {
    const seen: Incident[] = []
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null; pages++) {
      assert.ok(pages < 5)
      const reply: Awaited<ReturnType<typeof page>> = await page(`?limit=3${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...reply.incidents)
      cursor = reply.nextCursor
      assert.equal(reply.unreviewed, 7)
    }
    assert.equal(new Set(seen.map((each) => each.id)).size, 7)
    const times = seen.map((each) => each.openedAt)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    )
  })

  it('is filtered by class, camera and review', async () => {
    assert.equal((await page('?class=car')).incidents.length, 3)
    assert.equal((await page('?class=bus')).incidents.length, 0)
    assert.equal((await page(`?camera=${CAMERA_ID}&class=person`)).incidents.length, 4)
    assert.equal((await page(`?camera=${newId(0)}`)).incidents.length, 0)
    assert.equal((await page('?reviewed=yes')).incidents.length, 0)
  })

  it('refuses a cursor it did not give, and other nonsense', async () => {
    for (const query of [
      '?cursor=nonsense',
      "?cursor=' or 1=1",
      '?limit=0',
      '?limit=1000',
      '?class=ghost',
      '?colour=red',
      '?class=',
      '?class=car,ghost',
      `?q=${'x'.repeat(201)}`,
      '?from=yesterday',
      '?band=terrible',
    ]) {
      const reply = await ask(`/api/incidents${encodeURI(query)}`)
      assert.equal(reply.status, 400, query)
      assert.equal(reply.json()['error_code'], 'VALIDATION_FAILED')
    }
  })
})

describe('one incident', () => {
  it('has its track, picture and clip; the clip comes in ranges', async () => {
    const { incidents } = await page('?limit=1')
    const detail = incidentDetail.parse((await ask(`/api/incidents/${incidents[0]?.id}`)).json())
    assert.equal(detail.tracks.length, 1)
    const picture = await ask(detail.snapshot?.url ?? '')
    assert.deepEqual([picture.status, picture.headers['content-type']], [200, 'image/jpeg'])
    assert.deepEqual([...picture.bytes.subarray(0, 2)], [0xff, 0xd8])
    assert.ok(detail.clip.state === 'ready')
    const part = await ask(detail.clip.url, { headers: { range: 'bytes=2-5' } })
    assert.deepEqual([part.status, part.text, part.headers['content-range']], [206, 'clip', 'bytes 2-5/6'])
    assert.equal(part.headers['content-type'], 'video/mp4')
  })

  it('that does not exist is 404 everywhere', async () => {
    const id = newId(0)
    for (const path of [`/api/incidents/${id}`, `/api/incidents/${id}/clip.mp4`, `/api/incidents/${id}/snapshot.jpg`]) {
      assert.equal((await ask(path)).status, 404)
    }
    const review = await ask(`/api/incidents/${id}/review`, { method: 'PUT', send: { feedback: 'false' } })
    assert.equal(review.status, 404)
  })

  it('SEC-A10 is for those who may see incidents only; its picture also opens with a signed link', async () => {
    const { incidents } = await page('?limit=1')
    const id = incidents[0]?.id ?? ''
    for (const path of ['', `/${id}`, `/${id}/clip.mp4`, `/${id}/snapshot.jpg`]) {
      assert.equal((await ask(`/api/incidents${path}`, { as: 'otto' })).status, 403)
      assert.equal((await server.ask(`/api/incidents${path}`)).status, 401)
    }
    const path = `/api/pictures/incidents/${id}.jpg`
    const signed = server.signer.sign(path, 60_000)
    assert.equal((await server.ask(signed)).status, 200)
    assert.ok([401, 403].includes((await server.ask(path)).status))
    const other = incidents[0] && signed.replace(id, newId(1))
    assert.ok([401, 403].includes((await server.ask(other ?? '')).status))
  })
})
