import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { isWorking } from '../../appliance/src/cameras/starved.ts'
import { Patience, SilenceCount } from '../../appliance/src/cameras/patience.ts'

function afterPictures(
  everyMs: number,
  count = 50,
  patience = new Patience(),
  startMs = 0,
): { patience: Patience; atMs: number } {
  for (let n = 0; n < count; n++) patience.saw(startMs + n * everyMs)
  return { patience, atMs: startMs + (count - 1) * everyMs }
}

it('SIGHT a stream at five pictures a second is silent after less than a second, a slow one later', () => {
  const fast = afterPictures(200)
  assert.equal(fast.patience.limitMs(fast.atMs), 800)
  const slow = afterPictures(1_000)
  assert.equal(slow.patience.limitMs(slow.atMs), 2_500)
})

it('SIGHT each new beginning doubles the patience, once it has shown a picture; ten calm minutes end that', () => {
  const { patience, atMs } = afterPictures(200)
  patience.spent()
  assert.equal(patience.limitMs(atMs + 1_000), 800, 'during the silence itself nothing changes')
  for (const expected of [1_600, 3_200, 6_400, 8_000]) {
    patience.spent()
    patience.beginAnew()
    patience.saw(atMs)
    assert.equal(patience.limitMs(atMs), expected)
  }
  assert.equal(patience.limitMs(atMs + 11 * 60_000), 800)
})

it('SIGHT the pause before the first picture of a connection says nothing about its pace', () => {
  const { patience, atMs } = afterPictures(200)
  patience.beginAnew()
  patience.saw(atMs + 9_000)
  assert.equal(patience.limitMs(atMs + 9_000), 800)
})

it('SIGHT a time in which Lares itself stood still is no silence of a camera', () => {
  const count = new SilenceCount(0, 200)
  assert.equal(count.look(200, 100), 100)
  assert.equal(count.look(5_200, 100), 500, 'five seconds passed between two looks')
  assert.equal(count.look(5_400, 5_300), 100, 'a picture came')
  assert.equal(count.look(5_600, 5_300), 300)
})

it('SIGHT a process that works is told from one that sleeps, is stopped, or is gone', async () => {
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
  const idle = spawn('sleep', ['60'], { stdio: 'ignore' })
  try {
    await wait(300)
    assert.equal(isWorking(busy.pid ?? 0), true)
    assert.equal(isWorking(idle.pid ?? 0), false)
    busy.kill('SIGSTOP')
    // The signal is taken when the process has its turn, which on a busy machine may be later.
    for (let look = 0; look < 100 && isWorking(busy.pid ?? 0); look++) await wait(50)
    assert.equal(isWorking(busy.pid ?? 0), false)
    assert.equal(isWorking(2 ** 30), false)
  } finally {
    busy.kill('SIGKILL')
    idle.kill('SIGKILL')
  }
})
