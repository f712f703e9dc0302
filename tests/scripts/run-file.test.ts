import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { runFile } from '../../scripts/testing/run-file.mjs'

const folder = mkdtempSync(join(tmpdir(), 'runner-'))
after(() => rmSync(folder, { recursive: true, force: true }))

interface Outcome {
  outcome: string
  name: string
  failure?: string
}

async function outcomesOf(name: string, source: string): Promise<Outcome[]> {
  const file = join(folder, `${name}.test.ts`)
  writeFileSync(
    file,
    `import { test, describe } from 'node:test'\nimport assert from 'node:assert/strict'\n${source}\n`,
  )
  const { tests } = await runFile(file)
  return tests as Outcome[]
}

/** Ended, whether or not somebody has collected it yet. */
function isGone(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

describe('a test file', () => {
  test('is counted test by test, without its suites and without parents that failed with their child', async () => {
    const outcomes = await outcomesOf(
      'counted',
      `describe('lamp', () => {
         test('shines', () => {})
         test('is off', { skip: true }, () => {})
         test('switches', async (t) => { await t.test('on', () => assert.equal(1, 2)) })
       })`,
    )
    assert.deepEqual(
      outcomes.map(({ outcome, name }) => `${outcome}: ${name}`),
      ['passed: lamp › shines', 'skipped: lamp › is off', 'failed: lamp › switches › on'],
    )
    assert.match(outcomes[2]?.failure ?? '', /1 !== 2/)
  })

  test('that ends in the middle of a test has failed', async () => {
    const outcomes = await outcomesOf('ends', `test('a', () => process.exit(0)); test('b', () => {})`)
    assert.ok(
      outcomes.some(({ outcome }) => outcome === 'failed'),
      JSON.stringify(outcomes),
    )
  })

  test('that is killed has failed', async () => {
    const outcomes = await outcomesOf('killed', `test('a', () => process.kill(process.pid, 'SIGKILL'))`)
    assert.match(outcomes.at(-1)?.failure ?? '', /SIGKILL/)
  })

  test('that cannot be read has failed', async () => {
    const outcomes = await outcomesOf('unreadable', `import './nowhere.ts'`)
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome),
      ['failed'],
    )
  })

  test('with no test in it has failed', async () => {
    const outcomes = await outcomesOf('empty', `console.log('nothing to see')`)
    assert.deepEqual(
      outcomes.map(({ failure }) => failure),
      ['has no test in it'],
    )
  })

  test('takes with it what it left running', async () => {
    const note = join(folder, 'pid')
    await outcomesOf(
      'leaves',
      `import { spawn } from 'node:child_process'
       import { writeFileSync } from 'node:fs'
       test('a', () => {
         const child = spawn('sleep', ['600'], { stdio: 'ignore' })
         writeFileSync(${JSON.stringify(note)}, String(child.pid))
         child.unref()
       })`,
    )
    const pid = Number(readFileSync(note, 'utf8'))
    assert.ok(isGone(pid), `process ${pid} still runs`)
  })
})
