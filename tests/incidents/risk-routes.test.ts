import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../../appliance/src/core/ids.ts'
import { expectation, expectationsReply, languageStatus } from '../../appliance/src/api/risk.ts'
import { llmUrl } from '../../appliance/src/incidents/risk/settings.ts'
import { person, startServer, tokenOf, type Ask, type Harness, type Reply } from '../http/harness.ts'
import { CAMERA_ID, DRIVE_ID, startLife, until, type Life } from './life.ts'

let life: Life
let server: Harness
const ask = (path: string, options: Ask = {}): Promise<Reply> =>
  server.ask(path, { as: 'olga', headers: { origin: `https://127.0.0.1:${server.port}` }, ...options })

before(async () => {
  life = await startLife()
  server = await startServer(life.incidents.routes, { dataDir: life.dataDir })
  server.people.set(tokenOf('olga'), person('olga', ['incidents.view', 'system.view', 'system.edit']))
  const viewer = person('vera', ['incidents.view'])
  server.people.set(tokenOf('vera'), { ...viewer, cameras: new Set([CAMERA_ID]) })
})
after(async () => {
  await server.stop()
  await life.remove()
})

const courier = {
  ...{ name: 'Courier', who: 'visitor', classes: ['person'], cameras: null, weekdays: ['wednesday'] },
  ...{ from: '11:00', to: '13:00', enabled: true },
}

describe('expected visitors', () => {
  it('are added, counted at once for what is seen then, changed and removed', async () => {
    const reply = await ask('/api/expectations', { method: 'POST', send: courier })
    assert.equal(reply.status, 200, reply.text)
    const added = expectation.parse(reply.json())
    // The clock of the test stands at Wednesday noon, UTC.
    life.see({})
    await life.quiet()
    const [incident] = await life.all()
    assert.ok(incident)
    const factors = (await life.incidents.get(incident.id)).assessment?.factors ?? []
    assert.ok(factors.some(({ code, words, points }) => code === 'expected' && words.includes('Courier') && points < 0))
    const change = { ...courier, name: 'Couriers', weekdays: ['sunday', 'monday'] }
    const changed = await ask(`/api/expectations/${added.id}`, { method: 'PUT', send: change })
    assert.deepEqual(expectation.parse(changed.json()).weekdays, ['monday', 'sunday'])
    assert.equal((await ask(`/api/expectations/${added.id}`, { method: 'DELETE' })).status, 200)
    assert.equal((await ask(`/api/expectations/${added.id}`, { method: 'DELETE' })).status, 404)
    assert.deepEqual((await ask('/api/expectations')).json()['expectations'], [])
  })

  it('that cannot be change nothing', async () => {
    for (const wrong of [{ from: '25:00' }, { weekdays: [] }, { classes: ['ghost'] }, { name: ' ' }])
      assert.equal((await ask('/api/expectations', { method: 'POST', send: { ...courier, ...wrong } })).status, 400)
    assert.deepEqual((await ask('/api/expectations')).json()['expectations'], [])
  })

  it('are seen by whoever may see their cameras, and changed by who runs the box', async () => {
    await ask('/api/expectations', { method: 'POST', send: { ...courier, name: 'Drive', cameras: [DRIVE_ID] } })
    await ask('/api/expectations', { method: 'POST', send: { ...courier, name: 'Door', cameras: [CAMERA_ID] } })
    const seen = expectationsReply.parse((await ask('/api/expectations', { as: 'vera' })).json())
    assert.deepEqual(
      seen.expectations.map(({ name }) => name),
      ['Door'],
    )
    assert.equal((await ask('/api/expectations', { as: 'vera', method: 'POST', send: courier })).status, 403)
  })
})

describe('the language model', () => {
  it('is shown to the owner with what it is told, and why it is not asked', async () => {
    const none = languageStatus.parse((await ask('/api/risk/language')).json())
    assert.deepEqual([none.configured, none.problem, none.waiting], [false, null, 0])
    assert.match(none.system, /help a household/)
    await life.settings.set(llmUrl, 'http://192.168.77.1:8080')
    const refused = languageStatus.parse((await ask('/api/risk/language')).json())
    assert.match(refused.problem ?? '', /another machine/)
    life.seeOn(DRIVE_ID, {})
    await life.quiet()
    const [incident] = await life.all()
    const read = async () => (await life.incidents.get(incident?.id ?? '')).assessment
    await until(life, 500, async () => (await read())?.language.state !== 'waiting')
    const assessment = await read()
    assert.match(assessment?.language.problem ?? '', /another machine/)
    assert.deepEqual([assessment?.by, assessment?.language.state], ['rules', 'failed'])
    await life.settings.set(llmUrl, '')
  })

  it('says so when it was not asked about an incident, and nothing of one that somebody may not see', async () => {
    const [incident] = await life.all()
    const path = `/api/incidents/${incident?.id ?? ''}/prompt`
    assert.equal((await ask(path)).status, 404)
    assert.equal((await ask(path, { as: 'vera' })).status, 403)
    assert.equal((await ask(`/api/incidents/${newId(1)}/prompt`)).status, 404)
  })
})
