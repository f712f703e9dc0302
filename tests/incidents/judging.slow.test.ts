import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { incidentDetail, incidentsReply, type IncidentDetail } from '../../appliance/src/api/incidents.ts'
import { UNKNOWN_HOUSE, type HouseContext, type PlugState } from '../../appliance/src/incidents/index.ts'
import { noteWatched } from '../../appliance/src/incidents/risk/baseline-store.ts'
import { person, startServer, tokenOf } from '../http/harness.ts'
import { CAMERA_ID, DRIVE_ID, startLife, type Life } from './life.ts'

const DAY_MS = 86_400_000
let life: Life | null = null
afterEach(async () => {
  await life?.remove()
  life = null
})

const house = (change: Partial<HouseContext>): HouseContext => ({ ...UNKNOWN_HOUSE, ...change })

async function only(on: Life): Promise<IncidentDetail> {
  const [incident, ...others] = await on.all()
  assert.ok(incident)
  assert.deepEqual(others, [])
  return incidentDetail.parse(await on.incidents.get(incident.id))
}

const codes = ({ assessment }: IncidentDetail): string[] => assessment?.factors.map(({ code }) => code) ?? []

describe('an incident is judged', () => {
  it('in its first transaction, with every reason; what the house knows counts', async () => {
    const scores: (number | undefined)[] = []
    life = await startLife({
      house: house({ mode: () => 'away', atHome: () => [] }),
      hooks: [async (_trx, _change, incident) => void scores.push(incident.risk?.score)],
    })
    life.see({})
    await life.quiet()
    const detail = await only(life)
    assert.deepEqual([detail.verdict, detail.risk], ['confirmed', { score: 44, band: 'medium' }])
    assert.deepEqual(codes(detail), ['seen', 'mode'])
    assert.deepEqual(scores, [44], 'the alert knows it')
    assert.equal(detail.assessment?.factors[1]?.words, 'The home is in away mode: nobody should be here.')
  })

  it('anew while it lasts: who stays is judged graver', async () => {
    life = await startLife()
    for (let second = 0; second < 70; second++) {
      life.see({ box: { x: (second % 8) * 0.1, y: 0.4, width: 0.1, height: 0.3 } })
      await life.clock.advance(1_000)
    }
    await life.quiet()
    assert.deepEqual(codes(await only(life)), ['seen', 'dwell'])
  })

  it('that it could not be judged does not keep it from being told, and no score is invented', async () => {
    const opened: unknown[] = []
    const broken = house({ feedbackAdjustment: () => Promise.reject(new Error('the table is gone')) })
    life = await startLife({ house: broken, hooks: [async (_t, change, { risk }) => void opened.push([change, risk])] })
    life.see({})
    await life.quiet()
    const detail = await only(life)
    assert.deepEqual([detail.verdict, detail.risk, detail.assessment?.factors], ['could-not-look', null, []])
    assert.deepEqual(opened, [['opened', null]])
    assert.ok(life.logLines.some((line) => line.includes('the table is gone')))
  })

  it('by what earlier answers change, and never by more than 25', async () => {
    life = await startLife({
      house: house({ feedbackAdjustment: () => Promise.resolve({ points: -80, words: 'Often marked as expected.' }) }),
    })
    life.see({})
    await life.quiet()
    assert.deepEqual((await only(life)).assessment?.factors.at(-1)?.points, -25)
  })

  it('with the plugs of that time beside it, and a light that was switched', async () => {
    const light: PlugState = { id: CAMERA_ID, name: 'Porch light', on: false, powerMw: 0 }
    life = await startLife({ house: house({ plugs: () => [{ ...light }] }) })
    life.see({})
    await life.quiet()
    light.on = true
    for (let second = 0; second < 3; second++) {
      life.see({})
      await life.pass(1)
    }
    const detail = await only(life)
    assert.deepEqual(
      detail.plugs.map(({ name, on }) => [name, on]),
      [
        ['Porch light', false],
        ['Porch light', true],
      ],
    )
    assert.ok(codes(detail).includes('plug'))
  })

  it('by what is usual here, learnt from its own visits once they are enough', async () => {
    life = await startLife()
    await noteWatched(life.database.writer, CAMERA_ID, life.clock.now() - 30 * DAY_MS)
    for (let visit = 0; visit < 11; visit++) {
      life.see({ id: `track-${visit}` })
      await life.pass(32)
    }
    const learnt = await life.database.reader.selectFrom('activity_baselines').select(['class', 'hour']).execute()
    assert.deepEqual(learnt, [{ class: 'person', hour: 12 }], 'one row for the hour')
    await life.clock.advance(14 * 3_600_000)
    life.see({ id: 'at night' })
    await life.quiet()
    const [newest] = await life.all()
    const detail = await life.incidents.get(newest?.id ?? '')
    assert.ok(codes(detail).includes('unusual-hour'), JSON.stringify(detail.assessment))
    assert.ok(codes(detail).includes('night'))
  })

  it('graver when it is the third visit within half an hour', async () => {
    life = await startLife()
    for (let visit = 0; visit < 3; visit++) {
      life.see({ id: `track-${visit}` })
      await life.pass(35)
    }
    const [newest] = await life.all()
    const { assessment } = await life.incidents.get(newest?.id ?? '')
    assert.equal(
      assessment?.factors.find(({ code }) => code === 'repeated')?.words,
      'Here for the third time within half an hour.',
    )
  })
})

it('SEC-A10 whoever may see one camera of a visit sees that part of it and nothing of the others', async () => {
  const on = (life = await startLife({ place: 'Front' }))
  const server = await startServer(on.incidents.routes, { dataDir: on.dataDir })
  try {
    server.people.set(tokenOf('vera'), { ...person('vera', ['incidents.view']), cameras: new Set([CAMERA_ID]) })
    server.people.set(tokenOf('dora'), { ...person('dora', ['incidents.view']), cameras: new Set([DRIVE_ID]) })
    on.seeOn(DRIVE_ID, {})
    await on.pass(3)
    on.seeOn(CAMERA_ID, { id: 'track-2' })
    await on.pass(1)
    const ask = (path: string, as: string) => server.ask(path, { as })
    const listOf = async (as: string) => incidentsReply.parse((await ask('/api/incidents', as)).json())
    const [part] = (await listOf('vera')).incidents
    const [first] = (await listOf('dora')).incidents
    assert.deepEqual([part?.camera.name, first?.camera.name], ['Front door', 'Drive'])
    assert.deepEqual([(await listOf('vera')).unreviewed, (await listOf('dora')).unreviewed], [1, 1])
    const detail = incidentDetail.parse((await ask(`/api/incidents/${first?.id ?? ''}`, 'dora')).json())
    assert.deepEqual(detail.parts, [], 'not even that there is another camera')
    assert.equal((await ask(`/api/incidents/${first?.id ?? ''}`, 'vera')).status, 404)
    assert.equal((await ask(`/api/incidents/${part?.id ?? ''}/snapshot.jpg`, 'dora')).status, 404)
  } finally {
    await server.stop()
  }
})
