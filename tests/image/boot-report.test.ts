import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { renderPage } from '../image-boot/report-page.ts'
import { loadResults, saveResults, whyNot, type Results } from '../image-boot/results.ts'
import { SCENARIOS } from '../image-boot/scenarios/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-test-boot-report-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const results: Results = {
  imageSha256: 'ab'.repeat(32),
  imageName: 'lares.img',
  scenarios: {
    boots: { state: 'passed', facts: ['75 s.', 'One | two'], tookS: 80.4, at: '2026-11-29T01:40:00.000Z' },
    update: { state: 'failed', facts: ['Not within 300 s:\nconsole'], tookS: 300, at: '2026-11-29T01:50:00.000Z' },
  },
  boots: [
    { partition: 2, tryboot: false, ending: 'power cut', wasRepeated: false, systemdS: 21.6, httpsS: 75.2 },
    { partition: 3, tryboot: true, ending: 'reset', wasRepeated: true, systemdS: null, httpsS: null },
  ],
  figures: { exposure: 1.9 },
}
const scenarios = [
  { id: 'boots', title: 'It boots' },
  { id: 'update', title: 'It is updated' },
  { id: 'reset', title: 'It is reset' },
]

describe('The page of the image test', () => {
  const page = renderPage({ results, scenarios, conditions: { emulator: 'QEMU 10' } })

  it('says of every scenario what became of it, also that it did not run', () => {
    assert.match(page, /1 of 3 scenarios passed, 1 failed, 1 did not run/)
    assert.ok(page.includes('| It boots | passed | 80 | 2026-11-29 01:40 | 75 s. One \\| two |'))
    assert.ok(page.includes('| It is updated | **failed** | 300 | 2026-11-29 01:50 | Not within 300 s: console |'))
    assert.ok(page.includes('| It is reset | not run | | | not tried with this image |'))
  })

  it('lists every boot, with what was not measured left empty', () => {
    assert.ok(page.includes('| 1 | 2 |  | 22 | 75 | power cut |'))
    assert.ok(page.includes('| 2 | 3 | yes |  |  | reset (the emulator had stalled: begun again) |'))
  })

  it('tells the conditions', () => assert.match(page, /- emulator: QEMU 10/))
})

describe('The results of the image test', () => {
  it('are those of the same image, or none', () => {
    const file = join(folder, 'deep', 'results.json')
    saveResults(file, results)
    assert.deepEqual(loadResults(file, { sha256: results.imageSha256, name: 'lares.img' }), results)
    const other = loadResults(file, { sha256: 'cd'.repeat(32), name: 'other.img' })
    assert.deepEqual(other, {
      imageSha256: 'cd'.repeat(32),
      imageName: 'other.img',
      scenarios: {},
      boots: [],
      figures: {},
    })
  })

  it('hold a scenario back whose ground failed or never ran', () => {
    assert.equal(whyNot(['boots'], results.scenarios), null)
    assert.match(whyNot(['boots', 'update', 'reset'], results.scenarios) ?? '', /update and reset/)
  })
})

describe('The scenarios of the image test', () => {
  it('have names of their own, and build only upon earlier ones', () => {
    const ids = SCENARIOS.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    for (const { id, after: ground } of SCENARIOS)
      for (const each of ground)
        assert.ok(ids.indexOf(each) !== -1 && ids.indexOf(each) < ids.indexOf(id), `${id} after ${each}`)
  })

  it('cover what the issue asks for', () => {
    const ids = new Set(SCENARIOS.map(({ id }) => id))
    const wanted = [
      'first-boot',
      'setup-page',
      'setup',
      'plug',
      'unsigned-refused',
      'update',
      'broken-update',
      'factory-reset-by-page',
      'factory-reset-by-file',
      'encrypted-data',
    ]
    for (const id of wanted) assert.ok(ids.has(id), id)
    assert.ok([...ids].filter((id) => id.startsWith('power-cut')).length >= 3)
  })
})
