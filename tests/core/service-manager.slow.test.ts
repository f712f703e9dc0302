import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { createServiceManager } from '../../appliance/src/core/service-manager.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-notify-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const log = createLog({ level: 'silent', destination: process.stderr })

/** systemd's end of the socket: prints what it is told, a line each. Node has no such sockets, hence Python. */
const LISTENER = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    words, fds, _, _ = socket.recv_fds(s, 4096, 4)
    for fd in fds: os.close(fd)
    print(words.decode().replace("\\n", " "), flush=True)
`

async function listen(name: string) {
  const socket = join(folder, name)
  const child = spawn('python3', ['-c', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  assert.equal(await next(), 'bound')
  /** The next word that is no barrier of systemd-notify's own. */
  const heard = async (): Promise<string> => {
    const words = await next()
    return words.startsWith('BARRIER=1') ? heard() : words.trim()
  }
  return { socket, heard, end: () => child.kill() }
}

test('SEC-F2 systemd hears that Lares is ready, that it is well, and that it stops', async () => {
  const ear = await listen('well')
  const env = { NOTIFY_SOCKET: ear.socket, WATCHDOG_USEC: '600000' }
  // systemd-notify takes the socket from its environment, as under systemd.
  process.env.NOTIFY_SOCKET = ear.socket
  try {
    const manager = createServiceManager({ clock: systemClock, log, env, isWell: async () => undefined })
    await manager.ready()
    assert.match(await ear.heard(), /READY=1/)
    assert.equal(await ear.heard(), 'WATCHDOG=1')
    assert.equal(await ear.heard(), 'WATCHDOG=1')
    await manager.stopping()
    let last = await ear.heard()
    while (last === 'WATCHDOG=1') last = await ear.heard()
    assert.equal(last, 'STOPPING=1')
  } finally {
    delete process.env.NOTIFY_SOCKET
    ear.end()
  }
})

test('SEC-F2 a product that is no longer well says nothing, so that systemd starts it anew', async () => {
  const ear = await listen('unwell')
  process.env.NOTIFY_SOCKET = ear.socket
  try {
    let asked = 0
    const isWell = async (): Promise<void> => {
      if (++asked > 1) throw new Error('The database does not answer.')
    }
    const env = { NOTIFY_SOCKET: ear.socket, WATCHDOG_USEC: '300000' }
    const manager = createServiceManager({ clock: systemClock, log, env, isWell })
    await manager.ready()
    assert.match(await ear.heard(), /READY=1/)
    assert.equal(await ear.heard(), 'WATCHDOG=1')
    const unheard = ear.heard()
    const quiet = new Promise((resolve) => setTimeout(() => resolve('silence'), 1_000))
    assert.equal(await Promise.race([unheard, quiet]), 'silence')
    assert.ok(asked > 1)
    await manager.stopping()
    assert.equal(await unheard, 'STOPPING=1')
  } finally {
    delete process.env.NOTIFY_SOCKET
    ear.end()
  }
})

test('SEC-F2 where no systemd asks, nothing is started', async () => {
  let asked = 0
  const isWell = async (): Promise<void> => void asked++
  const manager = createServiceManager({ clock: systemClock, log, env: {}, isWell })
  await manager.ready()
  await manager.stopping()
  assert.equal(asked, 0)
})
