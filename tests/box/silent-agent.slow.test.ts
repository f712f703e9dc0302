// A box whose host agent takes the call and says nothing: neither the page nor the end of Lares may wait for it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import { startProduct } from '../harness/product.ts'

test('J1 J8 the page answers while the agent is silent, and a stop in that moment is an orderly one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lares-silent-'))
  const calls: Socket[] = []
  const agent = createServer((socket) => void calls.push(socket.on('error', () => undefined)))
  const socketPath = join(folder, 'agent.sock')
  await once(agent.listen(socketPath), 'listening')
  const product = await startProduct({ env: { LARES_HOST_SOCKET: socketPath } })
  try {
    for (let tries = 0; tries < 200 && calls.length === 0; tries++) await soon(20)
    assert.ok(calls.length > 0, 'it was asked')
    const client = product.client()
    await client.must('GET', '/api/live')
    assert.equal(await product.stop(), 0)
    assert.doesNotMatch(product.output(), /Could not stop/)
  } finally {
    await product.stop()
    for (const socket of calls) socket.destroy()
    agent.close()
    rmSync(folder, { recursive: true })
  }
})
