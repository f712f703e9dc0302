import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sleep, systemClock } from '../../appliance/src/core/clock.ts'
import { createFakeClock } from '../fakes/clock.ts'

describe('the fake clock', () => {
  test('runs timers in the order they fall due, with promises settled between', async () => {
    const clock = createFakeClock()
    const ran: string[] = []
    clock.after(200, () => ran.push(`b ${clock.monotonic()}`))
    clock.after(100, () => {
      ran.push(`a ${clock.monotonic()}`)
      void Promise.resolve().then(() => clock.after(50, () => ran.push(`c ${clock.monotonic()}`)))
    })
    clock.after(300, () => ran.push('later'))
    const cancel = clock.after(120, () => ran.push('never'))
    cancel()
    await clock.advance(200)
    assert.deepEqual(ran, ['a 100', 'c 150', 'b 200'])
    assert.deepEqual(clock.pending(), [100])
  })

  test('sleeps end by time or by signal', async () => {
    const clock = createFakeClock()
    const stop = new AbortController()
    const woke: string[] = []
    void sleep(clock, 1_000).then(() => woke.push('time'))
    void sleep(clock, 9_000, stop.signal).then(() => woke.push('signal'))
    await clock.advance(1_000)
    stop.abort()
    await clock.advance(0)
    assert.deepEqual(woke, ['time', 'signal'])
    assert.deepEqual(clock.pending(), [])
  })

  test('the wall clock may jump, the monotonic one does not', async () => {
    const clock = createFakeClock(1_000)
    await clock.advance(500)
    clock.setWallClock(0)
    assert.equal(clock.now(), 0)
    assert.equal(clock.monotonic(), 500)
    await clock.advance(10)
    assert.equal(clock.now(), 10)
  })

  test('the real one agrees about what a clock is', async () => {
    const before = systemClock.monotonic()
    await sleep(systemClock, 20)
    assert.ok(systemClock.monotonic() - before >= 15)
    assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000)
  })
})
