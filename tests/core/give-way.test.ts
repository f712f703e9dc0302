import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { giveWay } from '../../appliance/src/core/give-way.ts'

test('work is waited for until the signal, its failure is told, and no listener stays', async () => {
  const stopping = new AbortController()
  for (let round = 0; round < 20; round++) await giveWay(Promise.resolve(), stopping.signal)
  await assert.rejects(giveWay(Promise.reject(new Error('No.')), stopping.signal), /No\./)
  assert.equal(getEventListeners(stopping.signal, 'abort').length, 0)
  const waiting = giveWay(new Promise(() => undefined), stopping.signal)
  stopping.abort()
  await waiting
  await giveWay(new Promise(() => undefined), stopping.signal)
})
