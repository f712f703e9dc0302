import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import type { Host, WireguardSetup, WireguardStatus } from '../../appliance/src/host/index.ts'
import { createTunnel } from '../../appliance/src/remote-access/tunnel.ts'

const SETUP = { peers: [] } as unknown as WireguardSetup

/** An agent that counts how often it had to be started. */
function tunnelOver(status: { running: boolean; fails?: boolean }) {
  const asked: string[] = []
  const host: Host = {
    about: () => Promise.reject(new Error('Nobody asks that here.')),
    can: async (feature) => (asked.push(`can ${feature}`), true),
    async call(command) {
      asked.push(command)
      if (status.fails) throw new LaresError('unavailable', 'The agent is silent.')
      if (command === 'wireguard.apply') status.running = true
      if (command === 'wireguard.stop') status.running = false
      return { running: status.running, peers: [] } as unknown as WireguardStatus as never
    },
  }
  const notices = { raise: () => undefined, clear: () => undefined }
  return { tunnel: createTunnel({ host, log: silentLog(), notices }), asked, status }
}

test('SEC-C6 a tunnel that is off and known to be off is not asked for again: each time would start the agent', async () => {
  const { tunnel, asked } = tunnelOver({ running: false })
  await tunnel.reconcile(null)
  assert.ok(asked.length > 0)
  asked.length = 0
  for (let minute = 0; minute < 5; minute++) await tunnel.reconcile(null)
  assert.deepEqual(asked, [])
})

test('SEC-C6 one that runs although it should not is stopped, and only then left alone', async () => {
  const { tunnel, asked, status } = tunnelOver({ running: true })
  await tunnel.reconcile(null)
  assert.equal(status.running, false)
  await tunnel.reconcile(null)
  asked.length = 0
  await tunnel.reconcile(null)
  assert.deepEqual(asked, [])
})

test('SEC-C6 an agent that does not answer is asked again, and so is one after a change', async () => {
  const { tunnel, asked, status } = tunnelOver({ running: false, fails: true })
  await tunnel.reconcile(null)
  asked.length = 0
  await tunnel.reconcile(null)
  assert.ok(asked.length > 0)
  delete status.fails
  await tunnel.reconcile(null)
  await tunnel.apply(SETUP)
  await tunnel.apply(null)
  asked.length = 0
  await tunnel.reconcile(null)
  assert.ok(asked.includes('wireguard.status'))
})
