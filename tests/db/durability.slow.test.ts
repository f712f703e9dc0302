import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createLog, silentLog } from '../../appliance/src/core/log.ts'
import { lockInstance, openDatabase } from '../../appliance/src/db/index.ts'
import type { LaresError } from '../../appliance/src/core/errors.ts'

const CHILD = fileURLToPath(new URL('writer-process.ts', import.meta.url))
const ROUNDS = 5

/** Lets a process write and acknowledge rows, kills it in the middle, and returns the last number it acknowledged. */
async function writeUntilKilled(file: string, lock: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, file, lock], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  while (!text.includes('\n')) await once(child.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await once(child, 'close')
  const whole = text.slice(0, text.lastIndexOf('\n')).split('\n')
  return Number(whole.at(-1))
}

describe('a power cut', () => {
  test('kill -9 while writing: nothing acknowledged is lost, the file is whole, the lock is free', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lares-durable-'))
    const [file, lock] = [join(folder, 'lares.db'), join(folder, 'lock')]
    try {
      let acknowledged = 0
      for (let round = 0; round < ROUNDS; round++) {
        acknowledged = await writeUntilKilled(file, lock, 60 + round * 35)
        const lines: string[] = []
        const log = createLog({ destination: { write: (line) => void lines.push(line) } })
        const again = await lockInstance(lock, folder)
        const database = await openDatabase({ file, log })
        const rows = await database.reader.selectFrom('settings').select('updated_at').execute()
        const numbers = new Set(rows.map((row) => row.updated_at))
        for (let number = 1; number <= acknowledged; number++)
          assert.ok(numbers.has(number), `${number} of ${acknowledged} is lost`)
        assert.ok(
          lines.some((line) => line.includes('the database is whole')),
          'the crash was noticed',
        )
        await database.close()
        await again.release()
        assert.deepEqual(
          (await readdir(folder)).filter((name) => name.endsWith('-wal')),
          [],
          'a clean stop leaves no WAL',
        )
      }
      assert.ok(acknowledged > ROUNDS)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('two servers never share a data folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lares-lock-'))
    const lock = join(folder, 'lock')
    const child = spawn(process.execPath, [CHILD, join(folder, 'lares.db'), lock], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(child.stdout, 'data')
      await assert.rejects(
        lockInstance(lock, folder),
        (error: LaresError) => error.code === 'DATA_IN_USE' && error.message.includes(folder),
      )
    } finally {
      child.kill('SIGKILL')
      await once(child, 'close')
      await rm(folder, { recursive: true, force: true })
    }
  })
})

test('after a clean stop nothing is checked again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lares-clean-'))
  try {
    const file = join(folder, 'lares.db')
    await (await openDatabase({ file, log: silentLog() })).close()
    const lines: string[] = []
    await (
      await openDatabase({ file, log: createLog({ destination: { write: (line) => void lines.push(line) } }) })
    ).close()
    assert.deepEqual(lines, [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
